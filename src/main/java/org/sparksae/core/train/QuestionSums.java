package org.sparksae.core.train;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.code.CodeMemory;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.PartitionFunction;
import org.sparksae.core.rows.PartitionRows;

/**
 * Computes a partition's part of the answer to a {@link Question}.
 *
 * @param spec the model
 * @param batch the rows
 * @param question the question
 */
record QuestionSums(AutoencoderSpec spec, Batch batch, Question question)
    implements PartitionFunction {

  @Override
  public double[] apply(float[] parameters, PartitionRows rows) {
    double[] sums = new double[question.sums()];
    try (Workspace workspace = Workspace.lend(spec, batch)) {
      rows.forEachTile(
          batch,
          workspace.gatheredRows(),
          tile ->
              question.answer(
                  workspace
                      .autoencoder()
                      .encodeForTraining(parameters, tile.inputs(), CodeMemory.NONE),
                  tile,
                  sums));
    }
    return sums;
  }
}
