package org.sparksae.core.rows;

import java.io.Serializable;
import org.sparksae.core.Text;

/**
 * A corruption of the encoder's input in training. The reconstruction is still compared with the
 * clean row x. Kinds and level have the names of the Params:
 *
 * <pre>
 * J = (1/N) sum over i of 1/2 |x_hat(x~_i) - x_i|^2 + ...,   x~_i a corrupted x_i
 * masking:        x~_ij = 0 with probability level, otherwise x_ij
 * gaussian:       x~_ij = x_ij + level * n_ij,  n_ij of the standard normal distribution
 * saltAndPepper:  x~_ij = 0 or 1, each with probability level / 2, otherwise x_ij
 * </pre>
 *
 * <p>Each value is drawn independently. Source: Vincent, Larochelle, Lajoie, Bengio and Manzagol,
 * Stacked Denoising Autoencoders (2010), who mask and salt a fixed number of a row's values.
 *
 * @param kind the kind of noise
 * @param level masking and saltAndPepper: a probability in [0, 1); gaussian: the standard
 *     deviation, 0 or more
 */
public record Corruption(CorruptionKind kind, double level) implements Serializable {

  /** No corruption. */
  public static final Corruption NONE = new Corruption(CorruptionKind.NONE, 0);

  /**
   * Checks the level.
   *
   * @throws IllegalArgumentException naming the Param, its value and the rule
   */
  public Corruption {
    boolean isProbability =
        kind == CorruptionKind.MASKING || kind == CorruptionKind.SALT_AND_PEPPER;
    if (isProbability && !(level >= 0 && level < 1)) {
      throw new IllegalArgumentException(
          Text.format(
              "corruptionLevel must be in [0, 1) with corruption = %s, the share of values that are replaced; got %s",
              kind.paramName(), level));
    }
    if (kind == CorruptionKind.GAUSSIAN && !(level >= 0 && Double.isFinite(level))) {
      throw new IllegalArgumentException(
          Text.format(
              "corruptionLevel must be 0 or more and finite with corruption = gaussian, the standard deviation of the noise; got %s",
              level));
    }
  }

  /** Whether rows stay unchanged. */
  public boolean isNone() {
    return kind == CorruptionKind.NONE;
  }

  /**
   * Returns the noise of one epoch; null if there is no corruption.
   *
   * @param seed the run's seed
   * @param epoch from 1; {@link Noise#FIXED} for the same noise in every epoch
   */
  public Noise at(long seed, int epoch) {
    return isNone() ? null : new Noise(this, seed, epoch);
  }
}
