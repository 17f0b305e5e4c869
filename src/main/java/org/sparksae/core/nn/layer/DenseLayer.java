package org.sparksae.core.nn.layer;

import org.sparksae.core.linalg.DenseRows;
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
 * transposed copy of W, which is computed once each time the parameters change. Their products are
 * those of float32 values; {@link Products} computes those of dense rows, in its precision.
 */
public final class DenseLayer implements Layer {
  private final Products products;
  private final boolean transposed;
  private final Tensor bias;
  private final Activation activation;
  private final InputOffset inputOffset;
  private float[] inputMajor;
  private boolean inputMajorIsCurrent;
  private SparseInputGradient sparseGradient;
  private UpperBounds upperBounds;

  /**
   * Creates a layer {@code y = f(A x + b)}.
   *
   * @param products those with A, [out, in], or with its transpose
   * @param transposed whether it is the transpose
   * @param bias b, [out]
   */
  public DenseLayer(Products products, boolean transposed, Tensor bias, Activation activation) {
    this(products, transposed, bias, activation, null);
  }

  private DenseLayer(
      Products products,
      boolean transposed,
      Tensor bias,
      Activation activation,
      InputOffset offset) {
    this.products = products;
    this.transposed = transposed;
    this.bias = bias;
    this.activation = activation;
    this.inputOffset = offset;
  }

  /**
   * Creates a layer {@code y = f(A (x - c) + b)}.
   *
   * @param offset c, [in]
   * @param products those with A, [out, in]
   */
  public static DenseLayer after(
      Tensor offset, Products products, Tensor bias, Activation activation) {
    InputOffset inputOffset = new InputOffset(products.weight(), bias, offset);
    return new DenseLayer(products, false, bias, activation, inputOffset);
  }

  @Override
  public int inputSize() {
    return transposed ? weight().rows() : weight().columns();
  }

  @Override
  public int outputSize() {
    return bias.rows();
  }

  @Override
  public Tensor weight() {
    return products.weight();
  }

  /** Returns the products with the weights, for a layer that shares them. */
  public Products products() {
    return products;
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
   * Returns new upper bounds of {@link #units}. Only once, and for layers that are not transposed.
   *
   * @param of computes them
   * @param tileRows the most rows of a tile
   */
  public UpperBounds upperBounds(Bfloat16Products of, int tileRows, Team team) {
    if (upperBounds != null || transposed) {
      throw new IllegalStateException("a layer has upper bounds once, and not if it is transposed");
    }
    upperBounds = new UpperBounds(of, weight(), tileRows, team);
    return upperBounds;
  }

  @Override
  public void parametersChanged() {
    inputMajorIsCurrent = false;
    products.parametersChanged();
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
    if (x instanceof DenseRows) {
      products.prepare(parameters, team);
    } else if (!transposed && !inputMajorIsCurrent) {
      prepareInputMajor(parameters, team);
    }
  }

  private void prepareInputMajor(float[] parameters, Team team) {
    Tensor w = weight();
    if (inputMajor == null) {
      inputMajor = new float[w.size()];
      sparseGradient = new SparseInputGradient(w, team.size());
    }
    Transpose.matrix(parameters, w.offset(), w.rows(), w.columns(), inputMajor, 0, team);
    inputMajorIsCurrent = true;
  }

  @Override
  public void forward(float[] parameters, Rows x, DenseRows y, int member) {
    map(parameters, x, y, member);
    y.forChunks(
        0,
        y.rows(),
        (from, to) -> {
          DenseRows chunk = y.slice(from, to);
          Kernels.addToRows(chunk, biases(parameters), biasesFrom());
          activation.apply(chunk);
        });
  }

  /** Computes {@code y = A x}, a tile of sparse rows, [n, out]. */
  public void map(float[] parameters, SparseRows x, DenseRows y) {
    int from = transposed ? weight().offset() : 0;
    mapSparse(transposed ? parameters : inputMajor, from, x, y);
  }

  /** Computes {@code y = A x}, a tile, [n, out], as a member. */
  public void map(float[] parameters, Rows x, DenseRows y, int member) {
    if (x instanceof SparseRows sparse) {
      map(parameters, sparse, y);
      return;
    }
    Products.Factor rows = products.factor((DenseRows) x, member);
    if (transposed) {
      rows.times(parameters, y);
    } else {
      rows.timesTransposed(parameters, 0, y);
    }
  }

  /** Computes {@code A x} of some rows, for ranges of units. */
  public interface UnitsMap {

    /**
     * Computes {@code z = A x}, [n, z.columns], for as many units from {@code firstUnit} on as z
     * has columns. For sparse rows, z must have all units.
     */
    void apply(int firstUnit, DenseRows z);
  }

  /**
   * Returns the map of a tile x, [n, in], valid until the member asks for the next one. Only for
   * layers that are not transposed.
   */
  public UnitsMap units(float[] parameters, Rows x, int member) {
    if (x instanceof SparseRows sparse) {
      return (firstUnit, z) -> mapSparse(inputMajor, 0, sparse, z);
    }
    Products.Factor rows = products.factor((DenseRows) x, member);
    return (firstUnit, z) -> rows.timesTransposed(parameters, firstUnit, z);
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
    Products.Factor rows = products.factor(delta, member);
    if (transposed) {
      rows.timesTransposed(parameters, 0, inputDelta);
    } else {
      rows.times(parameters, inputDelta);
    }
  }

  @Override
  public void beginWeightGradient(Rows x, DenseRows delta, Team team) {
    if (x instanceof DenseRows dense) {
      products.beginGradient(transposed ? dense : delta, transposed ? delta : dense, team);
    }
  }

  @Override
  public void weightGradient(
      Rows x, DenseRows delta, float[] gradient, boolean accumulate, Team team, int member) {
    if (x instanceof SparseRows sparse) {
      sparseGradient.part(sparse, delta, gradient, accumulate, team, member);
      return;
    }
    DenseRows dense = (DenseRows) x;
    products.gradient(
        transposed ? dense : delta, transposed ? delta : dense, gradient, accumulate, team, member);
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
