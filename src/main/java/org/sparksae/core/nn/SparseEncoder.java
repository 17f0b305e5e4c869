package org.sparksae.core.nn;

import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;

/** Makes codes of which few values are kept. */
interface SparseEncoder {

  /** The codes of x [n, in], [n, out], columns of a row ascending; valid until the next call. */
  SparseRows encode(float[] parameters, Rows x);
}
