package org.sparksae.core.linalg;

/**
 * What a {@link Correlation} of a bias of 0 leaves for its weights' gradient, by lanes:
 *
 * <pre>
 * sums[u, t, l] += sum over v of maps_u[v lanes + l] image[positions[v] + taps[t] + l],   0 &lt;= l &lt; lanes
 * </pre>
 *
 * <p>The gradient is the sum over the lanes l, which is left for when all images are through.
 *
 * @param maps dJ/dout, units {@code mapStride} apart, from {@code mapsFrom} on
 * @param image as in the product
 * @param positions as in the product
 * @param taps as in the product, all of which count
 * @param sums [units, taps, lanes], added to
 */
public record CorrelationGradient(
    float[] maps,
    int mapsFrom,
    int mapStride,
    int units,
    float[] image,
    int[] positions,
    int[] taps,
    float[] sums) {}
