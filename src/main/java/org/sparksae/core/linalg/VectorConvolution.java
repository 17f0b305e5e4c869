package org.sparksae.core.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products of convolutions in the Vector API, for {@link VectorKernels}. The lanes of a vector
 * are neighbouring positions in a row of an image.
 *
 * <p>A block of sums stays in registers while all taps are visited. A block and the vectors that
 * feed it fit the 16 registers of AVX2; the block shapes are the fastest that do.
 */
final class VectorConvolution {
  private static final VectorSpecies<Float> S = VectorKernels.S;
  private static final int LANES = VectorKernels.LANES;

  private VectorConvolution() {}

  static void correlate(Correlation c) {
    int u = 0;
    for (; u <= c.units() - 3; u += 3) {
      units(c, u, 3, 4);
    }
    if (u < c.units()) {
      units(c, u, c.units() - u, c.units() - u == 2 ? 6 : 8);
    }
  }

  /**
   * Computes some units at all positions, in blocks of several vectors. If the last block is not
   * full, it begins earlier and recomputes some sums, with the same bits.
   */
  private static void units(Correlation c, int u, int units, int vectors) {
    int count = c.positions().length;
    if (count < vectors) {
      for (int v = 0; v < count; v++) {
        for (int i = u; i < u + units; i++) {
          one(c, i, v);
        }
      }
      return;
    }
    for (int v = 0; v < count; v += vectors) {
      int from = Math.min(v, count - vectors);
      switch (units) {
        case 3 -> threeByFour(c, u, from);
        case 2 -> twoBySix(c, u, from);
        default -> oneByEight(c, u, from);
      }
    }
  }

  /** Computes three units at four vectors of positions. */
  private static void threeByFour(Correlation c, int u, int v) {
    float[] image = c.image();
    int[] taps = c.taps();
    float[] weights = c.weights();
    int at0 = c.positions()[v + 0];
    int at1 = c.positions()[v + 1];
    int at2 = c.positions()[v + 2];
    int at3 = c.positions()[v + 3];
    FloatVector s00 = FloatVector.broadcast(S, c.bias(u + 0));
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s03 = s00;
    FloatVector s10 = FloatVector.broadcast(S, c.bias(u + 1));
    FloatVector s11 = s10;
    FloatVector s12 = s10;
    FloatVector s13 = s10;
    FloatVector s20 = FloatVector.broadcast(S, c.bias(u + 2));
    FloatVector s21 = s20;
    FloatVector s22 = s20;
    FloatVector s23 = s20;
    int w = c.weightsFrom() + u;
    for (int t = 0; t < c.tapCount(); t++, w += c.weightStride()) {
      int tap = taps[t];
      FloatVector w0 = FloatVector.broadcast(S, weights[w + 0]);
      FloatVector w1 = FloatVector.broadcast(S, weights[w + 1]);
      FloatVector w2 = FloatVector.broadcast(S, weights[w + 2]);
      FloatVector x0 = FloatVector.fromArray(S, image, at0 + tap);
      s00 = x0.fma(w0, s00);
      s10 = x0.fma(w1, s10);
      s20 = x0.fma(w2, s20);
      FloatVector x1 = FloatVector.fromArray(S, image, at1 + tap);
      s01 = x1.fma(w0, s01);
      s11 = x1.fma(w1, s11);
      s21 = x1.fma(w2, s21);
      FloatVector x2 = FloatVector.fromArray(S, image, at2 + tap);
      s02 = x2.fma(w0, s02);
      s12 = x2.fma(w1, s12);
      s22 = x2.fma(w2, s22);
      FloatVector x3 = FloatVector.fromArray(S, image, at3 + tap);
      s03 = x3.fma(w0, s03);
      s13 = x3.fma(w1, s13);
      s23 = x3.fma(w2, s23);
    }
    int out = c.outFrom() + u * c.outStride() + v * LANES;
    VectorKernels.exact(s00).intoArray(c.out(), out + 0 * LANES);
    VectorKernels.exact(s01).intoArray(c.out(), out + 1 * LANES);
    VectorKernels.exact(s02).intoArray(c.out(), out + 2 * LANES);
    VectorKernels.exact(s03).intoArray(c.out(), out + 3 * LANES);
    out += c.outStride();
    VectorKernels.exact(s10).intoArray(c.out(), out + 0 * LANES);
    VectorKernels.exact(s11).intoArray(c.out(), out + 1 * LANES);
    VectorKernels.exact(s12).intoArray(c.out(), out + 2 * LANES);
    VectorKernels.exact(s13).intoArray(c.out(), out + 3 * LANES);
    out += c.outStride();
    VectorKernels.exact(s20).intoArray(c.out(), out + 0 * LANES);
    VectorKernels.exact(s21).intoArray(c.out(), out + 1 * LANES);
    VectorKernels.exact(s22).intoArray(c.out(), out + 2 * LANES);
    VectorKernels.exact(s23).intoArray(c.out(), out + 3 * LANES);
  }

