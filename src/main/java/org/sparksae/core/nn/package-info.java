/**
 * Computes a model: the forward and the backward pass of an {@link
 * org.sparksae.core.model.AutoencoderSpec}.
 *
 * <p>It uses {@code nn.layer}, which has the layers, and {@code nn.code}, which has the kinds of
 * codes. It does not know optimisers, partitions or Spark.
 */
package org.sparksae.core.nn;
