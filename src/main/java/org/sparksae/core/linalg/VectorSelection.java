package org.sparksae.core.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Scans rows and selects entries, in the Vector API, for {@link VectorKernels}. */
final class VectorSelection {
  private static final VectorSpecies<Float> S = VectorKernels.S;
  private static final int LANES = VectorKernels.LANES;

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, VectorShape.forBitSize(S.vectorBitSize()));

  private VectorSelection() {}

  /** Returns the mask of the bits that form an entry's key: all, or all except the sign. */
  private static int keyBits(boolean magnitude) {
    return magnitude ? Integer.MAX_VALUE : -1;
  }

  static int scanAboveEach(
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
    int end = S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      FloatVector value =
          FloatVector.fromArray(S, z, zFrom + i).add(FloatVector.fromArray(S, bias, biasFrom + i));
      FloatVector limits = FloatVector.fromArray(S, thresholds, thresholdsFrom + i);
      if (!value.compare(VectorOperators.LE, limits).allTrue()) {
        // Every lane is written; the next overwrites it unless it is a candidate.
        value.intoArray(values, next);
        for (int lane = 0, from = next; lane < LANES; lane++) {
          float candidate = values[from + lane];
          values[next] = candidate;
          indices[next] = firstIndex + i + lane;
          next += candidate <= thresholds[thresholdsFrom + i + lane] ? 0 : 1;
        }
      }
    }
    for (int i = end; i < length; i++) {
      float value = z[zFrom + i] + bias[biasFrom + i];
      if (!(value <= thresholds[thresholdsFrom + i])) {
        values[next] = value;
        indices[next] = firstIndex + i;
        next++;
      }
    }
    return next;
  }

  static int scanAbove(
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
    int end = S.loopBound(length);
    int keyBits = keyBits(magnitude);
    FloatVector thresholds = FloatVector.broadcast(S, threshold);
    for (int i = 0; i < end; i += LANES) {
      FloatVector value =
          FloatVector.fromArray(S, z, zFrom + i).add(FloatVector.fromArray(S, bias, biasFrom + i));
      FloatVector key = value.reinterpretAsInts().and(keyBits).reinterpretAsFloats();
      if (!key.compare(VectorOperators.LE, thresholds).allTrue()) {
        // Every lane is written; the next overwrites it unless it is a candidate.
        value.intoArray(values, next);
        for (int lane = 0, from = next; lane < LANES; lane++) {
          float candidate = values[from + lane];
          values[next] = candidate;
          indices[next] = firstIndex + i + lane;
          float size = Float.intBitsToFloat(Float.floatToRawIntBits(candidate) & keyBits);
          next += size <= threshold ? 0 : 1;
        }
      }
    }
    for (int i = end; i < length; i++) {
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

  static void groupMaxima(
      float[] z,
      int zFrom,
      int length,
      float[] bias,
      int biasFrom,
      boolean magnitude,
      int groups,
      float[] maxima) {
    int size = length / groups * LANES;
    int keyBits = keyBits(magnitude);
    for (int group = 0, from = 0; group < groups; group += LANES, from += size) {
      FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
      for (int i = from; i < from + size; i += LANES) {
        FloatVector value =
            FloatVector.fromArray(S, z, zFrom + i)
                .add(FloatVector.fromArray(S, bias, biasFrom + i));
        FloatVector key = value.reinterpretAsInts().and(keyBits).reinterpretAsFloats();
        max = key.blend(max, key.compare(VectorOperators.GT, max).not());
      }
      VectorKernels.exact(max).intoArray(maxima, group);
    }
  }

  /** Uses that x - x is 0 if x is finite, and NaN otherwise. */
  static boolean allFinite(float[] x, int from, int length) {
    FloatVector sums = FloatVector.zero(S);
    int end = S.loopBound(length);
    for (int i = 0; i < end; i += LANES) {
      FloatVector value = FloatVector.fromArray(S, x, from + i);
      sums = sums.add(value.sub(value));
    }
    float sum = sums.reduceLanes(VectorOperators.ADD);
    for (int i = end; i < length; i++) {
      sum += x[from + i] - x[from + i];
    }
    return sum == 0;
  }

  /** Copies a vector whole if all of its entries are active; in some codes they always are. */
  static int activeEntries(
      float[] x, int from, int length, float least, int[] columns, double[] values) {
    int next = 0;
    int end = S.loopBound(length);
    IntVector places = IntVector.zero(INTS).addIndex(1);
    for (int i = 0; i < end; i += LANES) {
      FloatVector size = FloatVector.fromArray(S, x, from + i).abs();
      if (size.compare(VectorOperators.LT, least).anyTrue()) {
        next = ScalarKernels.addActive(x, from, i, i + LANES, least, columns, values, next);
        continue;
      }
      places.add(i).intoArray(columns, next);
      toDoubles(x, from + i, values, next);
      toDoubles(x, from + i + VectorKernels.HALF, values, next + VectorKernels.HALF);
      next += LANES;
    }
    return ScalarKernels.addActive(x, from, end, length, least, columns, values, next);
  }

  private static void toDoubles(float[] x, int xFrom, double[] y, int yFrom) {
    DoubleVector half =
        (DoubleVector)
            FloatVector.fromArray(VectorKernels.HALF_FLOATS, x, xFrom)
                .convertShape(VectorOperators.F2D, VectorKernels.DOUBLES, 0);
    half.intoArray(y, yFrom);
  }
}
