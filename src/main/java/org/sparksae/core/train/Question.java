package org.sparksae.core.train;

import java.io.Serializable;
import org.sparksae.core.nn.EncodedBatch;
import org.sparksae.core.rows.RowBlock;

/** A sum over all rows of a batch that must be known before the gradient of any row. */
interface Question extends Serializable {

  /** Number of values in the answer. */
  int sums();

  /**
   * Adds the part of some rows to the answer.
   *
   * @param encoded activations of the rows
   * @param rows the rows
   * @param sums receives the part, [sums()]
   */
  void answer(EncodedBatch encoded, RowBlock rows, double[] sums);
}
