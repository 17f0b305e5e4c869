package org.sparksae.core.linalg;

/**
 * A product of weights with shifted copies of an image, one unit after the other:
 *
 * <pre>
 * out_u[v lanes + l] = bias_u + sum over t of weights[t, u] image[positions[v] + taps[t] + l],   0 &lt;= l &lt; lanes
 * </pre>
 *
 * <p>A convolution is such a product with units = filters, taps = the pixels of a window, and
 * positions = where the windows begin, by the vector. So is a plain product of maps with a matrix,
 * with taps = maps. The sum goes by ascending t, so a result does not depend on its neighbours.
 *
 * @param image [at least the largest position + tap + lanes]
 * @param positions where the vectors of a unit begin, each of {@link Kernels#lanes()} floats
 * @param taps distances from there, of which {@code tapCount} count
 * @param weights [taps, weightStride] from {@code weightsFrom} on, of which {@code units} columns
 *     are read
 * @param biases one for each unit, from {@code biasFrom} on, or null for 0
 * @param out units {@code outStride} apart, from {@code outFrom} on
 */
public record Correlation(
    float[] image,
    int[] positions,
    int[] taps,
    int tapCount,
    float[] weights,
    int weightsFrom,
    int weightStride,
    int units,
    float[] biases,
    int biasFrom,
    float[] out,
    int outFrom,
    int outStride) {

  float bias(int unit) {
    return biases == null ? 0f : biases[biasFrom + unit];
  }
}
