package org.sparksae.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A matrix product [m, 784] x [784, n] through the façade and by {@code cblas_sgemm}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GemmBenchmark {
  private static final int COLUMNS = 784;

  @Param({"1", "32", "256", "2048"})
  private int m;

  @Param({"196", "1024"})
  private int n;

  private FacadeGemm facade;
  private DirectGemm direct;

  /** Makes the matrices. */
  @Setup(Level.Trial)
  public void makeMatrices() {
    facade = new FacadeGemm(m, n, COLUMNS);
    direct = new DirectGemm(m, n, COLUMNS);
  }

  /** Frees what lies outside the heap. */
  @TearDown(Level.Trial)
  public void freeMatrices() {
    direct.close();
  }

  /** The product's way. */
  @Benchmark
  public void facade() {
    facade.step();
  }

  /** The machine's limit. */
  @Benchmark
  public void direct() {
    direct.step();
  }
}
