package org.sparksae.core.train;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.TensorRole;

/**
 * Gives dead latents of a model of one layer the direction of rows.
 *
 * <pre>
 * V_j = u,   W_j = s m u,   b_j = 0       u = (x - c) / |x - c|
 * m   = mean length of the encoder vectors of the other latents, or of all if all are dead
 * s   = {@value #SHARE}, so that a new latent disturbs little; 1 where latents compete, which a
 *       shorter vector would lose
 * </pre>
 *
 * <p>c is the pre-bias, 0 without one. Thresholds and other tensors of the code have their initial
 * values. A tied matrix has W_j, or u if its vectors must have length 1.
 */
final class Replacement {
  private static final double SHARE = 0.2;

  private final AutoencoderSpec spec;
  private final ParameterLayout layout;
  private final Tensor encoder;
  private final float[] parameters;
  private final double length;

  /**
   * A replacement.
   *
   * @param parameters flat parameters, which {@link #replace} changes
   * @param dead the dead latents, ascending
   */
  Replacement(AutoencoderSpec spec, float[] parameters, int[] dead) {
    this.spec = spec;
    this.layout = spec.layout();
    this.encoder = layout.tensor(ParameterLayout.encoderWeight(1));
    this.parameters = parameters;
    boolean unit = spec.tiedWeights() && spec.decoderNorm() == DecoderNorm.UNIT;
    this.length = unit ? 1 : (competes(spec) ? 1 : SHARE) * meanLength(dead);
  }

  private static boolean competes(AutoencoderSpec spec) {
    CodeForm form = spec.code().form();
    return form.unitsKept().isPresent() || form.needsBatch();
  }

  private double meanLength(int[] dead) {
    int[] live =
        IntStream.range(0, encoder.rows()).filter(j -> Arrays.binarySearch(dead, j) < 0).toArray();
    int[] measured = live.length > 0 ? live : dead;
    double sum = 0;
    for (int j : measured) {
      sum += Math.sqrt(Kernels.squaredNorm(parameters, rowOf(j), encoder.columns()));
    }
    return sum / measured.length;
  }

  private int rowOf(int latent) {
    return encoder.offset() + latent * encoder.columns();
  }

  /**
   * Returns the direction u of a row, [inputSize]; null if the row is c.
   *
   * @param rows has the row at {@code from}
   */
  double[] direction(double[] rows, int from) {
    double[] u = Arrays.copyOfRange(rows, from, from + encoder.columns());
    int c = layout.tensor(ParameterLayout.decoderBias(1)).offset();
    double squares = 0;
    for (int i = 0; i < u.length; i++) {
      u[i] -= spec.preBias() ? parameters[c + i] : 0;
      squares += u[i] * u[i];
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < u.length; i++) {
      u[i] /= norm;
    }
    return norm > 0 ? u : null;
  }

  /** Gives a latent a direction, and returns the indices of the parameters that changed. */
  int[] replace(int latent, double[] u) {
    int[] changed = indices(latent);
    int d = u.length;
    for (int i = 0; i < d; i++) {
      parameters[changed[i]] = (float) (length * u[i]);
    }
    int at = d;
    if (!spec.tiedWeights()) {
      for (int i = 0; i < d; i++) {
        parameters[changed[at++]] = (float) u[i];
      }
    }
    parameters[changed[at++]] = 0;
    for (TensorRole role : spec.code().form().tensors()) {
      double start = role == TensorRole.THRESHOLD ? spec.code().form().startThreshold() : 0;
      parameters[changed[at++]] = (float) start;
    }
    return changed;
  }

  /** Encoder vector, decoder vector if it is another, bias, and the other tensors of the code. */
  private int[] indices(int latent) {
    IntStream all = IntStream.range(0, encoder.columns()).map(i -> rowOf(latent) + i);
    if (!spec.tiedWeights()) {
      all = IntStream.concat(all, decoderVector(latent));
    }
    IntStream ofCode =
        spec.code().form().tensors().stream()
            .mapToInt(role -> layout.tensor(ParameterLayout.ofCode(1, role)).offset() + latent);
    int bias = layout.tensor(ParameterLayout.encoderBias(1)).offset() + latent;
    return IntStream.concat(IntStream.concat(all, IntStream.of(bias)), ofCode).toArray();
  }

  private IntStream decoderVector(int latent) {
    Tensor decoder = layout.tensor(ParameterLayout.decoderWeight(1));
    return spec.code().form().isDecodedByUnit()
        ? IntStream.range(0, decoder.columns())
            .map(i -> decoder.offset() + latent * decoder.columns() + i)
        : IntStream.range(0, decoder.rows())
            .map(i -> decoder.offset() + i * decoder.columns() + latent);
  }
}
