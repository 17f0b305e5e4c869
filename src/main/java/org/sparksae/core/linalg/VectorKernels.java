package org.sparksae.core.linalg;

import java.nio.ByteBuffer;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.sparksae.core.Text;

/**
 * The kernels in the Vector API.
 *
 * <p>The last elements of a range, which do not fill a vector, are computed one by one with the
 * same operations as a lane: {@link Math#fma} where the vectors fuse. So the bits of an element do
 * not depend on its position in the range.
 *
 * <p>Only the classes of this package named Vector... use the incubator module. Other code refers
 * only to this one, by name as text, because it does not load without the module.
 */
final class VectorKernels implements KernelProvider {
  static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  static final int LANES = S.length();
  static final int HALF = DOUBLES.length();

  /** A species with as many floats as a vector has doubles. */
  static final VectorSpecies<Float> HALF_FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

  /**
   * Refuses vectors without fused multiply-add, which the JDK would emulate slowly: x86 processors
   * have it from AVX2 on, with 256 bits. Refuses vectors above 512 bits, on which the kernels were
   * never tested.
   */
  VectorKernels() {
    String architecture = System.getProperty("os.arch");
    int needed = architecture.equals("amd64") || architecture.startsWith("x86") ? 256 : 128;
    if (S.vectorBitSize() < needed || S.vectorBitSize() > 512) {
      throw new IllegalStateException(
          Text.format(
              "vectors have %d bits, on %s the kernels need %d to 512",
              S.vectorBitSize(), architecture, needed));
    }
  }

  @Override
  public String description() {
    return "Vector API, " + S.vectorBitSize() + " bit";
  }

