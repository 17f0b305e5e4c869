package org.sparksae.core.collective;

/** The collective of a single rank, in which every operation does nothing. */
final class SoloCollective implements Collective {

  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public void allReduceSum(double[] values) {}

  @Override
  public void allReduceMin(double[] values) {}

  @Override
  public void allReduceMax(double[] values) {}

  @Override
  public void reduceScatterSum(float[] values) {}

  @Override
  public void allGather(float[] values) {}
}
