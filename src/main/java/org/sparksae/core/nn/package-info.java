/**
 * The model: activations, sparsity penalties, layers, an autoencoder as data and its forward and
 * backward pass.
 *
 * <p>Knows nothing of optimisers, partitions or Spark. A new penalty is one constant of {@link
 * org.sparksae.core.nn.SparsityKind}, a new activation one of {@link
 * org.sparksae.core.nn.Activation}.
 */
package org.sparksae.core.nn;