  /** Computes two units at six vectors of positions. */
  private static void twoBySix(Correlation c, int u, int v) {
    float[] image = c.image();
    int[] taps = c.taps();
    float[] weights = c.weights();
    int at0 = c.positions()[v + 0];
    int at1 = c.positions()[v + 1];
    int at2 = c.positions()[v + 2];
    int at3 = c.positions()[v + 3];
    int at4 = c.positions()[v + 4];
    int at5 = c.positions()[v + 5];
    FloatVector s00 = FloatVector.broadcast(S, c.bias(u + 0));
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s03 = s00;
    FloatVector s04 = s00;
    FloatVector s05 = s00;
    FloatVector s10 = FloatVector.broadcast(S, c.bias(u + 1));
    FloatVector s11 = s10;
    FloatVector s12 = s10;
    FloatVector s13 = s10;
    FloatVector s14 = s10;
    FloatVector s15 = s10;
    int w = c.weightsFrom() + u;
    for (int t = 0; t < c.tapCount(); t++, w += c.weightStride()) {
      int tap = taps[t];
      FloatVector w0 = FloatVector.broadcast(S, weights[w + 0]);
      FloatVector w1 = FloatVector.broadcast(S, weights[w + 1]);
      FloatVector x0 = FloatVector.fromArray(S, image, at0 + tap);
      s00 = x0.fma(w0, s00);
      s10 = x0.fma(w1, s10);
      FloatVector x1 = FloatVector.fromArray(S, image, at1 + tap);
      s01 = x1.fma(w0, s01);
      s11 = x1.fma(w1, s11);
      FloatVector x2 = FloatVector.fromArray(S, image, at2 + tap);
      s02 = x2.fma(w0, s02);
      s12 = x2.fma(w1, s12);
      FloatVector x3 = FloatVector.fromArray(S, image, at3 + tap);
      s03 = x3.fma(w0, s03);
      s13 = x3.fma(w1, s13);
      FloatVector x4 = FloatVector.fromArray(S, image, at4 + tap);
      s04 = x4.fma(w0, s04);
      s14 = x4.fma(w1, s14);
      FloatVector x5 = FloatVector.fromArray(S, image, at5 + tap);
      s05 = x5.fma(w0, s05);
      s15 = x5.fma(w1, s15);
    }
    int out = c.outFrom() + u * c.outStride() + v * LANES;
    VectorKernels.exact(s00).intoArray(c.out(), out + 0 * LANES);
    VectorKernels.exact(s01).intoArray(c.out(), out + 1 * LANES);
    VectorKernels.exact(s02).intoArray(c.out(), out + 2 * LANES);
    VectorKernels.exact(s03).intoArray(c.out(), out + 3 * LANES);
    VectorKernels.exact(s04).intoArray(c.out(), out + 4 * LANES);
    VectorKernels.exact(s05).intoArray(c.out(), out + 5 * LANES);
    out += c.outStride();
    VectorKernels.exact(s10).intoArray(c.out(), out + 0 * LANES);
    VectorKernels.exact(s11).intoArray(c.out(), out + 1 * LANES);
    VectorKernels.exact(s12).intoArray(c.out(), out + 2 * LANES);
    VectorKernels.exact(s13).intoArray(c.out(), out + 3 * LANES);
    VectorKernels.exact(s14).intoArray(c.out(), out + 4 * LANES);
    VectorKernels.exact(s15).intoArray(c.out(), out + 5 * LANES);
  }

