package org.sparksae.core.nn.code;

/**
 * Finds what a kind of code needs to know about a whole batch, by asking all of its rows. The rows
 * of a single process would lead to another model.
 */
public interface CodeSearch {

  /** The search of kinds that look at one row at a time. */
  CodeSearch NONE =
      new CodeSearch() {
        @Override
        public boolean isDone() {
          return true;
        }

        @Override
        public CodeQuestion next() {
          throw new IllegalStateException("there is nothing to ask");
        }

        @Override
        public void take(double[] sums) {
          throw new IllegalStateException("nothing was asked");
        }

        @Override
        public float[] found() {
          return null;
        }
      };

  /** Returns whether everything is known. */
  boolean isDone();

  /** Returns the next question to the rows. Call it until {@link #isDone}. */
  CodeQuestion next();

  /**
   * Takes an answer.
   *
   * @param sums the answers of all rows of the batch to {@link #next()}, added up
   */
  void take(double[] sums);

  /** Returns the result, for {@link CodeMaker#keep}; null if there was nothing to find. */
  float[] found();
}
