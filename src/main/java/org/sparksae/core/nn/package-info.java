/**
 * How a model computes: the forward and the backward pass of an {@link
 * org.sparksae.core.model.AutoencoderSpec}, layer by layer.
 *
 * <p>Knows nothing of optimisers, partitions or Spark.
 */
package org.sparksae.core.nn;