  /** Computes one unit at eight vectors of positions. */
  private static void oneByEight(Correlation c, int u, int v) {
    float[] image = c.image();
    int[] taps = c.taps();
    float[] weights = c.weights();
    int at0 = c.positions()[v + 0];
    int at1 = c.positions()[v + 1];
    int at2 = c.positions()[v + 2];
    int at3 = c.positions()[v + 3];
    int at4 = c.positions()[v + 4];
    int at5 = c.positions()[v + 5];
    int at6 = c.positions()[v + 6];
    int at7 = c.positions()[v + 7];
    FloatVector s00 = FloatVector.broadcast(S, c.bias(u + 0));
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s03 = s00;
    FloatVector s04 = s00;
    FloatVector s05 = s00;
    FloatVector s06 = s00;
    FloatVector s07 = s00;
    int w = c.weightsFrom() + u;
    for (int t = 0; t < c.tapCount(); t++, w += c.weightStride()) {
      int tap = taps[t];
      FloatVector w0 = FloatVector.broadcast(S, weights[w + 0]);
      FloatVector x0 = FloatVector.fromArray(S, image, at0 + tap);
      s00 = x0.fma(w0, s00);
      FloatVector x1 = FloatVector.fromArray(S, image, at1 + tap);
      s01 = x1.fma(w0, s01);
      FloatVector x2 = FloatVector.fromArray(S, image, at2 + tap);
      s02 = x2.fma(w0, s02);
      FloatVector x3 = FloatVector.fromArray(S, image, at3 + tap);
      s03 = x3.fma(w0, s03);
      FloatVector x4 = FloatVector.fromArray(S, image, at4 + tap);
      s04 = x4.fma(w0, s04);
      FloatVector x5 = FloatVector.fromArray(S, image, at5 + tap);
      s05 = x5.fma(w0, s05);
      FloatVector x6 = FloatVector.fromArray(S, image, at6 + tap);
      s06 = x6.fma(w0, s06);
      FloatVector x7 = FloatVector.fromArray(S, image, at7 + tap);
      s07 = x7.fma(w0, s07);
    }
    int out = c.outFrom() + u * c.outStride() + v * LANES;
    VectorKernels.exact(s00).intoArray(c.out(), out + 0 * LANES);
    VectorKernels.exact(s01).intoArray(c.out(), out + 1 * LANES);
    VectorKernels.exact(s02).intoArray(c.out(), out + 2 * LANES);
    VectorKernels.exact(s03).intoArray(c.out(), out + 3 * LANES);
    VectorKernels.exact(s04).intoArray(c.out(), out + 4 * LANES);
    VectorKernels.exact(s05).intoArray(c.out(), out + 5 * LANES);
    VectorKernels.exact(s06).intoArray(c.out(), out + 6 * LANES);
    VectorKernels.exact(s07).intoArray(c.out(), out + 7 * LANES);
  }

  /** Computes one unit at one vector of positions. */
  private static void one(Correlation c, int u, int v) {
    float[] image = c.image();
    int[] taps = c.taps();
    float[] weights = c.weights();
    int at0 = c.positions()[v + 0];
    FloatVector s00 = FloatVector.broadcast(S, c.bias(u + 0));
    int w = c.weightsFrom() + u;
    for (int t = 0; t < c.tapCount(); t++, w += c.weightStride()) {
      int tap = taps[t];
      FloatVector w0 = FloatVector.broadcast(S, weights[w + 0]);
      FloatVector x0 = FloatVector.fromArray(S, image, at0 + tap);
      s00 = x0.fma(w0, s00);
    }
    int out = c.outFrom() + u * c.outStride() + v * LANES;
    VectorKernels.exact(s00).intoArray(c.out(), out + 0 * LANES);
  }

