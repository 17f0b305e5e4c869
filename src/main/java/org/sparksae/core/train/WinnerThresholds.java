package org.sparksae.core.train;

import java.util.function.Function;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.UnitThresholds;

/**
 * The thresholds of lifetime sparsity over a batch, by rounds of sums over its rows.
 *
 * <p>They are found between the forward and the backward pass, as mean activations are: thresholds
 * of a part of the batch would be those of another model.
 */
final class WinnerThresholds {
  private WinnerThresholds() {}

  /**
   * Finds them.
   *
   * @param digitBits see {@link UnitThresholds}
   * @param sums what the rows of the whole batch say to a round's question
   * @return one for each unit of the code, or null for a model that keeps all of a code
   */
  static float[] find(
      AutoencoderSpec spec, int digitBits, Function<UnitThresholds.Digit, double[]> sums) {
    if (spec.lifetime() == null) {
      return null;
    }
    UnitThresholds search =
        new UnitThresholds(
            spec.units(spec.depth()), spec.winnersOfRow() * spec.lifetime().share(), digitBits);
    while (!search.isDone()) {
      search.narrow(sums.apply(search.next()));
    }
    return search.values();
  }
}
