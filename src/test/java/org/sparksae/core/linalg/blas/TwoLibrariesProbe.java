package org.sparksae.core.linalg.blas;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import java.util.Set;
import java.util.TreeSet;
import org.sparksae.core.linalg.natives.ProcessMemory;

/**
 * A JVM of its own in which MLlib's netlib and this library each load a BLAS, in the order of the
 * arguments; then both multiply, in turn.
 */
final class TwoLibrariesProbe {
  static final String MLLIB = "mllib";
  static final String OURS = "ours";

  /** Begins the line that says which OpenBLAS are loaded. */
  static final String FILES = "files ";

  private static final int SIZE = 70;

  private TwoLibrariesProbe() {}

  public static void main(String[] args) {
    BLAS mllib = null;
    BlasBackend ours = null;
    for (String name : args) {
      if (name.equals(MLLIB)) {
        mllib = systemBlas();
        checkDoubles(mllib);
      } else {
        ours = BlasBackend.get();
        ProductCheck.check(ours.blas());
      }
    }
    if (ours != null) {
      checkDoubles(mllib);
      ProductCheck.check(mllib);
      ProductCheck.check(ours.blas());
      checkDoubles(ours.blas());
      System.out.println("name " + ours.name());
      System.out.println("reason " + ours.reason());
    }
    System.out.println(FILES + openBlasFiles());
  }

  private static BLAS systemBlas() {
    try {
      return NativeBLAS.getInstance();
    } catch (RuntimeException | LinkageError e) {
      System.out.println(FILES + "none: " + e);
      System.exit(0);
      return null;
    }
  }

  /** The files of this process that are an OpenBLAS. */
  private static Set<String> openBlasFiles() {
    Set<String> files = new TreeSet<>();
    for (String file : ProcessMemory.files()) {
      if (file.matches(".*/libopenblas[^/]*")) {
        files.add(file);
      }
    }
    return files;
  }

  /** What MLlib's classifiers call, on values that doubles hold exactly. */
  private static void checkDoubles(BLAS blas) {
    double[] x = new double[SIZE];
    double[] y = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      x[i] = i;
      y[i] = i % 3 - 1;
    }
    double dot = 0;
    for (int i = 0; i < SIZE; i++) {
      dot += x[i] * y[i];
    }
    require("ddot", dot, blas.ddot(SIZE, x, 1, y, 1));
    blas.daxpy(SIZE, 2, x, 1, y, 1);
    for (int i = 0; i < SIZE; i++) {
      require("daxpy", i % 3 - 1 + 2 * i, y[i]);
    }
    double[] c = new double[SIZE * SIZE];
    blas.dgemm("N", "T", SIZE, SIZE, 1, 1, x, 0, SIZE, y, 0, SIZE, 0, c, 0, SIZE);
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        require("dgemm", x[i] * y[j], c[j * SIZE + i]);
      }
    }
  }

  private static void require(String function, double expected, double actual) {
    if (expected != actual) {
      throw new AssertionError(function + " is " + actual + ", must be " + expected);
    }
  }
}
