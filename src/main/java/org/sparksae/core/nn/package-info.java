/**
 * How a model computes: the forward and the backward pass of an {@link
 * org.sparksae.core.model.AutoencoderSpec}.
 *
 * <p>Layers are in {@code nn.layer}, kinds of codes in {@code nn.code}; both stand below. Knows
 * nothing of optimisers, partitions or Spark.
 */
package org.sparksae.core.nn;