  static void addGradient(CorrelationGradient g) {
    int taps = g.taps().length;
    for (int t = 0; t < taps; t += 2) {
      boolean two = t + 1 < taps;
      int u = 0;
      for (; u <= g.units() - 4; u += 4) {
        if (two) {
          fourByTwo(g, u, t);
        } else {
          fourByOne(g, u, t);
        }
      }
      for (; u < g.units(); u++) {
        oneByOne(g, u, t);
        if (two) {
          oneByOne(g, u, t + 1);
        }
      }
    }
  }

  /** Adds the gradient of four units and two taps. */
  private static void fourByTwo(CorrelationGradient g, int u, int t) {
    float[] maps = g.maps();
    float[] image = g.image();
    int[] positions = g.positions();
    float[] sums = g.sums();
    int tap0 = g.taps()[t + 0];
    int tap1 = g.taps()[t + 1];
    int map0 = g.mapsFrom() + (u + 0) * g.mapStride();
    int map1 = g.mapsFrom() + (u + 1) * g.mapStride();
    int map2 = g.mapsFrom() + (u + 2) * g.mapStride();
    int map3 = g.mapsFrom() + (u + 3) * g.mapStride();
    int row = g.taps().length * LANES;
    int at = u * row + t * LANES;
    FloatVector s00 = FloatVector.fromArray(S, sums, at + 0 * row + 0 * LANES);
    FloatVector s01 = FloatVector.fromArray(S, sums, at + 0 * row + 1 * LANES);
    FloatVector s10 = FloatVector.fromArray(S, sums, at + 1 * row + 0 * LANES);
    FloatVector s11 = FloatVector.fromArray(S, sums, at + 1 * row + 1 * LANES);
    FloatVector s20 = FloatVector.fromArray(S, sums, at + 2 * row + 0 * LANES);
    FloatVector s21 = FloatVector.fromArray(S, sums, at + 2 * row + 1 * LANES);
    FloatVector s30 = FloatVector.fromArray(S, sums, at + 3 * row + 0 * LANES);
    FloatVector s31 = FloatVector.fromArray(S, sums, at + 3 * row + 1 * LANES);
    for (int v = 0; v < positions.length; v++) {
      int p = positions[v];
      int o = v * LANES;
      FloatVector x0 = FloatVector.fromArray(S, image, p + tap0);
      FloatVector x1 = FloatVector.fromArray(S, image, p + tap1);
      FloatVector m0 = FloatVector.fromArray(S, maps, map0 + o);
      s00 = m0.fma(x0, s00);
      s01 = m0.fma(x1, s01);
      FloatVector m1 = FloatVector.fromArray(S, maps, map1 + o);
      s10 = m1.fma(x0, s10);
      s11 = m1.fma(x1, s11);
      FloatVector m2 = FloatVector.fromArray(S, maps, map2 + o);
      s20 = m2.fma(x0, s20);
      s21 = m2.fma(x1, s21);
      FloatVector m3 = FloatVector.fromArray(S, maps, map3 + o);
      s30 = m3.fma(x0, s30);
      s31 = m3.fma(x1, s31);
    }
    VectorKernels.exact(s00).intoArray(sums, at + 0 * row + 0 * LANES);
    VectorKernels.exact(s01).intoArray(sums, at + 0 * row + 1 * LANES);
    VectorKernels.exact(s10).intoArray(sums, at + 1 * row + 0 * LANES);
    VectorKernels.exact(s11).intoArray(sums, at + 1 * row + 1 * LANES);
    VectorKernels.exact(s20).intoArray(sums, at + 2 * row + 0 * LANES);
    VectorKernels.exact(s21).intoArray(sums, at + 2 * row + 1 * LANES);
    VectorKernels.exact(s30).intoArray(sums, at + 3 * row + 0 * LANES);
    VectorKernels.exact(s31).intoArray(sums, at + 3 * row + 1 * LANES);
  }

