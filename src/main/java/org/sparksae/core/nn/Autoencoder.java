package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Sparsity;

/**
 * Forward and backward pass of an {@link AutoencoderSpec} over some rows at a time.
 *
 * <pre>
 * forward:   h_k = f(W_k h_(k-1) + b_k) up to x_hat
 * backward:  dJ/dW_l, dJ/db_l of every layer
 * </pre>
 *
 * <p>Everything is a sum over rows, not a mean: sums of blocks and partitions add up. A team splits
 * what is computed row by row by rows, and the gradient of a weight matrix by its units, so there
 * is one gradient however many threads there are.
 *
 * <p>It holds the buffers, so an instance belongs to one caller, and results are valid until the
 * next call. The order of calls is {@link #encode}, {@link #keepWinners} (in training, of models
 * with lifetime sparsity), {@link #decode}, {@link #backward}, each of the same rows and
 * parameters.
 */
public final class Autoencoder {
  /** Rows are given to the members of a team by so many, but for images. */
  static final int ROW_GRAIN = 16;

  /** Rows of one product: what is done to its result should find it in the cache. */
  static final int TILE_ROWS = 512;

  private final AutoencoderSpec spec;
  private final Team team;
  private final List<Layer> layers;
  private final SparseEncoder sparseEncoder;
  private final int rowGrain;
  private final Winners winners;
  private final UnitValues unitValues;
  private final float[][] outputs;
  private final List<Rows> h = new ArrayList<>();
  private final int maxRows;
  private BackwardPass backwardPass;
  private boolean valuesAreRead;

  /** For one thread. */
  public Autoencoder(AutoencoderSpec spec, int maxRows) {
    this(spec, maxRows, Team.SOLO);
  }

  /**
   * Makes the buffers.
   *
   * @param spec the model
   * @param maxRows rows of a call at most, 1 or more
   * @param team who works on them
   */
  public Autoencoder(AutoencoderSpec spec, int maxRows, Team team) {
    this.spec = spec;
    this.team = team;
    this.maxRows = maxRows;
    Layers bound = Layers.of(spec);
    this.layers = new ArrayList<>(bound.encoder());
    this.layers.addAll(bound.decoder());
    int code = spec.depth() - 1;
    HiddenLayer form = spec.hiddenLayers().get(code);
    this.rowGrain = rowGrain(spec);
    this.unitValues = new UnitValues(spec.winnersOfRow());
    this.sparseEncoder =
        form.keepsFew() ? layers.get(code).sparseEncoder(form, maxRows, team) : null;
    this.winners =
        form.lifetime() == null
            ? null
            : new Winners(form.isSparse(), form.positions(), maxRows, team);
    this.outputs = new float[layers.size()][];
    for (int l = 0; l < outputs.length; l++) {
      int size = keepsFew(l) ? 0 : layers.get(l).outputSize();
      outputs[l] = new float[Math.multiplyExact(maxRows, size)];
    }
  }

  private boolean keepsFew(int layer) {
    return sparseEncoder != null && layer == spec.depth() - 1;
  }

  /** Rows by which a model's are given to the members of a team. */
  static int rowGrain(AutoencoderSpec spec) {
    return spec.isConvolutional() ? 1 : ROW_GRAIN;
  }

  /** The values behind the parameter array are others from now on. */
  public void parametersChanged() {
    layers.forEach(Layer::parametersChanged);
  }

  /**
   * The activations of every hidden layer.
   *
   * @param parameters flat parameters; what was derived of them is kept until {@link
   *     #parametersChanged()}
   * @param x input, [n, inputSize], n at most maxRows
   * @throws IllegalArgumentException if x has another shape
   */
  public void encode(float[] parameters, Rows x) {
    encode(parameters, x, spec.depth());
  }

  /** {@link #encode(float[], Rows)} up to h_k and no further, k from 1; then not to be decoded. */
  public void encode(float[] parameters, Rows x, int k) {
    if (x.rows() > maxRows || x.columns() != spec.inputSize()) {
      throw new IllegalArgumentException(
          Text.format(
              "rows must be [at most %d, %d], got [%d, %d]",
              maxRows, spec.inputSize(), x.rows(), x.columns()));
    }
    h.clear();
    valuesAreRead = false;
    forward(parameters, x, 0, k);
  }

