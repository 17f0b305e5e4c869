package org.sparksae.core.train;

import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.BatchFactors;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.nn.TrainingBatch;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/**
 * Sums that replace the two phases of {@link GradientSource} by one pass, for one hidden layer:
 * {@code [GradientSums with slopes of 0; sum over i of weight_i h_ij for every unit; the gradient
 * of the layer's weights and biases that a slope of 1 of each unit adds]}. The slopes follow from
 * the means, which are known once the sums of all rows are added up.
 *
 * <p>Compared with the second phase alone, this takes one more matrix product and up to half as
 * many sums again. It pays where a pass over the rows costs more, such as a Spark job for each
 * mini-batch.
 *
 * @param spec the model, of one hidden layer
 * @param batch the rows
 */
record OnePassSums(AutoencoderSpec spec, Batch batch) implements PartitionFunction {

  /** The largest length of an array that JVMs allocate. */
  private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

  /**
   * Whether the gradient of a model can be computed in one pass. With a pre-bias, slopes change the
   * gradient of the decoder's biases as well, which these sums leave out.
   */
  static boolean isFor(AutoencoderSpec spec) {
    return spec.depth() == 1
        && spec.needsMeans()
        && !spec.preBias()
        && (long) slopesOffset(spec) + weight(spec).size() + spec.hiddenUnits() < MAX_LENGTH;
  }

  static int activationsOffset(AutoencoderSpec spec) {
    return GradientSums.gradientOffset(spec) + spec.layout().size();
  }

  static int slopesOffset(AutoencoderSpec spec) {
    return activationsOffset(spec) + spec.hiddenUnits();
  }

  /** Number of sums. */
  static int length(AutoencoderSpec spec) {
    return slopesOffset(spec) + weight(spec).size() + spec.hiddenUnits();
  }

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[length(spec)];
    BatchFactors none = BatchFactors.of(new float[spec.depth()][]);
    GradientSums gradient =
        new GradientSums(spec, batch, BatchStatistics.NONE, CodeMemory.NONE, false);
    try (Workspace workspace = Workspace.lend(spec, batch)) {
      rows.forEachTile(
          batch,
          workspace.gatheredRows(),
          tile -> {
            EncodedBatch encoded = workspace.autoencoder().encode(parameters, tile.inputs());
            TrainingBatch trained = encoded.forTraining(null);
            gradient.addTile(trained, tile, none, workspace, sums);
            encoded.addHiddenSums(tile.weights(), sums, activationsOffset(spec));
            addUnitSlopes(trained, tile, workspace.gradient(), sums);
          });
    }
    return sums;
  }

  private void addUnitSlopes(
      TrainingBatch trained, RowBlock tile, float[] gradient, double[] sums) {
    trained.unitSlopeGradient(tile.weights(), gradient);
    int at = slopesOffset(spec);
    Kernels.addTo(gradient, weight(spec).offset(), weight(spec).size(), sums, at);
    Kernels.addTo(
        gradient, bias(spec).offset(), spec.hiddenUnits(), sums, at + weight(spec).size());
  }

  /** Computes mean activations from these sums, [hiddenUnits]; 0 if all weights are 0. */
  static double[] means(AutoencoderSpec spec, double[] sums) {
    double[] means = new double[spec.hiddenUnits()];
    double weight = sums[ObjectiveLayout.WEIGHT];
    for (int j = 0; weight > 0 && j < means.length; j++) {
      means[j] = sums[activationsOffset(spec) + j] / weight;
    }
    return means;
  }

  /** Adds the penalty's part to the sums of the gradient, once its slopes are known. */
  static void addSlopes(AutoencoderSpec spec, float[] slopes, double[] sums) {
    int gradient = GradientSums.gradientOffset(spec);
    int units = spec.hiddenUnits();
    int inputs = weight(spec).columns();
    int from = slopesOffset(spec);
    for (int j = 0; j < units; j++) {
      int row = gradient + weight(spec).offset() + j * inputs;
      for (int i = 0; i < inputs; i++) {
        sums[row + i] += slopes[j] * sums[from + j * inputs + i];
      }
      sums[gradient + bias(spec).offset() + j] += slopes[j] * sums[from + units * inputs + j];
    }
  }

  private static Tensor weight(AutoencoderSpec spec) {
    return spec.layout().tensor(ParameterLayout.encoderWeight(1));
  }

  private static Tensor bias(AutoencoderSpec spec) {
    return spec.layout().tensor(ParameterLayout.encoderBias(1));
  }
}
