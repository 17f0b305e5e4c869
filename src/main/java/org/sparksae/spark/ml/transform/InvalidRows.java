package org.sparksae.spark.ml.transform;

import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.spark.data.InvalidRowException;

/**
 * Invalid rows of a partition: either the first ends the job, or all are left out and their number
 * is logged when the task ends.
 */
public final class InvalidRows {
  private static final Logger LOG = LoggerFactory.getLogger(InvalidRows.class);

  private final String column;
  private final boolean skip;
  private long skipped;

  /**
   * Starts without any.
   *
   * @param column name of the input column
   * @param skip whether invalid rows are left out; otherwise the first ends the job
   */
  public InvalidRows(String column, boolean skip) {
    this.column = column;
    this.skip = skip;
  }

  /**
   * Counts a row that is left out.
   *
   * @param problem what is wrong with it
   * @throws InvalidRowException if it must not be left out
   */
  public void add(String problem) {
    if (!skip) {
      throw new InvalidRowException(
          Text.format(
              "inputCol: a row of column '%s' %s; set handleInvalid to 'skip' to leave such rows out",
              column, problem));
    }
    TaskContext task = TaskContext.get();
    if (++skipped == 1 && task != null) {
      TaskCompletionListener report =
          ended ->
              LOG.warn(
                  "partition {}: skipped {} invalid rows of column '{}'; the first {}",
                  ended.partitionId(),
                  skipped,
                  column,
                  problem);
      task.addTaskCompletionListener(report);
    }
  }
}
