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
 */
public record HiddenLayer(int size, Activation activation, Sparsity sparsity, TopK topK)
    implements Serializable {

  /** A layer that keeps all units of a row. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity) {
    this(size, activation, sparsity, null);
  }
}
