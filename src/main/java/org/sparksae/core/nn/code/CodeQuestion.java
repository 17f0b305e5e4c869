package org.sparksae.core.nn.code;

import java.io.Serializable;

/** What the rows of a batch are asked about their code. The answers of all rows add up. */
public interface CodeQuestion extends Serializable {

  /** Length of an answer. */
  int sums();
}
