package org.sparksae.core.nn;

import java.io.Serializable;

/**
 * One hidden layer of the encoder.
 *
 * @param size number of units, 1 or more
 * @param activation f in {@code h = f(W x + b)}; the decoder's hidden layer of the same size uses
 *     it too
 * @param sparsity the penalty on h
 * @param topK which units of a row are kept, or null for all
 * @param lifetime which rows of a batch a unit keeps in training, or null for all
 */
public record HiddenLayer(
    int size, Activation activation, Sparsity sparsity, TopK topK, LifetimeSparsity lifetime)
    implements Serializable {

  /** A layer that keeps all units of a row. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity) {
    this(size, activation, sparsity, null, null);
  }

  /** A layer that keeps some units of a row. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity, TopK topK) {
    this(size, activation, sparsity, topK, null);
  }

  /** Whether the decoder goes by units: its matrix is then stored unit by unit, [units, out]. */
  boolean isDecodedByUnit() {
    return topK != null || lifetime != null;
  }

  /** Whether the code that is decoded in training is kept as its non-zeros alone. */
  boolean isSparse() {
    return topK != null || lifetime != null && lifetime.isSparse();
  }
}
