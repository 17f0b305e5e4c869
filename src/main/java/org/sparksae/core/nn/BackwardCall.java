package org.sparksae.core.nn;

import java.util.Arrays;
import java.util.List;
import org.sparksae.core.linalg.Rows;

/**
 * The arguments of a backward pass.
 *
 * @param x input, [n, inputSize]
 * @param target the rows to reconstruct, [n, outputSize]
 * @param h activations of every layer, of the encoder inwards and then of the decoder outwards
 * @param rowWeights weight of each row, [n], or null for 1
 * @param factors what is constant over the batch
 * @param gradient the flat gradient
 * @param accumulate whether to add to the gradient instead of replacing it
 */
record BackwardCall(
    float[] parameters,
    Rows x,
    Rows target,
    List<Rows> h,
    float[] rowWeights,
    BatchFactors factors,
    float[] gradient,
    boolean accumulate) {

  Rows input(int layer) {
    return layer == 0 ? x : h.get(layer - 1);
  }

  float[] weights(int from, int to) {
    return rowWeights == null ? null : Arrays.copyOfRange(rowWeights, from, to);
  }
}
