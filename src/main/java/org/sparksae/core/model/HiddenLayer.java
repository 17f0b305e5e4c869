package org.sparksae.core.model;

import java.io.Serializable;

/**
 * One hidden layer of the encoder.
 *
 * @param size values of a row of h, 1 or more
 * @param activation f in {@code h = f(W x + b)}; the decoder's hidden layer of the same size uses
 *     it too
 * @param sparsity the penalty on h
 * @param topK which units of a row are kept, at each position of a convolution, or null for all
 * @param lifetime which rows of a batch a unit keeps in training, or null for all
 * @param convolution of a layer whose units are maps, or null if every unit takes all values
 */
public record HiddenLayer(
    int size,
    Activation activation,
    Sparsity sparsity,
    TopK topK,
    LifetimeSparsity lifetime,
    Convolution convolution)
    implements Serializable {

  /** A fully connected layer. */
  public HiddenLayer(
      int size, Activation activation, Sparsity sparsity, TopK topK, LifetimeSparsity lifetime) {
    this(size, activation, sparsity, topK, lifetime, null);
  }

  /** A convolutional layer. */
  public HiddenLayer(
      Convolution convolution,
      Activation activation,
      Sparsity sparsity,
      TopK topK,
      LifetimeSparsity lifetime) {
    this(convolution.output().size(), activation, sparsity, topK, lifetime, convolution);
  }

  /** A layer that keeps all units of a row. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity) {
    this(size, activation, sparsity, null, null);
  }

  /** A layer that keeps some units of a row. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity, TopK topK) {
    this(size, activation, sparsity, topK, null);
  }

  /** Units: maps of a convolution, and else the values of a row. */
  public int units() {
    return convolution == null ? size : convolution.filters();
  }

  /** Values that a unit has in a row, side by side: the positions of a map, and else 1. */
  public int positions() {
    return size / units();
  }

  /** Whether a row's code is made as the few values of it that are kept. */
  public boolean keepsFew() {
    return topK != null || isSpatial();
  }

  /** Whether each map keeps its largest value alone. */
  public boolean isSpatial() {
    return convolution != null && convolution.spatialSparsity();
  }

  /** Whether the decoder goes by units: its matrix is then stored unit by unit, [units, out]. */
  public boolean isDecodedByUnit() {
    return topK != null || lifetime != null;
  }

  /** Whether the code that is decoded in training is kept as its non-zeros alone. */
  public boolean isSparse() {
    return keepsFew() || lifetime != null && lifetime.isSparse();
  }
}
