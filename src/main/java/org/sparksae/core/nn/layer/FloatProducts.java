package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Gemm;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Precision;

/** Products of float32 values, which need no preparation. */
record FloatProducts(Tensor weight) implements Products {

  /** Rows as they are. */
  private record Rows(Tensor weight, DenseRows rows) implements Factor {

    @Override
    public void timesTransposed(float[] parameters, int firstUnit, DenseRows z) {
      int from = weight.offset() + firstUnit * weight.columns();
      Gemm.timesTransposed(rows, parameters, from, z);
    }

    @Override
    public void times(float[] parameters, DenseRows y) {
      Gemm.times(rows, parameters, weight.offset(), y);
    }
  }

  @Override
  public Precision precision() {
    return Precision.FLOAT32;
  }

  @Override
  public void parametersChanged() {}

  @Override
  public void prepare(float[] parameters, Team team) {}

  @Override
  public Factor factor(DenseRows rows, int member) {
    return new Rows(weight, rows);
  }

  @Override
  public void beginGradient(DenseRows a, DenseRows b, Team team) {}

  @Override
  public void gradient(
      DenseRows a, DenseRows b, float[] gradient, boolean accumulate, Team team, int member) {
    int at = weight.offset();
    // In a product, each member packs its part of the divided side and all of the other side, so
    // divide the longer side.
    if (a.columns() >= b.columns()) {
      team.part(
          member,
          a.columns(),
          Gemm.GRAIN,
          (m, from, to) -> Gemm.transposedTimes(a, b, gradient, at, from, to, accumulate));
    } else {
      team.part(
          member,
          b.columns(),
          Gemm.GRAIN,
          (m, from, to) -> Gemm.transposedTimesColumns(a, b, gradient, at, from, to, accumulate));
    }
  }
}
