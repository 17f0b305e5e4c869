package org.sparksae.spark.data;

import org.apache.spark.SparkThrowable;

/**
 * A task found a row that cannot be read.
 *
 * <p>From an action, Spark 4 throws an error with an error class unchanged, and wraps any other in
 * "Job aborted due to stage failure". Spark 3.5 wraps every error.
 */
public final class InvalidRowException extends IllegalArgumentException implements SparkThrowable {
  private static final long serialVersionUID = 1L;
  private static final String CONDITION = "SPARSAE_INVALID_ROW";

  /** SQL's code for an invalid parameter value, in the class of data exceptions. */
  private static final String SQL_STATE = "22023";

  /**
   * Reports a row.
   *
   * @param message names the column, the problem and the remedy
   */
  public InvalidRowException(String message) {
    super(message);
  }

  /** Spark 4 calls this method; Spark 3.5 does not have it. */
  public String getCondition() {
    return CONDITION;
  }

  @Override
  @SuppressWarnings("deprecation") // Spark 3.5 has no other.
  public String getErrorClass() {
    return CONDITION;
  }

  @Override
  public String getSqlState() {
    return SQL_STATE;
  }
}
