package org.sparksae.core.nn.code;

/**
 * Finds what a kind of code needs to know of a whole batch, by questions to its rows: those of one
 * process would give another model.
 */
public interface CodeSearch {

  /** For kinds that look at one row at a time. */
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

  /** Whether everything is known. */
  boolean isDone();

  /** What to ask the rows next; until {@link #isDone}. */
  CodeQuestion next();

  /**
   * Takes an answer.
   *
   * @param sums what all rows of the batch say to {@link #next()}, added up
   */
  void take(double[] sums);

  /** What was found, for {@link CodeMaker#keep}; null if there was nothing to find. */
  float[] found();
}
