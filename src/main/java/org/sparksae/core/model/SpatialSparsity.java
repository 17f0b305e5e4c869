package org.sparksae.core.model;

import java.util.Map;

/**
 * Spatial winner-take-all: in each map of a row, only the largest activation is kept, and the
 * gradient passes only through it. Among equal activations the first is kept.
 *
 * <pre>
 * h[f, p, q] is kept at the first (p, q) where it is largest, and is set to 0 otherwise
 * </pre>
 *
 * <p>This form applies to training only. The code of a trained model consists of the plain
 * activations of the maps; the reconstruction uses the winners, as the decoder learnt.
 *
 * <p>Source: Makhzani and Frey, Winner-Take-All Autoencoders (NIPS 2015), section 3.
 *
 * @param of which winners of the maps are kept: {@link CodeForm#ALL} or {@link LifetimeSparsity}
 */
public record SpatialSparsity(CodeForm of) implements CodeForm {

  @Override
  public String paramName() {
    return "spatialSparsity";
  }

  @Override
  public void check(Activation activation, int units, boolean hasMaps) {
    Rule.require(
        of instanceof AllUnits || of instanceof LifetimeSparsity,
        EXCLUDE_EACH_OTHER,
        paramName(),
        of.paramName());
    Rule.require(hasMaps, "spatialSparsity needs maps: the layer is not a convolution");
    of.check(activation, units, hasMaps);
  }

  /**
   * Returns the fields for the winners; spatial sparsity itself is recorded with the convolution.
   */
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
  public int valuesHeld(int units, int positions) {
    return units;
  }

  @Override
  public CodeForm encoding() {
    return of.encoding();
  }
}
