package org.sparksae.core.linalg;

/**
 * The weight gradient of a {@link Correlation} without bias, one partial sum per lane:
 *
 * <pre>
 * sums[u, t, l] += sum over v of maps_u[v lanes + l] image[positions[v] + taps[t] + l],   0 &lt;= l &lt; lanes
 * </pre>
 *
 * <p>The gradient is the sum over the lanes l. It is computed once, after all images.
 *
 * @param maps dJ/dout from {@code mapsFrom} on, with the units {@code mapStride} apart
 * @param image as in the product
 * @param positions as in the product
 * @param taps as in the product; all of them are used
 * @param sums [units, taps, lanes]; the partial sums are added to it
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