  /** Adds the gradient of four units and one tap. */
  private static void fourByOne(CorrelationGradient g, int u, int t) {
    float[] maps = g.maps();
    float[] image = g.image();
    int[] positions = g.positions();
    float[] sums = g.sums();
    int tap0 = g.taps()[t + 0];
    int map0 = g.mapsFrom() + (u + 0) * g.mapStride();
    int map1 = g.mapsFrom() + (u + 1) * g.mapStride();
    int map2 = g.mapsFrom() + (u + 2) * g.mapStride();
    int map3 = g.mapsFrom() + (u + 3) * g.mapStride();
    int row = g.taps().length * LANES;
    int at = u * row + t * LANES;
    FloatVector s00 = FloatVector.fromArray(S, sums, at + 0 * row + 0 * LANES);
    FloatVector s10 = FloatVector.fromArray(S, sums, at + 1 * row + 0 * LANES);
    FloatVector s20 = FloatVector.fromArray(S, sums, at + 2 * row + 0 * LANES);
    FloatVector s30 = FloatVector.fromArray(S, sums, at + 3 * row + 0 * LANES);
    for (int v = 0; v < positions.length; v++) {
      int p = positions[v];
      int o = v * LANES;
      FloatVector x0 = FloatVector.fromArray(S, image, p + tap0);
      FloatVector m0 = FloatVector.fromArray(S, maps, map0 + o);
      s00 = m0.fma(x0, s00);
      FloatVector m1 = FloatVector.fromArray(S, maps, map1 + o);
      s10 = m1.fma(x0, s10);
      FloatVector m2 = FloatVector.fromArray(S, maps, map2 + o);
      s20 = m2.fma(x0, s20);
      FloatVector m3 = FloatVector.fromArray(S, maps, map3 + o);
      s30 = m3.fma(x0, s30);
    }
    VectorKernels.exact(s00).intoArray(sums, at + 0 * row + 0 * LANES);
    VectorKernels.exact(s10).intoArray(sums, at + 1 * row + 0 * LANES);
    VectorKernels.exact(s20).intoArray(sums, at + 2 * row + 0 * LANES);
    VectorKernels.exact(s30).intoArray(sums, at + 3 * row + 0 * LANES);
  }

  /** Adds the gradient of one unit and one tap. */
  private static void oneByOne(CorrelationGradient g, int u, int t) {
    float[] maps = g.maps();
    float[] image = g.image();
    int[] positions = g.positions();
    float[] sums = g.sums();
    int tap0 = g.taps()[t + 0];
    int map0 = g.mapsFrom() + (u + 0) * g.mapStride();
    int row = g.taps().length * LANES;
    int at = u * row + t * LANES;
    FloatVector s00 = FloatVector.fromArray(S, sums, at + 0 * row + 0 * LANES);
    for (int v = 0; v < positions.length; v++) {
      int p = positions[v];
      int o = v * LANES;
      FloatVector x0 = FloatVector.fromArray(S, image, p + tap0);
      FloatVector m0 = FloatVector.fromArray(S, maps, map0 + o);
      s00 = m0.fma(x0, s00);
    }
    VectorKernels.exact(s00).intoArray(sums, at + 0 * row + 0 * LANES);
  }

  static void addShifted(float[] values, int from, int[] positions, int tap, float[] image) {
    for (int v = 0; v < positions.length; v++) {
      int at = positions[v] + tap;
      FloatVector.fromArray(S, values, from + v * LANES)
          .add(FloatVector.fromArray(S, image, at))
          .intoArray(image, at);
    }
  }

  /** Finds the largest value, a vector at a time, and then its first occurrence. */
  static int argMax(float[] x, int from, int length) {
    int end = S.loopBound(length);
    float max = Float.NEGATIVE_INFINITY;
    if (end > 0) {
      FloatVector largest = FloatVector.fromArray(S, x, from);
      for (int i = LANES; i < end; i += LANES) {
        largest = FloatVector.fromArray(S, x, from + i).max(largest);
      }
      for (int lane = 0; lane < LANES; lane++) {
        max = Math.max(max, VectorKernels.exact(largest).lane(lane));
      }
    }
    for (int i = end; i < length; i++) {
      max = Math.max(max, x[from + i]);
    }
    return ScalarKernels.indexOf(x, from, length, max);
  }
}
