package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;

/** Where the decoder vectors of a model lie, and what must hold for them, in slow double. */
public final class DecoderVectors {
  private DecoderVectors() {}

  /** For each unit of each layer the indices of its decoder vector. */
  public static List<int[]> indices(AutoencoderSpec spec) {
    List<int[]> indices = new ArrayList<>();
    for (int k = 1; k <= spec.depth(); k++) {
      boolean tied = spec.tiedWeights();
      Tensor matrix =
          spec.layout()
              .tensor(tied ? ParameterLayout.encoderWeight(k) : ParameterLayout.decoderWeight(k));
      boolean convolves = spec.hiddenLayers().get(k - 1).convolution() != null;
      // [units, out], or [out, units] where a dense code is decoded as a whole.
      boolean byRows = tied || convolves || matrix.rows() == spec.units(k) && isCode(spec, k);
      for (int unit = 0; unit < spec.units(k); unit++) {
        int[] vector = new int[matrix.size() / spec.units(k)];
        for (int i = 0; i < vector.length; i++) {
          int element = byRows ? unit * vector.length + i : i * spec.units(k) + unit;
          vector[i] = matrix.offset() + element;
        }
        indices.add(vector);
      }
    }
    return indices;
  }

  /** Whether the layer's code is kept as few entries, so that its matrix lies unit by unit. */
  private static boolean isCode(AutoencoderSpec spec, int k) {
    return k == spec.depth() && spec.code().form().selects();
  }

  /** The lengths of all decoder vectors. */
  public static double[] lengths(AutoencoderSpec spec, float[] parameters) {
    return indices(spec).stream()
        .mapToDouble(
            vector -> {
              double squares = 0;
              for (int i : vector) {
                squares += (double) parameters[i] * parameters[i];
              }
              return Math.sqrt(squares);
            })
        .toArray();
  }

  /** Takes from the gradient of each vector its part along the vector. */
  public static void project(AutoencoderSpec spec, double[] parameters, double[] gradient) {
    for (int[] vector : indices(spec)) {
      double product = 0;
      for (int i : vector) {
        product += gradient[i] * parameters[i];
      }
      for (int i : vector) {
        gradient[i] -= product * parameters[i];
      }
    }
  }

  /** Divides each vector by its length. */
  public static void normalise(AutoencoderSpec spec, double[] parameters) {
    for (int[] vector : indices(spec)) {
      double squares = 0;
      for (int i : vector) {
        squares += parameters[i] * parameters[i];
      }
      for (int i : vector) {
        parameters[i] /= Math.sqrt(squares);
      }
    }
  }
}
