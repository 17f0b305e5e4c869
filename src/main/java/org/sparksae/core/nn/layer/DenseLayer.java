package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Gemm;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.Transpose;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * A fully connected layer {@code y = f(A x + b)}. A is W [out, in], or V' with V [in, out] if the
 * weights are shared with another layer (a tied decoder) or are stored input by input.
 *
 * <p>For sparse rows x the cost is proportional to the non-zeros. They select rows of V, or of a
 * transposed copy of W, which is computed once each time the parameters change.
 */
public final class DenseLayer implements Layer {
  private final Tensor weight;
  private final boolean transposed;
  private final Tensor bias;
  private final Activation activation;
  private final InputOffset inputOffset;
  private float[] inputMajor;
  private boolean inputMajorIsCurrent;
  private SparseInputGradient sparseGradient;
  private UpperBounds upperBounds;

  public DenseLayer(Tensor weight, boolean transposed, Tensor bias, Activation activation) {
    this(weight, transposed, bias, activation, null);
  }

  private DenseLayer(
      Tensor weight, boolean transposed, Tensor bias, Activation activation, InputOffset offset) {
    this.weight = weight;
    this.transposed = transposed;
    this.bias = bias;
    this.activation = activation;
    this.inputOffset = offset;
  }

  /**
   * Creates a layer {@code y = f(A (x - c) + b)}.
   *
   * @param weight A, [out, in]
   * @param offset c, [in]
   */
  public static DenseLayer after(Tensor offset, Tensor weight, Tensor bias, Activation activation) {
    InputOffset inputOffset = new InputOffset(weight, bias, offset);
    return new DenseLayer(weight, false, bias, activation, inputOffset);
  }

  @Override
  public int inputSize() {
    return transposed ? weight.rows() : weight.columns();
  }

  @Override
  public int outputSize() {
    return bias.rows();
  }

  @Override
  public Tensor weight() {
    return weight;
  }

  @Override
  public Tensor bias() {
    return bias;
  }

  @Override
  public Activation activation() {
    return activation;
  }

  /**
   * Returns the array with the values to add to {@code A x}, [out] from {@link #biasesFrom()} on:
   * b, or {@code b - A c} after an offset. Valid after {@link #prepare}.
   */
  public float[] biases(float[] parameters) {
    return inputOffset == null ? parameters : inputOffset.effective();
  }

  /** Returns the index of the first of {@link #biases}. */
  public int biasesFrom() {
    return inputOffset == null ? bias.offset() : 0;
  }

  /** Returns whether {@link #weight()} is V [in, out], whose transpose is A. */
  public boolean isTransposed() {
    return transposed;
  }

  /**
   * Returns new upper bounds of {@link #mapUnits}. Only once, and for layers that are not
   * transposed.
   *
   * @param products computes them
   * @param tileRows the most rows of a tile
   */
  public UpperBounds upperBounds(Bfloat16Products products, int tileRows, Team team) {
    if (upperBounds != null || transposed) {
      throw new IllegalStateException("a layer has upper bounds once, and not if it is transposed");
    }
    upperBounds = new UpperBounds(products, weight, tileRows, team);
    return upperBounds;
  }

  @Override
  public void parametersChanged() {
    inputMajorIsCurrent = false;
    if (upperBounds != null) {
      upperBounds.parametersChanged();
    }
    if (inputOffset != null) {
      inputOffset.parametersChanged();
    }
  }

  @Override
  public void prepare(float[] parameters, Rows x, Team team) {
    if (inputOffset != null) {
      inputOffset.prepare(parameters, team);
    }
    if (transposed || inputMajorIsCurrent || !(x instanceof SparseRows)) {
      return;
    }
    if (inputMajor == null) {
      inputMajor = new float[weight.size()];
      sparseGradient = new SparseInputGradient(weight, team.size());
    }
    Transpose.matrix(
        parameters, weight.offset(), weight.rows(), weight.columns(), inputMajor, 0, team);
    inputMajorIsCurrent = true;
  }

