package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Gemm;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.bfloat16.Bfloat16Backend;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products.Matrix;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Precision;

/**
 * Products of values rounded to bfloat16, summed in float32. It holds W rounded, from one change of
 * the parameters to the next, and rounds rows into buffers that keep their memory. The buffers are
 * made when they are first needed: a layer that meets sparse rows only has none.
 */
final class RoundedProducts implements Products {
  /** Rows that a thread rounds at a time. */
  private static final int GRAIN = 16;

  private final Tensor weight;
  private final Bfloat16Products products = Bfloat16Backend.get().products();
  private Matrix weights;
  private boolean isCurrent;

  /** By member: rows of as many values as W has columns, and of as many as it has rows. */
  private Matrix[] inputs;

  private Matrix[] outputs;

  /** All rows of both sides of a gradient. */
  private Matrix gradientInputs;

  private Matrix gradientOutputs;

  RoundedProducts(Tensor weight) {
    this.weight = weight;
  }

  /** Rounded rows. */
  private final class Rounded implements Factor {
    private final Matrix rows;

    Rounded(Matrix rows) {
      this.rows = rows;
    }

    @Override
    public void timesTransposed(float[] parameters, int firstUnit, DenseRows z) {
      products.timesTransposed(rows, weights, firstUnit, z);
    }

    @Override
    public void times(float[] parameters, DenseRows y) {
      products.times(rows, weights, y);
    }
  }

  @Override
  public Tensor weight() {
    return weight;
  }

  @Override
  public Precision precision() {
    return Precision.BFLOAT16;
  }

  @Override
  public void parametersChanged() {
    isCurrent = false;
  }

  @Override
  public void prepare(float[] parameters, Team team) {
    if (isCurrent) {
      return;
    }
    if (weights == null) {
      weights = products.matrix(weight.rows(), weight.columns());
      inputs = new Matrix[team.size()];
      outputs = new Matrix[team.size()];
    }
    DenseRows w = new DenseRows(parameters, weight.offset(), weight.rows(), weight.columns());
    team.run(member -> round(w, weights, team, member));
    isCurrent = true;
  }

  @Override
  public Factor factor(DenseRows rows, int member) {
    Matrix[] buffers = rows.columns() == weight.columns() ? inputs : outputs;
    buffers[member] = withRoom(rows, buffers[member]);
    buffers[member].round(rows, 0);
    return new Rounded(buffers[member]);
  }

  @Override
  public void beginGradient(DenseRows a, DenseRows b, Team team) {
    gradientOutputs = withRoom(a, gradientOutputs);
    gradientInputs = withRoom(b, gradientInputs);
    team.run(
        member -> {
          round(a, gradientOutputs, team, member);
          round(b, gradientInputs, team, member);
        });
  }

  @Override
  public void gradient(
      DenseRows a, DenseRows b, float[] gradient, boolean accumulate, Team team, int member) {
    team.part(
        member,
        a.columns(),
        Gemm.GRAIN,
        (m, from, to) ->
            products.transposedTimes(
                gradientOutputs,
                gradientInputs,
                a.rows(),
                gradient,
                weight.offset(),
                from,
                to,
                accumulate));
  }

  private static void round(DenseRows rows, Matrix to, Team team, int member) {
    team.part(member, rows.rows(), GRAIN, (m, from, end) -> to.round(rows.slice(from, end), from));
  }

  private Matrix withRoom(DenseRows rows, Matrix matrix) {
    return matrix == null || matrix.rows() < rows.rows()
        ? products.matrix(Math.max(1, rows.rows()), rows.columns())
        : matrix;
  }
}