  /**
   * What the rows' share in the thresholds of their batch is, see {@link UnitThresholds}: adds what
   * the code's activations weigh by digit, and the rows' weight; before {@link #keepWinners}.
   * Digits that are asked for between two calls of {@link #encode} are those of one search, in its
   * order.
   *
   * @param rowWeights weight of each row, or null for 1
   * @param totalWeight their sum
   * @param sums added to, [digit.sums()]
   */
  public void addToThresholds(
      UnitThresholds.Digit digit, float[] rowWeights, double totalWeight, double[] sums) {
    HiddenLayer form = spec.hiddenLayers().get(spec.depth() - 1);
    sums[0] += totalWeight;
    boolean first = !valuesAreRead;
    DenseRows values = first ? competing(form) : null;
    if (first) {
      unitValues.prepare(values, rowWeights);
      valuesAreRead = true;
    }
    team.split(
        form.units(),
        ROW_GRAIN,
        (member, from, to) -> {
          if (first) {
            unitValues.read(values, rowWeights, from, to);
          }
          unitValues.addTo(digit, sums, from, to);
        });
  }

  /** The values of each unit by which rows compete: all of a map's, or the one that it keeps. */
  private DenseRows competing(HiddenLayer form) {
    return code() instanceof SparseRows few
        ? Winners.byUnit(few, form.positions())
        : (DenseRows) code();
  }

  /**
   * Lifetime winner-take-all, the form of training: of the code that {@link #encode} made, what is
   * below its unit's threshold is 0 from now on.
   *
   * @param thresholds of the whole batch, one for each unit of the code, each above 0; null for a
   *     model that keeps all
   * @throws IllegalArgumentException if the model has thresholds and gets none, or the other way
   */
  public void keepWinners(float[] thresholds) {
    if ((thresholds == null) != (winners == null)) {
      throw new IllegalArgumentException(
          winners == null
              ? "the model keeps all of a code, but there are thresholds"
              : "lifetimeSparsity needs the thresholds of the batch");
    }
    if (winners != null) {
      h.set(spec.depth() - 1, winners.keep(code(), thresholds));
    }
  }

  /** The reconstruction of the rows that {@link #encode} was given. */
  public void decode(float[] parameters) {
    forward(parameters, code(), spec.depth(), layers.size());
  }

  /** {@link #encode} and {@link #decode}. */
  public void reconstruct(float[] parameters, Rows x) {
    encode(parameters, x);
    decode(parameters);
  }

  private void forward(float[] parameters, Rows x, int from, int to) {
    Rows input = x;
    for (int l = from; l < to; l++) {
      input = keepsFew(l) ? sparseEncoder.encode(parameters, input) : dense(parameters, input, l);
      h.add(input);
    }
  }

  private DenseRows dense(float[] parameters, Rows input, int l) {
    Layer layer = layers.get(l);
    DenseRows output = DenseRows.of(outputs[l], input.rows(), layer.outputSize());
    layer.prepare(parameters, input, team);
    team.split(
        input.rows(),
        rowGrain,
        (member, from, to) -> {
          for (int i = from; i < to; i += TILE_ROWS) {
            int end = Math.min(i + TILE_ROWS, to);
            layer.forward(parameters, input.slice(i, end), output.slice(i, end), member);
          }
        });
    return output;
  }

  /** h_k of the last {@link #encode}, [n, size of layer k], k from 1. */
  public Rows hidden(int k) {
    return h.get(k - 1);
  }

  /**
   * h_K, the code of the last {@link #encode}, [n, codeSize]; sparse if few values of a row are
   * kept, and may be after {@link #keepWinners}.
   */
  public Rows code() {
    return hidden(spec.depth());
  }

  /** x_hat of the last {@link #decode}, [n, inputSize]. */
  public DenseRows reconstruction() {
    return (DenseRows) h.get(layers.size() - 1);
  }

  /**
   * Adds {@code sum over i of weight_i h_ij} of every hidden unit, layer after layer; of a map h_ij
   * is the mean over its positions.
   *
   * @param rowWeights weight of each row, or null for 1
   * @param sums added to, [hiddenUnits] from {@code from} on
   */
  public void addHiddenSums(float[] rowWeights, double[] sums, int from) {
    int offset = from;
    for (int k = 1; k <= spec.depth(); k++) {
      int positions = spec.hiddenLayers().get(k - 1).positions();
      if (positions == 1) {
        addValueSums(hidden(k), rowWeights, sums, offset);
      } else {
        double[] values = new double[spec.size(k)];
        addValueSums(hidden(k), rowWeights, values, 0);
        for (int j = 0; j < values.length; j++) {
          sums[offset + j / positions] += values[j] / positions;
        }
      }
      offset += spec.units(k);
    }
  }

