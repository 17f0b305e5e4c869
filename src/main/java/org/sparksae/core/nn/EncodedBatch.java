package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.code.CodeQuestion;

/**
 * The activations of some rows, as a trained model computes them. Valid until its {@code
 * Autoencoder} encodes other rows.
 */
public final class EncodedBatch {
  private final Network model;
  private final float[] parameters;
  private final Rows x;
  private final List<Rows> hidden;
  private TrainingBatch trained;
  private float[] foundOfTrained;

  EncodedBatch(Network model, float[] parameters, Rows x, List<Rows> hidden) {
    this.model = model;
    this.parameters = parameters;
    this.x = x;
    this.hidden = hidden;
  }

  /** Returns h_k, [n, size of layer k], k from 1. */
  public Rows hidden(int k) {
    return hidden.get(k - 1);
  }

  /** Returns h_K, the code, [n, codeSize]; sparse if few values of a row are kept. */
  public Rows code() {
    return hidden.get(hidden.size() - 1);
  }

  /** Returns x_hat, [n, outputSize], reconstructed from {@link #code()}. */
  public DenseRows reconstruct() {
    List<DenseRows> outputs = model.decode(parameters, x, code());
    return outputs.get(outputs.size() - 1);
  }

  /**
   * Returns the reconstructions from prefixes of {@link #code()}, which must be sparse, each [n,
   * outputSize]; the last one is x_hat.
   *
   * @param widths number of latents (hidden units) of each prefix, rising to all of them
   */
  public List<DenseRows> reconstructPrefixes(List<Integer> widths) {
    model.baseline().begin(parameters, x);
    return model.prefixes(widths).decodeAll(parameters, (SparseRows) code());
  }

  /**
   * Adds {@code sum over i of weight_i h_ij} of every hidden unit, layer by layer. For a map, h_ij
   * is the mean over its positions.
   *
   * @param rowWeights weight of each row, or null for 1
   * @param sums the sums are added to it, [hiddenUnits] from {@code from} on
   */
  public void addHiddenSums(float[] rowWeights, double[] sums, int from) {
    AutoencoderSpec spec = model.spec();
    int offset = from;
    for (int k = 1; k <= spec.depth(); k++) {
      int positions = spec.hiddenLayers().get(k - 1).positions();
      if (positions == 1) {
        addValueSums(hidden(k), rowWeights, sums, offset);
      } else {
        double[] values = new double[spec.size(k)];
        addValueSums(hidden(k), rowWeights, values, 0);
        for (int j = 0; j < values.length; j++) {
          sums[offset + j / positions] += values[j] / positions;
        }
      }
      offset += spec.units(k);
    }
  }

  private void addValueSums(Rows h, float[] rowWeights, double[] sums, int offset) {
    if (h instanceof DenseRows dense) {
      addColumnSums(dense, rowWeights, sums, offset);
    } else {
      ((SparseRows) h).addWeightedColumnSums(rowWeights, sums, offset);
    }
  }

  /** Each member sums its rows; the members' sums are then added in order. */
  private void addColumnSums(DenseRows rows, float[] rowWeights, double[] sums, int offset) {
    double[][] parts = new double[model.team().size()][];
    model
        .team()
        .split(
            rows.rows(),
            Layers.rowGrain(model.spec()),
            (member, from, to) -> {
              float[] weights =
                  rowWeights == null ? null : Arrays.copyOfRange(rowWeights, from, to);
              parts[member] = new double[rows.columns()];
              Kernels.addWeightedColumnSums(rows.slice(from, to), weights, parts[member], 0);
            });
    for (double[] part : parts) {
      for (int j = 0; part != null && j < part.length; j++) {
        sums[offset + j] += part[j];
      }
    }
  }

  /**
   * Adds the contribution of these rows to the answer to a question about the code.
   *
   * @param rowWeights weight of each row, or null for 1
   * @param totalWeight their sum
   * @param sums the contribution is added to it, [question.sums()]
   */
  public void answer(CodeQuestion question, float[] rowWeights, double totalWeight, double[] sums) {
    model.code().answer(question, rowWeights, totalWeight, sums);
  }

  /**
   * Returns the same rows with the code that training decodes, and their reconstruction. They are
   * computed once for the same {@code found}.
   *
   * @param found what the kind of code needs to know about the whole batch, {@link
   *     org.sparksae.core.nn.code.CodeSearch#found}; null if it needs nothing
   * @throws IllegalArgumentException if the kind needs something and {@code found} is null
   */
  public TrainingBatch forTraining(float[] found) {
    if (trained == null || foundOfTrained != found) {
      trained = decoded(found);
      foundOfTrained = found;
    }
    return trained;
  }

  private TrainingBatch decoded(float[] found) {
    List<Rows> h = new ArrayList<>(hidden.subList(0, hidden.size() - 1));
    Rows kept = model.code().keep(code(), found);
    h.add(kept);
    h.addAll(model.decodeForTraining(parameters, x, kept));
    return new TrainingBatch(model, parameters, x, h);
  }
}