  @Override
  public void add(float[] x, int xFrom, float[] y, int yFrom, int length) {
    int end = S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      FloatVector sum =
          FloatVector.fromArray(S, y, yFrom + i).add(FloatVector.fromArray(S, x, xFrom + i));
      sum.intoArray(y, yFrom + i);
    }
    for (int i = end; i < length; i++) {
      y[yFrom + i] += x[xFrom + i];
    }
  }

  @Override
  public void subtract(
      float[] x, int xFrom, float[] y, int yFrom, float[] z, int zFrom, int length) {
    int end = S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      FloatVector difference =
          FloatVector.fromArray(S, x, xFrom + i).sub(FloatVector.fromArray(S, y, yFrom + i));
      difference.intoArray(z, zFrom + i);
    }
    for (int i = end; i < length; i++) {
      z[zFrom + i] = x[xFrom + i] - y[yFrom + i];
    }
  }

  @Override
  public void scale(float a, float[] x, int from, int length) {
    int end = from + S.loopBound(length);
    for (int i = from; i < end; i += LANES) {
      FloatVector.fromArray(S, x, i).mul(a).intoArray(x, i);
    }
    for (int i = end; i < from + length; i++) {
      x[i] *= a;
    }
  }

  @Override
  public void axpy(float a, float[] x, int xFrom, float[] y, int yFrom, int length) {
    int end = S.loopBound(length);
    FloatVector factor = FloatVector.broadcast(S, a);
    for (int i = 0; i < end; i += LANES) {
      FloatVector.fromArray(S, x, xFrom + i)
          .fma(factor, FloatVector.fromArray(S, y, yFrom + i))
          .intoArray(y, yFrom + i);
    }
    for (int i = end; i < length; i++) {
      y[yFrom + i] = Math.fma(x[xFrom + i], a, y[yFrom + i]);
    }
  }

  @Override
  public void axpy(double a, float[] x, int xFrom, double[] y, int yFrom, int length) {
    int end = DOUBLES.loopBound(length);
    DoubleVector factor = DoubleVector.broadcast(DOUBLES, a);
    for (int i = 0; i < end; i += HALF) {
      doubles(x, xFrom + i)
          .fma(factor, DoubleVector.fromArray(DOUBLES, y, yFrom + i))
          .intoArray(y, yFrom + i);
    }
    for (int i = end; i < length; i++) {
      y[yFrom + i] = Math.fma(x[xFrom + i], a, y[yFrom + i]);
    }
  }

  private static DoubleVector doubles(float[] x, int from) {
    return (DoubleVector)
        FloatVector.fromArray(HALF_FLOATS, x, from).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }

  @Override
  public float dot(float[] x, int xFrom, float[] y, int yFrom, int length) {
    FloatVector sum0 = FloatVector.zero(S);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int i = 0;
    for (; i <= length - 4 * LANES; i += 4 * LANES) {
      int xAt = xFrom + i;
      int yAt = yFrom + i;
      sum0 = FloatVector.fromArray(S, x, xAt).fma(FloatVector.fromArray(S, y, yAt), sum0);
      sum1 =
          FloatVector.fromArray(S, x, xAt + LANES)
              .fma(FloatVector.fromArray(S, y, yAt + LANES), sum1);
      sum2 =
          FloatVector.fromArray(S, x, xAt + 2 * LANES)
              .fma(FloatVector.fromArray(S, y, yAt + 2 * LANES), sum2);
      sum3 =
          FloatVector.fromArray(S, x, xAt + 3 * LANES)
              .fma(FloatVector.fromArray(S, y, yAt + 3 * LANES), sum3);
    }
    for (; i <= length - LANES; i += LANES) {
      sum0 =
          FloatVector.fromArray(S, x, xFrom + i).fma(FloatVector.fromArray(S, y, yFrom + i), sum0);
    }
    float tail = 0;
    for (; i < length; i++) {
      tail = Math.fma(x[xFrom + i], y[yFrom + i], tail);
    }
    return sumOfLanes(exact(sum0).add(sum1).add(exact(sum2).add(sum3))) + tail;
  }

  /**
   * Returns the same vector, cast to a class that the compiler knows.
   *
   * <p>The compiler knows a vector carried through a loop only by its declared class. It guesses
   * the class by profile when the vector's methods are called. Once the process has used vectors of
   * another size, every such call allocates an object for the vector, which is about ten times
   * slower.
   */
  static FloatVector exact(FloatVector v) {
    return (FloatVector) S.vectorType().cast(v);
  }

  private static DoubleVector exact(DoubleVector v) {
    return (DoubleVector) DOUBLES.vectorType().cast(v);
  }

  /** Sums the lanes in a fixed order, which {@code reduceLanes} does not promise. */
  static float sumOfLanes(FloatVector v) {
    if (LANES == 4) {
      return (v.lane(0) + v.lane(1)) + (v.lane(2) + v.lane(3));
    }
    float low =
        ((v.lane(0) + v.lane(1)) + (v.lane(2) + v.lane(3)))
            + ((v.lane(4) + v.lane(5)) + (v.lane(6) + v.lane(7)));
    if (LANES == 8) {
      return low;
    }
    return low
        + (((v.lane(8) + v.lane(9)) + (v.lane(10) + v.lane(11)))
            + ((v.lane(12) + v.lane(13)) + (v.lane(14) + v.lane(15))));
  }

  @Override
  public double squaredNorm(float[] x, int from, int length) {
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = sum0;
    DoubleVector sum2 = sum0;
    DoubleVector sum3 = sum0;
    int i = 0;
    for (; i <= length - 4 * HALF; i += 4 * HALF) {
      DoubleVector x0 = doubles(x, from + i);
      DoubleVector x1 = doubles(x, from + i + HALF);
      DoubleVector x2 = doubles(x, from + i + 2 * HALF);
      DoubleVector x3 = doubles(x, from + i + 3 * HALF);
      sum0 = x0.fma(x0, sum0);
      sum1 = x1.fma(x1, sum1);
      sum2 = x2.fma(x2, sum2);
      sum3 = x3.fma(x3, sum3);
    }
    double tail = 0;
    for (; i < length; i++) {
      tail += (double) x[from + i] * x[from + i];
    }
    return sumOfLanes(exact(sum0).add(sum1).add(exact(sum2).add(sum3))) + tail;
  }

  @Override
  public double squaredDistance(float[] x, int xFrom, float[] y, int yFrom, int length) {
    DoubleVector sum0 = DoubleVector.zero(DOUBLES);
    DoubleVector sum1 = sum0;
    DoubleVector sum2 = sum0;
    DoubleVector sum3 = sum0;
    int i = 0;
    for (; i <= length - 4 * HALF; i += 4 * HALF) {
      int xAt = xFrom + i;
      int yAt = yFrom + i;
      DoubleVector d0 = doubles(x, xAt).sub(doubles(y, yAt));
      DoubleVector d1 = doubles(x, xAt + HALF).sub(doubles(y, yAt + HALF));
      DoubleVector d2 = doubles(x, xAt + 2 * HALF).sub(doubles(y, yAt + 2 * HALF));
      DoubleVector d3 = doubles(x, xAt + 3 * HALF).sub(doubles(y, yAt + 3 * HALF));
      sum0 = d0.fma(d0, sum0);
      sum1 = d1.fma(d1, sum1);
      sum2 = d2.fma(d2, sum2);
      sum3 = d3.fma(d3, sum3);
    }
    double tail = 0;
    for (; i < length; i++) {
      double difference = (double) x[xFrom + i] - y[yFrom + i];
      tail += difference * difference;
    }
    return sumOfLanes(exact(sum0).add(sum1).add(exact(sum2).add(sum3))) + tail;
  }

  private static double sumOfLanes(DoubleVector v) {
    double sum = v.lane(0) + v.lane(1);
    if (HALF >= 4) {
      sum += v.lane(2) + v.lane(3);
    }
    if (HALF >= 8) {
      sum += (v.lane(4) + v.lane(5)) + (v.lane(6) + v.lane(7));
    }
    return sum;
  }

  @Override
  public void adam(
      float[] p,
      int pFrom,
      float[] gradient,
      int gFrom,
      float scale,
      float decay,
      float[] m,
      float[] v,
      int stateFrom,
      int length,
      AdamStep step) {
    float keep1 = (float) step.beta1();
    float take1 = (float) (1 - step.beta1());
    float keep2 = (float) step.beta2();
    float take2 = (float) (1 - step.beta2());
    float rate = (float) step.rate();
    float vScale = (float) step.vScale();
    float epsilon = (float) step.epsilon();
    FloatVector epsilons = FloatVector.broadcast(S, epsilon);
    int end = S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, p, pFrom + i);
      FloatVector g =
          x.fma(
              FloatVector.broadcast(S, decay),
              FloatVector.fromArray(S, gradient, gFrom + i).mul(scale));
      FloatVector first =
          g.fma(
              FloatVector.broadcast(S, take1),
              FloatVector.fromArray(S, m, stateFrom + i).mul(keep1));
      FloatVector second =
          g.mul(take2).fma(g, FloatVector.fromArray(S, v, stateFrom + i).mul(keep2));
      first.intoArray(m, stateFrom + i);
      second.intoArray(v, stateFrom + i);
      FloatVector root = second.sqrt().fma(FloatVector.broadcast(S, vScale), epsilons);
      x.sub(first.mul(rate).div(root)).intoArray(p, pFrom + i);
    }
    for (int i = end; i < length; i++) {
      float x = p[pFrom + i];
      float g = Math.fma(x, decay, gradient[gFrom + i] * scale);
      float first = Math.fma(g, take1, m[stateFrom + i] * keep1);
      float second = Math.fma(g * take2, g, v[stateFrom + i] * keep2);
      m[stateFrom + i] = first;
      v[stateFrom + i] = second;
      float root = Math.fma((float) Math.sqrt(second), vScale, epsilon);
      p[pFrom + i] = x - first * rate / root;
    }
  }

  @Override
  public void sigmoid(float[] z, int from, int to) {
    VectorActivations.sigmoid(z, from, to);
  }

  @Override
  public void tanh(float[] z, int from, int to) {
    VectorActivations.tanh(z, from, to);
  }

  @Override
  public void relu(float[] z, int from, int to) {
    VectorActivations.relu(z, from, to);
  }

  @Override
  public void multiplySigmoidDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    VectorActivations.multiplySigmoidDerivative(delta, deltaFrom, h, hFrom, length);
  }

  @Override
  public void multiplyTanhDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    VectorActivations.multiplyTanhDerivative(delta, deltaFrom, h, hFrom, length);
  }

  @Override
  public void multiplyReluDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    VectorActivations.multiplyReluDerivative(delta, deltaFrom, h, hFrom, length);
  }

  @Override
  public void addGatheredRows(
      float[] coefficients,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] y,
      int yFrom) {
    VectorRows.addGatheredRows(
        coefficients, rows, from, to, matrix, matrixOffset, columns, y, yFrom);
  }

  @Override
  public void dotGatheredRows(
      float[] x,
      int xFrom,
      int[] rows,
      int from,
      int to,
      float[] matrix,
      int matrixOffset,
      int columns,
      float[] out) {
    VectorRows.dotGatheredRows(x, xFrom, rows, from, to, matrix, matrixOffset, columns, out);
  }

  @Override
  public int scanAbove(
      float[] z,
      int zFrom,
      int length,
      float[] bias,
      int biasFrom,
      boolean magnitude,
      float threshold,
      int firstIndex,
      float[] values,
      int[] indices,
      int at) {
    return VectorSelection.scanAbove(
        z, zFrom, length, bias, biasFrom, magnitude, threshold, firstIndex, values, indices, at);
  }

  @Override
  public int scanAboveEach(
      float[] z,
      int zFrom,
      int length,
      float[] bias,
      int biasFrom,
      float[] thresholds,
      int thresholdsFrom,
      int firstIndex,
      float[] values,
      int[] indices,
      int at) {
    return VectorSelection.scanAboveEach(
        z,
        zFrom,
        length,
        bias,
        biasFrom,
        thresholds,
        thresholdsFrom,
        firstIndex,
        values,
        indices,
        at);
  }

  @Override
  public void groupMaxima(
      float[] z,
      int zFrom,
      int length,
      float[] bias,
      int biasFrom,
      boolean magnitude,
      int groups,
      float[] maxima) {
    VectorSelection.groupMaxima(z, zFrom, length, bias, biasFrom, magnitude, groups, maxima);
  }

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void correlate(Correlation correlation) {
    VectorConvolution.correlate(correlation);
  }

  @Override
  public void addGradient(CorrelationGradient gradient) {
    VectorConvolution.addGradient(gradient);
  }

  @Override
  public void addShifted(float[] values, int from, int[] positions, int tap, float[] image) {
    VectorConvolution.addShifted(values, from, positions, tap, image);
  }

  @Override
  public int argMax(float[] x, int from, int length) {
    return VectorConvolution.argMax(x, from, length);
  }

  @Override
  public boolean allFinite(float[] x, int from, int length) {
    return VectorSelection.allFinite(x, from, length);
  }

  @Override
  public void widenBfloat16(ByteBuffer from, int at, float[] to, int toFrom, int length) {
    VectorRounding.widen(from, at, to, toFrom, length);
  }

  @Override
  public void roundToBfloat16(float[] from, int fromAt, float[] to, int toAt, int length) {
    VectorRounding.round(from, fromAt, to, toAt, length);
  }

  @Override
  public void narrowBfloat16(float[] from, int fromAt, ByteBuffer to, int at, int length) {
    VectorRounding.narrow(from, fromAt, to, at, length);
  }

  @Override
  public int activeEntries(
      float[] x, int from, int length, float least, int[] columns, double[] values) {
    return VectorSelection.activeEntries(x, from, length, least, columns, values);
  }
}
