package org.sparksae.core.train;

import java.io.Serializable;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.rows.RowBlock;

/** What the rows of a batch are asked before the gradient of any of them. */
interface Question extends Serializable {

  /** Length of the answer. */
  int sums();

  /**
   * Adds some rows' part of the answer.
   *
   * @param encoded their activations
   * @param rows the rows
   * @param sums added to, [sums()]
   */
  void answer(EncodedBatch encoded, RowBlock rows, double[] sums);
}
