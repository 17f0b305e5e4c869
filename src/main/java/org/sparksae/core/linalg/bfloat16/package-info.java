/**
 * Matrix products of values that are rounded to bfloat16, the upper half of a float: 8 bits of
 * precision, and the range of float.
 *
 * <p>{@link org.sparksae.core.linalg.bfloat16.Bfloat16Backend} chooses, once per JVM, what computes
 * them: oneDNN ({@code OneDnnProducts}), whose native library {@code OneDnnArtifact} finds on the
 * class path and {@code OneDnnLoader} loads, or {@code RoundedFloats}. Internal: public only for
 * the packages that use it.
 */
package org.sparksae.core.linalg.bfloat16;
