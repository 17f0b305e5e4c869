package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.IntArrayParam;

/** The Param objects of a {@code SparseAutoencoder} or its model. */
public final class SparseAutoencoderParamSet extends AutoencoderParamSet {
  private static final long serialVersionUID = 1L;

  final IntArrayParam hiddenLayers;

  public SparseAutoencoderParamSet(SparseAutoencoderParams parent) {
    super(parent);
    hiddenLayers =
        new IntArrayParam(
            parent,
            "hiddenLayers",
            "units of each hidden layer of the encoder, from the input inwards; the last is the code",
            Rules.sizes("hiddenLayers"));
  }
}
