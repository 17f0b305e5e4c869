package org.sparksae.core.nn.code;

import java.io.Serializable;

/** A question to the rows of a batch about their code. The answers of all rows are added up. */
public interface CodeQuestion extends Serializable {

  /** Returns the length of an answer. */
  int sums();
}
