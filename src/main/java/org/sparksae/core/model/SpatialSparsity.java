package org.sparksae.core.model;

import java.util.Map;

/**
 * Spatial winner-take-all: each map of an example keeps its largest activation alone, the first of
 * equal ones, and the gradient passes through it alone.
 *
 * <pre>
 * h[f, p, q] stays at the first (p, q) where it is largest, and is else 0
 * </pre>
 *
 * <p>It is the form of training. A trained model's code is the plain activations of its maps; its
 * reconstruction is made from the winners, as the decoder learnt it.
 *
 * <p>Source: Makhzani and Frey, Winner-Take-All Autoencoders (NIPS 2015), section 3.
 *
 * @param of what is kept of the maps' winners: {@link CodeForm#ALL}, or {@link LifetimeSparsity}
 */
public record SpatialSparsity(CodeForm of) implements CodeForm {

  @Override
  public String paramName() {
    return "spatialSparsity";
  }

  @Override
  public void check(HiddenLayer layer) {
    Rule.require(
        of instanceof AllUnits || of instanceof LifetimeSparsity,
        EXCLUDE_EACH_OTHER,
        paramName(),
        of.paramName());
    Rule.require(
        layer.convolution() != null, "spatialSparsity needs maps: the layer is not a convolution");
    of.check(layer);
  }

  /** Those of the winners; spatial sparsity itself is recorded with the convolution. */
  @Override
  public Map<String, Object> fields() {
    return of.fields();
  }

  @Override
  public Activation defaultActivation() {
    return Activation.RELU;
  }

  @Override
  public int formatVersion() {
    return 4;
  }

  @Override
  public boolean keepsFew() {
    return true;
  }

  @Override
  public boolean needsBatch() {
    return of.needsBatch();
  }

  @Override
  public boolean isDecodedByUnit() {
    return of.isDecodedByUnit();
  }

  @Override
  public int valuesHeld(HiddenLayer layer) {
    return layer.units();
  }

  @Override
  public CodeForm encoding() {
    return of.encoding();
  }
}
