package org.sparksae.core.nn.code;

/** Finds the mean number of active latents (hidden units) of a row of a batch, L0. */
final class MeanL0 implements CodeSearch {
  private float l0;
  private boolean isDone;

  /** Asks for the weight of the rows, and for the weighted sum of their active latents. */
  record Count() implements CodeQuestion {
    static final int WEIGHT = 0;
    static final int ACTIVE = 1;

    @Override
    public int sums() {
      return 2;
    }
  }

  @Override
  public boolean isDone() {
    return isDone;
  }

  @Override
  public CodeQuestion next() {
    return new Count();
  }

  @Override
  public void take(double[] sums) {
    l0 = sums[Count.WEIGHT] == 0 ? 0f : (float) (sums[Count.ACTIVE] / sums[Count.WEIGHT]);
    isDone = true;
  }

  @Override
  public float[] found() {
    return new float[] {l0};
  }
}
