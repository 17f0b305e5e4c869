package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;

/**
 * Sums a partition's part of the objective, without the gradient. The result has the sums of {@link
 * ObjectiveLayout}.
 *
 * @param spec the model
 * @param batch the rows
 * @param statistics statistics of the whole batch
 */
record ObjectiveSums(AutoencoderSpec spec, Batch batch, BatchStatistics statistics)
    implements PartitionFunction {

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[ObjectiveLayout.of(spec).length()];
    try (Workspace workspace = Workspace.lend(spec, batch)) {
      rows.forEachTile(
          batch,
          workspace.gatheredRows(),
          tile -> {
            sums[ObjectiveLayout.WEIGHT] += tile.totalWeight();
            sums[ObjectiveLayout.ROWS] += tile.rows().rows();
            workspace
                .autoencoder()
                .encodeForTraining(parameters, tile.inputs(), CodeMemory.NONE)
                .forTraining(statistics.found())
                .addObjective(tile.rows(), tile.weights(), sums);
          });
    }
    return sums;
  }
}
