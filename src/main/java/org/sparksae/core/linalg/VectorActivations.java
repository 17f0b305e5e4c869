package org.sparksae.core.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The activation functions and their derivatives in the Vector API, for {@link VectorKernels}.
 *
 * <p>The exponential, and the hyperbolic tangent near 0, are polynomials, accurate to a few units
 * in the last place. Each is implemented twice, for a vector and for a lane. The vector exponential
 * is written out at each use, since a call that the JIT compiler does not inline would put its
 * vectors on the heap.
 */
final class VectorActivations {
  private static final VectorSpecies<Float> S = VectorKernels.S;
  private static final int LANES = VectorKernels.LANES;

  // 1.5 * 2^23: adding it rounds a float of size below 2^22 to an integer, which is then in the
  // low bits. Shifting it to the exponent leaves only that integer.
  private static final float ROUND = 0x1.8p23f;
  private static final int EXPONENT_SHIFT = 23;
  private static final int ONE_BITS = Float.floatToRawIntBits(1f);

  // 2^n = 2^(n + 64) 2^-64: both factors are normal floats from n = -190 on.
  private static final int LIFTED_ONE_BITS = Float.floatToRawIntBits(0x1p64f);
  private static final float LOWER = 0x1p-64f;

  // exp(x) = 2^n exp(r), n = round(x / ln 2), r = x - n ln 2 with ln 2 in two parts: the first has
  // few enough bits for n LN2_HIGH to be exact; exp(r) = 1 + r + r^2 P(r) for |r| <= ln 2 /
  // 2, to 2^-25. Coefficients: Cephes, expf.c (Moshier).
  private static final float LOG2_E = 1.44269504088896341f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float E0 = 1.9875691500E-4f;
  private static final float E1 = 1.3981999507E-3f;
  private static final float E2 = 8.3334519073E-3f;
  private static final float E3 = 4.1665795894E-2f;
  private static final float E4 = 1.6666665459E-1f;
  private static final float E5 = 5.0000001201E-1f;

  // tanh(x) = x + x^3 Q(x^2) for |x| < 0.625. Coefficients: Cephes, tanhf.c.
  private static final float TANH_SMALL = 0.625f;
  private static final float T0 = -5.70498872745E-3f;
  private static final float T1 = 2.06390887954E-2f;
  private static final float T2 = -5.37397155531E-2f;
  private static final float T3 = 1.33314422036E-1f;
  private static final float T4 = -3.33332819422E-1f;

  /** exp(-110) is less than half of the smallest float, which is exp(-103.3). */
  private static final float SIGMOID_LOWEST = -110f;

  /** 1 + exp(-40) is 1. */
  private static final float TANH_LOWEST = -40f;

  private VectorActivations() {}

