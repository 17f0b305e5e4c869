package org.sparksae.core.model;

import java.io.Serializable;

/**
 * One hidden layer of the encoder.
 *
 * @param size values of a row of h, 1 or more
 * @param activation f in {@code h = f(W x + b)}; the decoder's hidden layer of the same size uses
 *     it too
 * @param sparsity the penalty on h
 * @param form which activations are the code; {@link CodeForm#ALL} in all layers but the last
 * @param convolution the geometry of a layer whose units are maps, or null if every unit takes all
 *     values
 */
public record HiddenLayer(
    int size, Activation activation, Sparsity sparsity, CodeForm form, Convolution convolution)
    implements Serializable {

  /** A fully connected layer that keeps all units of a row. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity) {
    this(size, activation, sparsity, CodeForm.ALL);
  }

  /** A fully connected layer. */
  public HiddenLayer(int size, Activation activation, Sparsity sparsity, CodeForm form) {
    this(size, activation, sparsity, form, null);
  }

  /** A convolutional layer. */
  public HiddenLayer(
      Convolution convolution, Activation activation, Sparsity sparsity, CodeForm form) {
    this(convolution.output().size(), activation, sparsity, form, convolution);
  }

  /** Units: the maps of a convolution, otherwise the values of a row. */
  public int units() {
    return convolution == null ? size : convolution.filters();
  }

  /** Values that a unit has in a row, side by side: the positions of a map, otherwise 1. */
  public int positions() {
    return size / units();
  }

  /** Whether each map keeps its largest value alone. */
  public boolean isSpatial() {
    return form instanceof SpatialSparsity;
  }

  /** Whether an activation can be exactly 0, so that a unit is either active in a row or not. */
  public boolean canBeSilent() {
    return form.selects() || activation == Activation.RELU;
  }

  /** The same layer with another kind of code. */
  public HiddenLayer with(CodeForm other) {
    return new HiddenLayer(size, activation, sparsity, other, convolution);
  }

  /** The same layer with another penalty. */
  public HiddenLayer with(Sparsity other) {
    return new HiddenLayer(size, activation, other, form, convolution);
  }
}