  private void addValueSums(Rows h, float[] rowWeights, double[] sums, int offset) {
    if (h instanceof DenseRows dense) {
      addColumnSums(dense, rowWeights, sums, offset);
    } else {
      ((SparseRows) h).addWeightedColumnSums(rowWeights, sums, offset);
    }
  }

  /**
   * Adds, per hidden layer, the sum over the rows of a penalty of rows.
   *
   * @param rowWeights weight of each row, or null for 1
   * @param sums added to, [depth] from {@code from} on
   */
  public void addRowPenalties(float[] rowWeights, double[] sums, int from) {
    for (int k = 1; k <= spec.depth(); k++) {
      Sparsity sparsity = spec.hiddenLayers().get(k - 1).sparsity();
      if (sparsity.isOfRows()) {
        DenseRows h = (DenseRows) hidden(k);
        sums[from + k - 1] +=
            sparsity.addRows(h, rowWeights, DenseRows.zeros(h.rows(), h.columns()));
      }
    }
  }

  /** Each member its rows, and the members' sums in their order. */
  private void addColumnSums(DenseRows rows, float[] rowWeights, double[] sums, int offset) {
    double[][] parts = new double[team.size()][];
    team.split(
        rows.rows(),
        rowGrain,
        (member, from, to) -> {
          float[] weights = rowWeights == null ? null : Arrays.copyOfRange(rowWeights, from, to);
          parts[member] = new double[rows.columns()];
          Kernels.addWeightedColumnSums(rows.slice(from, to), weights, parts[member], 0);
        });
    for (double[] part : parts) {
      for (int j = 0; part != null && j < part.length; j++) {
        sums[offset + j] += part[j];
      }
    }
  }

  /**
   * Makes the gradient of the rows that were last given to {@link #encode} and {@link #decode}.
   *
   * @param x those rows, [n, inputSize]
   * @param target what is to be reconstructed, [n, inputSize]: x, or what x is a corrupted form of
   * @param rowWeights weight of each row, or null for 1
   * @param meanSlopes per hidden layer {@code w s'(rho, mean_j)}, [units], or null where its
   *     penalty is not one of means
   * @param rowPenalties per hidden layer: the sum over the rows of a penalty of rows is added
   * @param gradient flat gradient
   * @param accumulate whether to add to the gradient, or to write it
   * @return {@code sum over i of weight_i |x_hat_i - target_i|^2}
   */
  public double backward(
      float[] parameters,
      Rows x,
      Rows target,
      float[] rowWeights,
      float[][] meanSlopes,
      double[] rowPenalties,
      float[] gradient,
      boolean accumulate) {
    BackwardPass.Call call =
        new BackwardPass.Call(
            parameters, x, target, h, rowWeights, meanSlopes, gradient, accumulate);
    return backwardPass().run(call, rowPenalties);
  }

  /**
   * What {@link #backward} would add to the gradient of the only hidden layer's weights and biases
   * if the slope of each unit's mean were 1. The gradient is linear in the slopes, so that they
   * need not be known before:
   *
   * <pre>
   * dJ/dW_j = [dJ/dW_j at slope 0]  +  slope_j sum over i of weight_i f'(z_ij) x_i
   * </pre>
   *
   * @param x the rows that were last given to {@link #encode}, [n, inputSize]
   * @param rowWeights weight of each row, or null for 1
   * @param gradient written at the places of that layer's weights and biases, as in a flat gradient
   */
  public void unitSlopeGradient(float[] parameters, Rows x, float[] rowWeights, float[] gradient) {
    backwardPass()
        .runUnitSlopes(
            new BackwardPass.Call(parameters, x, x, h, rowWeights, null, gradient, false));
  }

  private BackwardPass backwardPass() {
    if (backwardPass == null) {
      backwardPass = new BackwardPass(spec, layers, maxRows, team);
    }
    return backwardPass;
  }
}