  static void sigmoid(float[] z, int from, int to) {
    int end = from + S.loopBound(to - from);
    FloatVector lowest = FloatVector.broadcast(S, SIGMOID_LOWEST);
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = from; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, z, i);
      // e = exp(-|x|) in (0, 1] is never infinite; the result is 1 / (1 + e) or e / (1 + e), by
      // sign.
      FloatVector a = x.reinterpretAsInts().or(Integer.MIN_VALUE).reinterpretAsFloats();
      a = a.blend(lowest, a.compare(VectorOperators.LT, SIGMOID_LOWEST));
      FloatVector shifted =
          a.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUND));
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), a);
      r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(S, E0), FloatVector.broadcast(S, E1));
      p = p.fma(r, FloatVector.broadcast(S, E2));
      p = p.fma(r, FloatVector.broadcast(S, E3));
      p = p.fma(r, FloatVector.broadcast(S, E4));
      p = p.fma(r, FloatVector.broadcast(S, E5));
      p = p.fma(r.mul(r), r).add(one);
      // 2^n in two factors: n may be below the exponents of normal floats.
      FloatVector power =
          shifted
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
              .add(LIFTED_ONE_BITS)
              .reinterpretAsFloats();
      FloatVector e = p.mul(power).mul(LOWER);
      FloatVector numerator = e.blend(one, x.compare(VectorOperators.GE, 0f));
      numerator.div(e.add(one)).intoArray(z, i);
    }
    for (int i = end; i < to; i++) {
      float x = z[i];
      float e = exp(-Math.abs(x), SIGMOID_LOWEST);
      z[i] = (x >= 0 ? 1f : e) / (e + 1f);
    }
  }

  /**
   * Computes the exponential of a lane for x at most 0; an x below {@code lowest} counts as {@code
   * lowest}.
   */
  private static float exp(float x, float lowest) {
    float a = x < lowest ? lowest : x;
    float shifted = Math.fma(a, LOG2_E, ROUND);
    float n = shifted - ROUND;
    float r = Math.fma(n, -LN2_HIGH, a);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(r, E0, E1);
    p = Math.fma(p, r, E2);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, E4);
    p = Math.fma(p, r, E5);
    p = Math.fma(p, r * r, r) + 1f;
    int power = (Float.floatToRawIntBits(shifted) << EXPONENT_SHIFT) + LIFTED_ONE_BITS;
    return p * Float.intBitsToFloat(power) * LOWER;
  }

  static void tanh(float[] z, int from, int to) {
    int end = from + S.loopBound(to - from);
    FloatVector lowest = FloatVector.broadcast(S, TANH_LOWEST);
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = from; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, z, i);
      FloatVector size = x.abs();
      FloatVector square = size.mul(size);
      FloatVector q = square.fma(FloatVector.broadcast(S, T0), FloatVector.broadcast(S, T1));
      q = q.fma(square, FloatVector.broadcast(S, T2));
      q = q.fma(square, FloatVector.broadcast(S, T3));
      q = q.fma(square, FloatVector.broadcast(S, T4));
      FloatVector small = q.mul(square).fma(size, size);
      // (1 - e) / (1 + e) with e = exp(-2 |x|)
      FloatVector a = size.mul(-2f);
      a = a.blend(lowest, a.compare(VectorOperators.LT, TANH_LOWEST));
      FloatVector shifted =
          a.fma(FloatVector.broadcast(S, LOG2_E), FloatVector.broadcast(S, ROUND));
      FloatVector n = shifted.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(S, -LN2_HIGH), a);
      r = n.fma(FloatVector.broadcast(S, -LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(S, E0), FloatVector.broadcast(S, E1));
      p = p.fma(r, FloatVector.broadcast(S, E2));
      p = p.fma(r, FloatVector.broadcast(S, E3));
      p = p.fma(r, FloatVector.broadcast(S, E4));
      p = p.fma(r, FloatVector.broadcast(S, E5));
      p = p.fma(r.mul(r), r).add(one);
      FloatVector power =
          shifted
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
              .add(ONE_BITS)
              .reinterpretAsFloats();
      FloatVector e = p.mul(power);
      FloatVector large = one.sub(e).div(e.add(one));
      FloatVector h = large.blend(small, size.compare(VectorOperators.LT, TANH_SMALL));
      IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
      h.reinterpretAsInts().or(sign).reinterpretAsFloats().intoArray(z, i);
    }
    for (int i = end; i < to; i++) {
      z[i] = tanh(z[i]);
    }
  }

  /** Computes the hyperbolic tangent of a lane. */
  private static float tanh(float x) {
    float size = Math.abs(x);
    float h;
    if (size < TANH_SMALL) {
      float square = size * size;
      float q = Math.fma(square, T0, T1);
      q = Math.fma(q, square, T2);
      q = Math.fma(q, square, T3);
      q = Math.fma(q, square, T4);
      h = Math.fma(q * square, size, size);
    } else {
      float e = exp(size * -2f, TANH_LOWEST);
      h = (1f - e) / (e + 1f);
    }
    int sign = Float.floatToRawIntBits(x) & Integer.MIN_VALUE;
    return Float.intBitsToFloat(Float.floatToRawIntBits(h) | sign);
  }

  static void relu(float[] z, int from, int to) {
    int end = from + S.loopBound(to - from);
    for (int i = from; i < end; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, z, i);
      x.blend(0f, x.compare(VectorOperators.LE, 0f)).intoArray(z, i);
    }
    for (int i = end; i < to; i++) {
      z[i] = z[i] <= 0 ? 0f : z[i];
    }
  }

  static void multiplySigmoidDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    int end = S.loopBound(length);
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < end; i += LANES) {
      FloatVector value = FloatVector.fromArray(S, h, hFrom + i);
      FloatVector slope = value.mul(one.sub(value));
      FloatVector.fromArray(S, delta, deltaFrom + i).mul(slope).intoArray(delta, deltaFrom + i);
    }
    for (int i = end; i < length; i++) {
      float value = h[hFrom + i];
      delta[deltaFrom + i] *= value * (1f - value);
    }
  }

  static void multiplyTanhDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    int end = S.loopBound(length);
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int i = 0; i < end; i += LANES) {
      FloatVector value = FloatVector.fromArray(S, h, hFrom + i);
      FloatVector slope = one.sub(value.mul(value));
      FloatVector.fromArray(S, delta, deltaFrom + i).mul(slope).intoArray(delta, deltaFrom + i);
    }
    for (int i = end; i < length; i++) {
      float value = h[hFrom + i];
      delta[deltaFrom + i] *= 1f - value * value;
    }
  }

  static void multiplyReluDerivative(
      float[] delta, int deltaFrom, float[] h, int hFrom, int length) {
    int end = S.loopBound(length);
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < end; i += LANES) {
      VectorMask<Float> active =
          FloatVector.fromArray(S, h, hFrom + i).compare(VectorOperators.GT, 0f);
      zero.blend(FloatVector.fromArray(S, delta, deltaFrom + i), active)
          .intoArray(delta, deltaFrom + i);
    }
    for (int i = end; i < length; i++) {
      delta[deltaFrom + i] = h[hFrom + i] > 0f ? delta[deltaFrom + i] : 0f;
    }
  }
}
