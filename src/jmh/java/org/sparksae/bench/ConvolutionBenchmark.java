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

/** The maps of an image, by taps of whole vectors and by a matrix product of copied windows. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvolutionBenchmark {

  @Param({"conv-28-32", "conv-32-64"})
  private String id;

  private ForwardConvolution forward;

  /** Makes image and weights. */
  @Setup(Level.Trial)
  public void makeOperands() {
    forward = new ForwardConvolution(Case.of(id).convolution());
    forward.check();
  }

  /** The product's way. */
  @Benchmark
  public float[] direct() {
    return forward.direct();
  }

  /** The usual way. */
  @Benchmark
  public float[] im2col() {
    return forward.im2col();
  }
}
