package org.sparksae.core.model;

import java.io.Serializable;

/**
 * One hidden layer of the encoder.
 *
 * @param size number of values of h per row, 1 or more
 * @param activation f in {@code h = f(W x + b)}; the decoder's hidden layer of the same size also
 *     uses it
 * @param sparsity the penalty on h
 * @param form which activations form the code; {@link CodeForm#ALL} in all layers except the last
 * @param convolution the geometry of a layer whose units are maps, or null if the layer is fully
 *     connected
 */
public record HiddenLayer(
    int size, Activation activation, Sparsity sparsity, CodeForm form, Convolution convolution)
    implements Serializable {

  /** Creates a fully connected layer that keeps all units of a row. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity) {
    this(size, activation, sparsity, CodeForm.ALL);
  }

  /** Creates a fully connected layer. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity, CodeForm form) {
    this(size, activation, sparsity, form, null);
  }

  /** Creates a convolutional layer. */
  public HiddenLayer(
      Convolution convolution, Activation activation, Sparsity sparsity, CodeForm form) {
    this(convolution.output().size(), activation, sparsity, form, convolution);
  }

  /** Returns the number of units: the maps of a convolution, otherwise the values per row. */
  public int units() {
    return convolution == null ? size : convolution.filters();
  }

  /**
   * Returns the number of adjacent values that a unit has per row: the positions of a map,
   * otherwise 1.
   */
  public int positions() {
    return size / units();
  }

  /** Returns whether each map keeps only its largest value. */
  public boolean isSpatial() {
    return form instanceof SpatialSparsity;
  }

  /**
   * Returns whether an activation can be exactly 0, so that a unit is either active in a row or
   * not.
   */
  public boolean canBeSilent() {
    return form.selects() || activation == Activation.RELU;
  }

  /** Returns whether the objective depends on the lengths of the decoder vectors of its units. */
  public boolean needsDecoderNorms() {
    return sparsity.kind().needsDecoderNorms() || form.needsDecoderNorms();
  }

  /** Returns the same layer with another kind of code. */
  public HiddenLayer with(CodeForm other) {
    return new HiddenLayer(size, activation, sparsity, other, convolution);
  }

  /** Returns the same layer with another penalty. */
  public HiddenLayer with(Sparsity other) {
    return new HiddenLayer(size, activation, other, form, convolution);
  }
}
