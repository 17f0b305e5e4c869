package org.sparksae.core.linalg;

import java.nio.ByteBuffer;

/** The kernels as plain loops, some of which the JIT compiler turns into vector code. */
final class ScalarKernels implements KernelProvider {

  @Override
  public String description() {
    return "plain Java";
  }

  @Override
  public void sigmoid(float[] z, int from, int to) {
    for (int i = from; i < to; i++) {
      z[i] = (float) (1.0 / (1.0 + Math.exp(-z[i])));
    }
  }

  @Override
  public void tanh(float[] z, int from, int to) {
    for (int i = from; i < to; i++) {
      z[i] = (float) Math.tanh(z[i]);
    }
  }

  @Override
  public void relu(float[] z, int from, int to) {
    for (int i = from; i < to; i++) {
      z[i] = Math.max(z[i], 0f);
    }
  }

  @Override
  public void multiplySigmoidDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    for (int i = 0; i < length; i++) {
      float value = h[hFrom + i];
      delta[deltaFrom + i] *= value * (1f - value);
    }
  }

  @Override
  public void multiplyTanhDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    for (int i = 0; i < length; i++) {
      float value = h[hFrom + i];
      delta[deltaFrom + i] *= 1f - value * value;
    }
  }

  @Override
  public void multiplyReluDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    for (int i = 0; i < length; i++) {
      delta[deltaFrom + i] = h[hFrom + i] > 0f ? delta[deltaFrom + i] : 0f;
    }
  }

  @Override
  public void add(float[] x, int xFrom, float[] y, int yFrom, int length) {
    for (int i = 0; i < length; i++) {
      y[yFrom + i] += x[xFrom + i];
    }
  }

  @Override
  public void subtract(
      float[] x, int xFrom, float[] y, int yFrom, float[] z, int zFrom, int length) {
    for (int i = 0; i < length; i++) {
      z[zFrom + i] = x[xFrom + i] - y[yFrom + i];
    }
  }

  @Override
  public void scale(float a, float[] x, int from, int length) {
    for (int i = from; i < from + length; i++) {
      x[i] *= a;
    }
  }

  @Override
  public void axpy(float a, float[] x, int xFrom, float[] y, int yFrom, int length) {
    for (int i = 0; i < length; i++) {
      y[yFrom + i] += a * x[xFrom + i];
    }
  }

  @Override
  public void axpy(double a, float[] x, int xFrom, double[] y, int yFrom, int length) {
    for (int i = 0; i < length; i++) {
      y[yFrom + i] += a * x[xFrom + i];
    }
  }

  @Override
  public float dot(float[] x, int xFrom, float[] y, int yFrom, int length) {
    // Four sums: with a single one, each addition would wait for the result of the last.
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i <= length - 4; i += 4) {
      sum0 += x[xFrom + i] * y[yFrom + i];
      sum1 += x[xFrom + i + 1] * y[yFrom + i + 1];
      sum2 += x[xFrom + i + 2] * y[yFrom + i + 2];
      sum3 += x[xFrom + i + 3] * y[yFrom + i + 3];
    }
    for (; i < length; i++) {
      sum0 += x[xFrom + i] * y[yFrom + i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public double squaredNorm(float[] x, int from, int length) {
    double sum = 0;
    for (int i = from; i < from + length; i++) {
      sum += (double) x[i] * x[i];
    }
    return sum;
  }

  @Override
  public double squaredDistance(float[] x, int xFrom, float[] y, int yFrom, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      double difference = (double) x[xFrom + i] - y[yFrom + i];
      sum += difference * difference;
    }
    return sum;
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
    for (int p = from; p < to; p++) {
      axpy(coefficients[p], matrix, matrixOffset + rows[p] * columns, y, yFrom, columns);
    }
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
    for (int p = from; p < to; p++) {
      out[p] = dot(x, xFrom, matrix, matrixOffset + rows[p] * columns, columns);
    }
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
    for (int i = 0; i < length; i++) {
      float g = scale * gradient[gFrom + i] + decay * p[pFrom + i];
      float first = keep1 * m[stateFrom + i] + take1 * g;
      float second = keep2 * v[stateFrom + i] + take2 * g * g;
      m[stateFrom + i] = first;
      v[stateFrom + i] = second;
      // The cast makes it a float root: rounding the double root of a float gives the float root.
      p[pFrom + i] -= rate * first / ((float) Math.sqrt(second) * vScale + epsilon);
    }
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
    int next = at;
    for (int i = 0; i < length; i++) {
      float value = z[zFrom + i] + bias[biasFrom + i];
      float key = magnitude ? Math.abs(value) : value;
      if (!(key <= threshold)) {
        values[next] = value;
        indices[next] = firstIndex + i;
        next++;
      }
    }
    return next;
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
    int next = at;
    for (int i = 0; i < length; i++) {
      float value = z[zFrom + i] + bias[biasFrom + i];
      if (!(value <= thresholds[thresholdsFrom + i])) {
        values[next] = value;
        indices[next] = firstIndex + i;
        next++;
      }
    }
    return next;
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
    int size = length / groups;
    for (int group = 0; group < groups; group++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int i = group * size; i < (group + 1) * size; i++) {
        float value = z[zFrom + i] + bias[biasFrom + i];
        float key = magnitude ? Math.abs(value) : value;
        max = key > max ? key : max;
      }
      maxima[group] = max;
    }
  }

  @Override
  public int lanes() {
    return 8;
  }

  @Override
  public void correlate(Correlation correlation) {
    ScalarConvolution.correlate(correlation, lanes());
  }

  @Override
  public void addGradient(CorrelationGradient gradient) {
    ScalarConvolution.addGradient(gradient, lanes());
  }

  @Override
  public void addShifted(float[] values, int from, int[] positions, int tap, float[] image) {
    for (int v = 0; v < positions.length; v++) {
      int at = positions[v] + tap;
      for (int lane = 0; lane < lanes(); lane++) {
        image[at + lane] += values[from + v * lanes() + lane];
      }
    }
  }

  @Override
  public int argMax(float[] x, int from, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + length; i++) {
      max = Math.max(max, x[i]);
    }
    return indexOf(x, from, length, max);
  }

  /**
   * Returns the index of the first element equal to {@code value}, or 0 if there is none. NaN
   * equals NaN, and -0 equals 0.
   */
  static int indexOf(float[] x, int from, int length, float value) {
    for (int i = 0; i < length; i++) {
      if (x[from + i] == value || (value != value && x[from + i] != x[from + i])) {
        return i;
      }
    }
    return 0;
  }

  /** Computes four sums at a time: x - x is 0 if x is finite, and NaN otherwise. */
  @Override
  public boolean allFinite(float[] x, int from, int length) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int end = from + length;
    int j = from;
    for (; j < end - 3; j += 4) {
      a += x[j] - x[j];
      b += x[j + 1] - x[j + 1];
      c += x[j + 2] - x[j + 2];
      d += x[j + 3] - x[j + 3];
    }
    for (; j < end; j++) {
      a += x[j] - x[j];
    }
    return a + b + c + d == 0;
  }

  @Override
  public void widenBfloat16(ByteBuffer from, int at, float[] to, int toFrom, int length) {
    for (int i = 0; i < length; i++) {
      to[toFrom + i] = Float.intBitsToFloat(from.getShort(at + Short.BYTES * i) << Short.SIZE);
    }
  }

  @Override
  public void roundToBfloat16(float[] from, int fromAt, float[] to, int toAt, int length) {
    for (int i = 0; i < length; i++) {
      to[toAt + i] = roundToBfloat16(from[fromAt + i]);
    }
  }

  static float roundToBfloat16(float value) {
    return Float.intBitsToFloat(toBfloat16(value) << Short.SIZE);
  }

  @Override
  public void narrowBfloat16(float[] from, int fromAt, ByteBuffer to, int at, int length) {
    for (int i = 0; i < length; i++) {
      to.putShort(at + Short.BYTES * i, toBfloat16(from[fromAt + i]));
    }
  }

  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value == value ? value : Float.NaN);
    return (short) (bits + 0x7FFF + (bits >>> Short.SIZE & 1) >>> Short.SIZE);
  }

  @Override
  public int activeEntries(
      float[] x, int from, int length, float least, int[] columns, double[] values) {
    return addActive(x, from, 0, length, least, columns, values, 0);
  }

  /**
   * Appends the active entries among {@code from <= j < to} of the row at {@code rowFrom}, without
   * a branch: every entry is stored, and the next one overwrites it unless it is active. Magnitudes
   * have the same order as their bits.
   *
   * @param at index at which to store the first entry
   * @return the index after the last entry stored
   */
  static int addActive(
      float[] x,
      int rowFrom,
      int from,
      int to,
      float least,
      int[] columns,
      double[] values,
      int at) {
    int below = Float.floatToRawIntBits(least) - 1;
    int next = at;
    for (int j = from; j < to; j++) {
      float value = x[rowFrom + j];
      columns[next] = j;
      values[next] = value;
      next += (below - (Float.floatToRawIntBits(value) & Integer.MAX_VALUE)) >>> (Integer.SIZE - 1);
    }
    return next;
  }
}
