package org.sparksae.spark.data;

import org.apache.spark.SparkThrowable;

/**
 * A row that cannot be read, found by a task.
 *
 * <p>Spark 4 throws an error that has an error class from an action as it is; anything else it
 * wraps in "Job aborted due to stage failure", and so does Spark 3.5 with every error.
 */
public final class InvalidRowException extends IllegalArgumentException implements SparkThrowable {
  private static final long serialVersionUID = 1L;
  private static final String CONDITION = "SPARSAE_INVALID_ROW";

  /** SQL's class of data exceptions, with the code for a parameter value that is not valid. */
  private static final String SQL_STATE = "22023";

  /**
   * A row that cannot be read.
   *
   * @param message names the column, what is wrong, and the remedy
   */
  public InvalidRowException(String message) {
    super(message);
  }

  /** What Spark 4 asks; Spark 3.5 does not know it. */
  public String getCondition() {
    return CONDITION;
  }

  @Override
  @SuppressWarnings("deprecation") // All that Spark 3.5 asks.
  public String getErrorClass() {
    return CONDITION;
  }

  @Override
  public String getSqlState() {
    return SQL_STATE;
  }
}
