package org.sparksae.core.linalg.bfloat16;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products.Matrix;

/** One thread for each caller, and many callers. */
class OneDnnThreadsTest {
  private static final String CALLER = "onednn caller ";
  private static final int ROWS = 300;
  private static final int IN = 200;
  private static final int OUT = 500;

  /**
   * The threads of OpenMP, by default one for each core, have the name of the one that starts them.
   */
  @Test
  void aCallUsesItsOwnThreadAlone() throws Exception {
    Bfloat16Products products = OneDnnForTests.products(ElementType.FLOAT32);
    for (int i = 0; i < 3; i++) {
      // A name of its own: the system may still have the thread of the call before.
      String name = CALLER + i;
      FutureTask<Integer> used =
          new FutureTask<>(
              () -> {
                assertEquals(1, threads(name));
                multiply(products, 1);
                return threads(name);
              });
      Thread caller = new Thread(used, name);
      caller.start();
      assertEquals(1, used.get());
      caller.join();
    }
  }

  private static int threads(String name) throws IOException {
    int threads = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        try {
          threads += Files.readString(task.resolve("comm")).strip().equals(name) ? 1 : 0;
        } catch (IOException e) {
          // Another thread, which has ended meanwhile.
          continue;
        }
      }
    }
    return threads;
  }

  @Test
  void callersAtOneTimeDoNotDisturbEachOther() throws Exception {
    Bfloat16Products products = OneDnnForTests.products(ElementType.FLOAT32);
    int callers = 6;
    List<float[]> alone = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      alone.add(multiply(products, i));
    }
    CyclicBarrier start = new CyclicBarrier(callers);
    ExecutorService pool = Executors.newFixedThreadPool(callers);
    try {
      List<Callable<float[]>> calls = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        int seed = i;
        calls.add(
            () -> {
              start.await();
              float[] last = multiply(products, seed);
              for (int repeat = 0; repeat < 20; repeat++) {
                assertArrayEquals(last, multiply(products, seed));
              }
              return last;
            });
      }
      List<Future<float[]>> together = pool.invokeAll(calls);
      for (int i = 0; i < callers; i++) {
        assertArrayEquals(alone.get(i), together.get(i).get());
      }
    } finally {
      pool.shutdown();
    }
  }

  /** A primitive that one thread has made is used by another, after the first has ended. */
  @Test
  void aWorkspaceOutlivesItsThread() throws Exception {
    Bfloat16Products products = OneDnnForTests.products(ElementType.FLOAT32);
    float[] expected = multiply(products, 1);
    for (int i = 0; i < 5; i++) {
      FutureTask<float[]> call = new FutureTask<>(() -> multiply(products, 1));
      Thread caller = new Thread(call);
      caller.start();
      assertArrayEquals(expected, call.get());
      caller.join();
    }
  }

  /** All three products of random matrices, one after the other. */
  private static float[] multiply(Bfloat16Products products, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Matrix x = matrix(products, random, ROWS, IN);
    Matrix w = matrix(products, random, OUT + seed, IN);
    Matrix h = matrix(products, random, ROWS, OUT + seed);
    DenseRows z = DenseRows.zeros(ROWS, OUT);
    products.timesTransposed(x, w, seed, z);
    DenseRows y = DenseRows.zeros(ROWS, IN);
    products.times(h, w, y);
    float[] gradient = new float[(OUT + seed) * IN];
    products.transposedTimes(h, x, ROWS, gradient, 0, 0, OUT + seed, false);
    float[] all = new float[z.values().length + y.values().length + gradient.length];
    System.arraycopy(z.values(), 0, all, 0, z.end());
    System.arraycopy(y.values(), 0, all, z.end(), y.end());
    System.arraycopy(gradient, 0, all, z.end() + y.end(), gradient.length);
    return all;
  }

  private static Matrix matrix(
      Bfloat16Products products, SplittableRandom random, int rows, int columns) {
    DenseRows values = DenseRows.zeros(rows, columns);
    for (int i = 0; i < values.end(); i++) {
      values.values()[i] = (float) random.nextDouble(-1, 1);
    }
    Matrix matrix = products.matrix(rows, columns);
    matrix.round(values, 0);
    return matrix;
  }
}
