package org.sparksae.core.train;

import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.nn.BatchFactors;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.nn.TrainingBatch;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;

/**
 * Sums a partition's part of the objective and its gradient, given the statistics of the batch. The
 * result has the sums of {@link ObjectiveLayout}, followed by the gradient, and by {@link
 * RowLosses} if they are asked for.
 *
 * @param spec the model
 * @param batch the rows
 * @param statistics statistics of the whole batch
 * @param memory what the training remembers of earlier batches
 * @param measuresRows whether to add the losses of rows
 */
record GradientSums(
    AutoencoderSpec spec,
    Batch batch,
    BatchStatistics statistics,
    CodeMemory memory,
    boolean measuresRows)
    implements PartitionFunction {

  static int gradientOffset(AutoencoderSpec spec) {
    return ObjectiveLayout.of(spec).length();
  }

  static int lossesOffset(AutoencoderSpec spec) {
    return gradientOffset(spec) + spec.layout().size();
  }

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[lossesOffset(spec) + (measuresRows ? RowLosses.length(batch) : 0)];
    BatchFactors factors = statistics.factors(spec);
    try (Workspace workspace = Workspace.lend(spec, batch)) {
      rows.forEachTile(
          batch,
          workspace.gatheredRows(),
          tile -> {
            EncodedBatch encoded =
                workspace.autoencoder().encodeForTraining(parameters, tile.inputs(), memory);
            addTile(encoded.forTraining(statistics.found()), tile, factors, workspace, sums);
          });
    }
    return sums;
  }

  /**
   * Adds one tile. Its gradient is computed in float, but summed in double, because a partition may
   * have millions of tiles.
   */
  void addTile(
      TrainingBatch trained,
      RowBlock tile,
      BatchFactors factors,
      Workspace workspace,
      double[] sums) {
    trained.backward(tile.rows(), tile.weights(), factors, sums, workspace.gradient(), false);
    if (!batch.isAll()) {
      trained.addFirings(tile.weights(), sums);
    }
    if (measuresRows) {
      RowLosses.add(batch, tile, trained.reconstruction(), sums, lossesOffset(spec));
    }
    sums[ObjectiveLayout.WEIGHT] += tile.totalWeight();
    sums[ObjectiveLayout.ROWS] += tile.rows().rows();
    Kernels.addTo(workspace.gradient(), sums, gradientOffset(spec));
  }
}
