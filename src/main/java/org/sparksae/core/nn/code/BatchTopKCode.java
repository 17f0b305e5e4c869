package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.BatchTopK;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;

/**
 * The code of {@link BatchTopK} in training: the activations of some rows that reach the threshold
 * of their batch.
 *
 * <p>The product with the weights is computed when it is known which activations are needed: those
 * above the bound of a question, or the threshold. They are computed again only if a later bound is
 * lower.
 *
 * <p>If a bound is so low that far more activations exceed it than the batch keeps, they are not
 * stored but counted. So the memory follows the number of activations that the batch keeps.
 */
final class BatchTopKCode implements CodeMaker {
  /** The most activations that are stored, as a multiple of those that the rows keep on average. */
  private static final int MOST = 8;

  /** The fewest activations after which a member of the team stops storing them. */
  private static final int FEW = 4096;

  private final DenseLayer encoder;
  private final double k;
  private final Team team;
  private final LatentTiles tiles;
  private final Candidates candidates;
  private final DeadLatents dead;
  private final Bounds bounds;
  private final float[] limits;
  private float[] parameters;
  private Rows input;
  private CodeMemory memory;
  private float storedAbove;
  private boolean storedSingle;
  private boolean keptSingle;

  BatchTopKCode(DenseLayer encoder, BatchTopK form, int maxRows, Team team) {
    this.encoder = encoder;
    this.k = form.k();
    this.team = team;
    this.tiles = new LatentTiles(encoder, maxRows, team);
    this.candidates = new Candidates(tiles, encoder.outputSize(), maxRows, team);
    this.dead = DeadLatents.of(form.loss().auxK(), encoder, false, tiles.rows(), team);
    this.bounds = Bounds.of(encoder, (int) Math.ceil(k), tiles, team);
    this.limits = new float[encoder.outputSize()];
  }

  /** Always fails: a model encodes with thresholds, in its trained form. */
  @Override
  public Rows encode(float[] ofModel, Rows x) {
    throw new IllegalStateException(
        "batchTopK is a form of training; encode with the model that it results in");
  }

  /** Returns no entries yet: {@link #keep} returns those of the batch. */
  @Override
  public SparseRows encodeForTraining(float[] ofStep, Rows x, CodeMemory ofTraining) {
    parameters = ofStep;
    input = x;
    memory = ofTraining;
    storedAbove = Float.POSITIVE_INFINITY;
    return new SparseRows(
        new float[0], new int[0], new int[x.rows() + 1], 0, x.rows(), limits.length);
  }

  @Override
  public void answer(CodeQuestion question, float[] rowWeights, double totalWeight, double[] sums) {
    BatchThreshold.Digit digit = (BatchThreshold.Digit) question;
    sums[0] += totalWeight;
    sums[BatchThreshold.Digit.ROWS] += rowsThatCount(rowWeights);
    boolean single = digit.single() && canBeSingle();
    if (digit.isOfAll() || !store(digit.bound(), most(), single)) {
      if (single) {
        // The search begins again, with the products of matrices.
        sums[BatchThreshold.Digit.TOO_EXPENSIVE]++;
        return;
      }
      // More activations than those above the bound do not change the answer.
      Counts counts = new Counts(digit, rowWeights);
      tiles.forEach(parameters, input, counts);
      counts.addTo(sums);
    } else {
      candidates.addTo(digit, rowWeights, sums);
    }
  }

  private boolean canBeSingle() {
    return bounds != null && input instanceof DenseRows;
  }

  private long most() {
    return FEW + (long) (MOST * k * input.rows() / team.size());
  }

  private int rowsThatCount(float[] rowWeights) {
    int rows = input.rows();
    for (int i = 0; rowWeights != null && i < input.rows(); i++) {
      rows -= rowWeights[i] > 0 ? 0 : 1;
    }
    return rows;
  }

  /**
   * Makes sure that all activations above a bound are stored.
   *
   * @param most number of activations at which a member of the team gives up
   * @param single whether to compute them one by one
   * @return whether they are stored
   */
  private boolean store(float bound, long most, boolean single) {
    if (storedAbove > bound || storedSingle != single) {
      candidates.prepare(input.rows(), bound, most);
      LatentTiles.Scan[] scans = DeadLatents.with(candidates, dead, memory, input.rows());
      if (single) {
        DenseRows rows = (DenseRows) input;
        candidates.boundedBy(bounds.exact(parameters, rows));
        tiles.forEachBound(parameters, rows, bounds.upper(), candidates);
        if (scans.length > 1) {
          // Dead latents are ranked by their pre-activations, which bounds do not give.
          tiles.forEach(parameters, input, scans[1]);
        }
      } else {
        tiles.forEach(parameters, input, scans);
      }
      storedAbove = candidates.areTooMany() ? Float.POSITIVE_INFINITY : bound;
      storedSingle = single;
    }
    return storedAbove <= bound;
  }

  @Override
  public SparseRows keep(Rows code, float[] threshold) {
    if (threshold == null) {
      throw new IllegalArgumentException("batchTopK needs the threshold of the batch");
    }
    float below = Math.nextDown(threshold[0]);
    keptSingle = BatchThreshold.single(threshold) && canBeSingle();
    store(below, Long.MAX_VALUE, keptSingle);
    Arrays.fill(limits, below);
    return candidates.above(limits);
  }

  /** A batch whose search could not use candidates counts as one that fell back. */
  @Override
  public void addCandidates(double[] sums, int at) {
    sums[at] += canBeSingle() ? input.rows() : 0;
    sums[at + 1] += canBeSingle() && !keptSingle ? input.rows() : 0;
  }

  @Override
  public SparseRows deadCode() {
    return dead == null ? null : dead.code();
  }

  @Override
  public SparseGradient gradient(Layer decoder) {
    return SparseGradients.between(encoder, decoder, team);
  }

  /** Counts all activations by the digit of a question, without storing them. */
  private final class Counts implements LatentTiles.Scan {
    private final BatchThreshold.Digit digit;
    private final float[] rowWeights;
    private final double[][] sums;
    private final int[] firstRows;

    Counts(BatchThreshold.Digit digit, float[] rowWeights) {
      this.digit = digit;
      this.rowWeights = rowWeights;
      this.sums = new double[team.size()][digit.sums()];
      this.firstRows = new int[team.size()];
    }

    @Override
    public void begin(int member, int firstRow, int rows) {
      firstRows[member] = firstRow;
    }

    @Override
    public void scan(int member, DenseRows tile, float[] biases, int biasFrom, int firstUnit) {
      float[] z = tile.values();
      for (int i = 0; i < tile.rows(); i++) {
        double weight = rowWeights == null ? 1 : rowWeights[firstRows[member] + i];
        int row = tile.rowOffset(i);
        for (int j = 0; j < tile.columns(); j++) {
          int key = Float.floatToRawIntBits(z[row + j] + biases[biasFrom + j]);
          digit.add(key, weight, sums[member]);
        }
      }
    }

    @Override
    public void end(int member) {
      // What was found is counted.
    }

    void addTo(double[] all) {
      for (double[] own : sums) {
        for (int i = 0; i < own.length; i++) {
          all[i] += own[i];
        }
      }
    }
  }
}
