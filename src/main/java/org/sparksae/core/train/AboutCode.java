package org.sparksae.core.train;

import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.nn.code.CodeQuestion;
import org.sparksae.core.rows.RowBlock;

/**
 * A {@link Question} that a kind of code needs answered.
 *
 * @param question the question of the code
 */
record AboutCode(CodeQuestion question) implements Question {

  @Override
  public int sums() {
    return question.sums();
  }

  @Override
  public void answer(EncodedBatch encoded, RowBlock rows, double[] sums) {
    encoded.answer(question, rows.weights(), rows.totalWeight(), sums);
  }
}