  @Override
  public void forward(float[] parameters, Rows x, DenseRows y, int member) {
    map(parameters, x, y);
    y.forChunks(
        0,
        y.rows(),
        (from, to) -> {
          DenseRows chunk = y.slice(from, to);
          Kernels.addToRows(chunk, biases(parameters), biasesFrom());
          activation.apply(chunk);
        });
  }

  /** Computes {@code y = A x}, a tile, [n, out]. */
  public void map(float[] parameters, Rows x, DenseRows y) {
    if (x instanceof SparseRows sparse) {
      mapSparse(transposed ? parameters : inputMajor, transposed ? weight.offset() : 0, sparse, y);
    } else if (transposed) {
      Gemm.times((DenseRows) x, parameters, weight.offset(), y);
    } else {
      Gemm.timesTransposed((DenseRows) x, parameters, weight.offset(), y);
    }
  }

  /**
   * Computes {@code z = A x}, a tile [n, z.columns], for as many units from {@code firstUnit} on as
   * z has columns. For sparse rows, z must have all units. Only for layers that are not transposed.
   */
  public void mapUnits(float[] parameters, Rows x, int firstUnit, DenseRows z) {
    if (x instanceof SparseRows sparse) {
      mapSparse(inputMajor, 0, sparse, z);
    } else {
      int from = weight.offset() + firstUnit * inputSize();
      Gemm.timesTransposed((DenseRows) x, parameters, from, z);
    }
  }

  private static void mapSparse(float[] v, int vOffset, SparseRows x, DenseRows y) {
    Kernels.fill(y.values(), y.offset(), y.end(), 0f);
    for (int i = 0; i < x.rows(); i++) {
      Kernels.addGatheredRows(
          x.values(),
          x.indices(),
          x.start(i),
          x.end(i),
          v,
          vOffset,
          y.columns(),
          y.values(),
          y.rowOffset(i));
    }
  }

  @Override
  public void mapBack(float[] parameters, DenseRows delta, DenseRows inputDelta, int member) {
    if (transposed) {
      Gemm.timesTransposed(delta, parameters, weight.offset(), inputDelta);
    } else {
      Gemm.times(delta, parameters, weight.offset(), inputDelta);
    }
  }

  @Override
  public void weightGradient(
      Rows x, DenseRows delta, float[] gradient, boolean accumulate, Team team, int member) {
    if (x instanceof SparseRows sparse) {
      sparseGradient.part(sparse, delta, gradient, accumulate, team, member);
      return;
    }
    DenseRows rows = transposed ? (DenseRows) x : delta;
    DenseRows columns = transposed ? delta : (DenseRows) x;
    int at = weight.offset();
    // In a product, each member packs its part of the divided side and all of the other side, so
    // divide the longer side.
    if (rows.columns() >= columns.columns()) {
      team.part(
          member,
          rows.columns(),
          Gemm.GRAIN,
          (m, from, to) -> Gemm.transposedTimes(rows, columns, gradient, at, from, to, accumulate));
    } else {
      team.part(
          member,
          columns.columns(),
          Gemm.GRAIN,
          (m, from, to) ->
              Gemm.transposedTimesColumns(rows, columns, gradient, at, from, to, accumulate));
    }
  }

  @Override
  public void endWeightGradient(float[] gradient, boolean accumulate) {}

  @Override
  public void beginPass(float[] gradient, boolean accumulate, Team team) {
    if (inputOffset != null) {
      inputOffset.beginGradient(gradient, accumulate, team);
    }
  }

  /**
   * Tells, as a member, that the gradients of a unit's weights and bias are those of the rows so
   * far, and probably in the cache.
   */
  public void endUnit(int unit, float[] parameters, float[] gradient, int member) {
    if (inputOffset != null) {
      inputOffset.addUnit(unit, parameters, gradient, member);
    }
  }

  @Override
  public void endPass(float[] parameters, float[] gradient, Team team) {
    if (inputOffset != null) {
      inputOffset.endGradient(parameters, gradient, team);
    }
  }
}
