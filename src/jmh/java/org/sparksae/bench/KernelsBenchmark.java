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
import org.openjdk.jmh.annotations.Warmup;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.model.Activation;
import org.sparksae.core.optim.Adam;

/** The loops around the products, over a tile [512, columns] or a vector of as many floats. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelsBenchmark {
  private static final int ROWS = 512;

  @Param({"25", "196", "1024"})
  private int columns;

  private DenseRows x;
  private DenseRows y;
  private DenseRows out;
  private float[] vector;
  private double[] sums;
  private float[] parameters;
  private float[] gradient;
  private Adam adam;

  /** Makes the operands. */
  @Setup(Level.Trial)
  public void makeOperands() {
    int size = ROWS * columns;
    x = DenseRows.of(BenchData.uniform(ROWS, columns).rows(), ROWS, columns);
    y = DenseRows.of(BenchData.uniform(ROWS, columns).rows(), ROWS, columns);
    out = DenseRows.zeros(ROWS, columns);
    vector = new float[columns];
    sums = new double[columns];
    parameters = new float[size];
    gradient = BenchData.uniform(ROWS, columns).rows();
    adam = new Adam(0, size);
  }

  /** A bias added to every row. */
  @Benchmark
  public void addToRows() {
    Kernels.addToRows(out, vector, 0);
  }

  /** The error of a reconstruction. */
  @Benchmark
  public void subtract() {
    Kernels.subtract(x, y, out);
  }

  /** A bias gradient. */
  @Benchmark
  public void columnSums() {
    Kernels.addColumnSums(x, vector, 0);
  }

  /** The mean activations of a penalty. */
  @Benchmark
  public void columnSumsInDouble() {
    Kernels.addWeightedColumnSums(x, null, sums, 0);
  }

  /** The value of a squared error. */
  @Benchmark
  public double squaredNorm() {
    return Kernels.squaredNorm(x.values(), 0, ROWS * columns);
  }

  /** An activation; of the same values again and again, which stay in (0, 1). */
  @Benchmark
  public void sigmoid() {
    Activation.SIGMOID.apply(y);
  }

  /** One step of the optimiser over as many parameters. */
  @Benchmark
  public void adam() {
    adam.step(parameters, gradient, Case.STEP_SIZE);
  }
}
