package org.sparksae.core.linalg;

/**
 * A product of weights with shifted copies of an image, unit by unit:
 *
 * <pre>
 * out_u[v lanes + l] = bias_u + sum over t of weights[t, u] image[positions[v] + taps[t] + l],   0 &lt;= l &lt; lanes
 * </pre>
 *
 * <p>A convolution is such a product: its units are the filters, its taps the pixels of a window,
 * and its positions the starts of the windows, one vector of them at a time. The product of maps
 * with a matrix is another, with the maps as taps. Sums run in ascending order of t, so a result
 * does not depend on its neighbours.
 *
 * @param image the image; its length is at least the largest position + tap + lanes
 * @param positions start in the image of each vector of {@link Kernels#lanes()} floats
 * @param taps distances from the positions; the first {@code tapCount} are used
 * @param weights [taps, weightStride] from {@code weightsFrom} on; {@code units} columns are read
 * @param biases one bias per unit, from {@code biasFrom} on, or null for 0
 * @param out the results from {@code outFrom} on, with the units {@code outStride} apart
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
