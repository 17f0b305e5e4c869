package org.sparksae.core.nn;

import java.util.Arrays;
import java.util.List;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ObjectiveLayout;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.nn.code.CodeMaker;
import org.sparksae.core.nn.code.SparseGradient;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * Computes the gradient of an autoencoder, layer by layer from the output inwards.
 *
 * <pre>
 * delta_L = weight_i (x_hat_i - target_i) f'(z_L)
 * dJ/dW_l = delta_l' h_(l-1),   dJ/db_l = column sums of delta_l
 * delta_(l-1) = (A_l' delta_l + sparsity of layer l-1) f'(z_(l-1))
 * </pre>
 *
 * <p>Both the gradient of a layer and the delta below it depend only on the layer's delta, so the
 * members of the team synchronise once per layer.
 */
final class BackwardPass {
  static final OutputLoss LOSS = new SquaredError();

  private AutoencoderSpec spec;
  private final List<Layer> layers;
  private final int rowGrain;
  private final int tileRows;
  private final CodeMaker code;
  private final SparseGradient sparseCode;
  private final NestedReconstructions nested;
  private final AuxiliaryLoss auxiliary;
  private final DecoderNorms decoderNorms;
  private final Baseline baseline;
  private final Team team;
  private final Deltas[] deltas = new Deltas[2];
  private final double[] losses;
  private final double[][] penalties;

  /** The delta of one layer [n, units], and its column sums per member. */
  private record Deltas(float[] values, float[][] columnSums) {
    DenseRows rows(int n, int units) {
      return DenseRows.of(values, n, units);
    }
  }

  /** Writes the delta of some rows, before sparsity and activation. */
  private interface Source {
    void write(int from, int to, DenseRows delta, int member);
  }

  /** Allocates the buffers. */
  BackwardPass(
      AutoencoderSpec spec,
      List<Layer> layers,
      CodeMaker code,
      NestedReconstructions nested,
      DecoderNorms decoderNorms,
      Baseline baseline,
      int maxRows,
      Team team) {
    this.spec = spec;
    this.layers = layers;
    this.decoderNorms = decoderNorms;
    this.baseline = baseline;
    this.rowGrain = Layers.rowGrain(spec);
    // A tile should stay in the cache through all operations on it. Images gain nothing from being
    // processed together.
    this.tileRows = spec.isConvolutional() ? 1 : LayerForward.TILE_ROWS;
    this.code = code;
    this.sparseCode = code.gradient(layers.get(spec.depth()));
    this.nested = nested;
    this.auxiliary =
        spec.code().form().loss().auxK() == null
            ? null
            : new AuxiliaryLoss((DenseLayer) layers.get(spec.depth()), sparseCode, LOSS, team);
    this.team = team;
    int widest = 0;
    for (int l = 0; l < layers.size(); l++) {
      // The deltas of a sparse code are as sparse as the code and are stored by its SparseGradient.
      widest = isSparseCode(l) ? widest : Math.max(widest, layers.get(l).outputSize());
    }
    for (int d = 0; d < deltas.length; d++) {
      boolean onlyOne = sparseCode != null && layers.size() == 2;
      int rows = d == 1 && onlyOne || nested != null ? 0 : maxRows;
      deltas[d] =
          new Deltas(new float[Math.multiplyExact(rows, widest)], new float[team.size()][widest]);
    }
    this.losses = new double[team.size()];
    this.penalties = new double[team.size()][spec.depth()];
  }

  void takeSparsityWeights(AutoencoderSpec other) {
    spec = other;
  }

  private boolean isSparseCode(int layer) {
    return sparseCode != null && layer == spec.depth() - 1;
  }

  /**
   * Computes the gradient.
   *
   * @param sums the loss and the row penalties are added to it, arranged as {@link ObjectiveLayout}
   *     says
   */
  void run(BackwardCall call, double[] sums) {
    layers.get(0).beginPass(call.gradient(), call.accumulate(), team);
    baseline.beginPass(call);
    decoderNorms.begin(call.parameters());
    addOwnTerms(call, sums);
    SparseRows dead = call.factors().auxiliary() == 0 ? null : code.deadCode();
    if (dead != null) {
      auxiliary.prepare(call, dead, reconstruction(call));
    }
    if (nested == null) {
      throughLayers(call);
    } else {
      throughNested(call);
    }
    if (dead != null) {
      auxiliary.addGradient(call, dead);
      sums[ObjectiveLayout.of(spec).auxiliary()] += auxiliary.value();
    }
    decoderNorms.end(spec, call.parameters(), call.gradient());
    layers.get(0).endPass(call.parameters(), call.gradient(), team);
    baseline.endPass(call);
    if (sparseCode != null) {
      sparseCode.endPass(call.gradient());
    }
    addTerms(sums);
  }

  private void addOwnTerms(BackwardCall call, double[] sums) {
    Layer decoder = layers.get(spec.depth());
    new OwnTerms(
            spec,
            decoder,
            LOSS,
            decoderNorms,
            baseline,
            call.parameters(),
            call.target(),
            call.rowWeights())
        .addTo(sums, code);
  }

  private void throughLayers(BackwardCall call) {
    int current = 0;
    outputDelta(call, deltas[current]);
    baseline.gradient(call, deltas[current].rows(call.x().rows(), spec.outputSize()));
    int l = layers.size() - 1;
    while (l >= 0) {
      if (isSparseCode(l - 1)) {
        sparseCode(call, l, deltas[current], deltas[1 - current]);
        l -= 2;
      } else {
        layer(call, l, deltas[current], deltas[1 - current]);
        l -= 1;
      }
      current = 1 - current;
    }
  }

  /** The same for several codes, between the only two layers. */
  private void throughNested(BackwardCall call) {
    int rows = call.x().rows();
    beginTerms(deltas[0]);
    team.run(
        member ->
            forTiles(
                member,
                rows,
                (from, to) -> {
                  losses[member] +=
                      nested.deltas(
                          call.target().slice(from, to), call.weights(from, to), from, to);
                  Kernels.addColumnSums(
                      nested.biasDelta().slice(from, to), deltas[0].columnSums()[member], 0);
                }));
    baseline.gradient(call, nested.biasDelta());
    nested.backward(call, (SparseRows) call.h().get(0), sparseCode);
    biasGradient(call, layers.get(1), deltas[0]);
  }

  private void beginTerms(Deltas deltas) {
    Arrays.fill(losses, 0);
    for (int m = 0; m < team.size(); m++) {
      Arrays.fill(penalties[m], 0);
      Arrays.fill(deltas.columnSums()[m], 0f);
    }
  }

  private static DenseRows reconstruction(BackwardCall call) {
    return (DenseRows) call.h().get(call.h().size() - 1);
  }

  /**
   * Computes what the gradient of the first layer gains if the slope of each unit's mean is 1:
   * {@code sum over i of weight_i f'(z_ij) x_i} for its weights, and the same without {@code x_i}
   * for its biases. For a map it is the mean over the positions.
   */
  void runUnitSlopes(BackwardCall call) {
    Layer layer = layers.get(0);
    DenseRows h = (DenseRows) call.h().get(0);
    DenseRows delta = deltas[0].rows(h.rows(), h.columns());
    int positions = spec.hiddenLayers().get(0).positions();
    team.run(
        member -> {
          Arrays.fill(deltas[0].columnSums()[member], 0f);
          forTiles(
              member,
              h.rows(),
              (from, to) -> {
                DenseRows tile = delta.slice(from, to);
                Kernels.fill(tile.values(), tile.offset(), tile.end(), 1f / positions);
                Kernels.scaleRows(tile, call.weights(from, to));
                layer.activation().multiplyByDerivative(tile, h.slice(from, to));
                Kernels.addColumnSums(tile, deltas[0].columnSums()[member], 0);
              });
        });
    layer.beginWeightGradient(call.x(), delta, team);
    team.run(
        member ->
            layer.weightGradient(
                call.x(), delta, call.gradient(), call.accumulate(), team, member));
    layer.endWeightGradient(call.gradient(), call.accumulate());
    biasGradient(call, layer, deltas[0]);
  }

  private void outputDelta(BackwardCall call, Deltas deltas) {
    int last = layers.size() - 1;
    DenseRows reconstruction = reconstruction(call);
    DenseRows delta = deltas.rows(call.x().rows(), spec.outputSize());
    beginTerms(deltas);
    team.run(
        member ->
            forTiles(
                member,
                delta.rows(),
                (from, to) -> {
                  double[] sum = {0};
                  delta.forChunks(
                      from,
                      to,
                      (first, end) -> {
                        DenseRows chunk = delta.slice(first, end);
                        DenseRows output = reconstruction.slice(first, end);
                        sum[0] =
                            LOSS.gradient(
                                output,
                                call.target().slice(first, end),
                                call.weights(first, end),
                                chunk,
                                sum[0]);
                        layers.get(last).activation().multiplyByDerivative(chunk, output);
                        Kernels.addColumnSums(chunk, deltas.columnSums()[member], 0);
                      });
                  losses[member] += sum[0];
                }));
  }

  private void layer(BackwardCall call, int l, Deltas deltas, Deltas below) {
    Layer layer = layers.get(l);
    DenseRows delta = deltas.rows(call.x().rows(), layer.outputSize());
    // With tied weights, the decoder has already written its gradient when the encoder is reached.
    boolean add = call.accumulate() || (spec.tiedWeights() && l < spec.depth());
    layer.beginWeightGradient(call.input(l), delta, team);
    team.run(
        member -> {
          if (l > 0) {
            Source source =
                (from, to, target, m) ->
                    layer.mapBack(call.parameters(), delta.slice(from, to), target, m);
            hidden(call, l - 1, source, below, member);
          }
          layer.weightGradient(call.input(l), delta, call.gradient(), add, team, member);
          if (member == 0) {
            biasGradient(call, layer, deltas);
          }
        });
    layer.endWeightGradient(call.gradient(), add);
  }

  private void sparseCode(BackwardCall call, int l, Deltas deltas, Deltas below) {
    Layer decoder = layers.get(l);
    SparseRows code = (SparseRows) call.h().get(l - 1);
    sparseCode.backward(
        call.parameters(),
        call.input(l - 1),
        code,
        deltas.rows(call.x().rows(), decoder.outputSize()),
        call.gradient(),
        call.accumulate());
    biasGradient(call, decoder, deltas);
    if (l >= 2) {
      Source source =
          (from, to, target, m) -> sparseCode.mapBack(call.parameters(), code, from, to, target, m);
      team.run(member -> hidden(call, l - 2, source, below, member));
    }
  }

  /** Computes a member's rows of the delta of layer l, which is not a sparse code. */
  private void hidden(BackwardCall call, int l, Source source, Deltas deltas, int member) {
    DenseRows h = (DenseRows) call.h().get(l);
    DenseRows delta = deltas.rows(h.rows(), h.columns());
    float[] slopes = l < spec.depth() ? call.factors().meanSlopes()[l] : null;
    Arrays.fill(deltas.columnSums()[member], 0f);
    forTiles(
        member,
        h.rows(),
        (from, to) -> {
          source.write(from, to, delta.slice(from, to), member);
          if (l < spec.depth()) {
            addRowSparsity(call, l, h, delta, from, to, member);
          }
          delta.forChunks(
              from,
              to,
              (first, end) -> {
                DenseRows chunk = delta.slice(first, end);
                if (slopes != null) {
                  addMeanSlopes(chunk, call.weights(first, end), slopes);
                }
                layers.get(l).activation().multiplyByDerivative(chunk, h.slice(first, end));
                Kernels.addColumnSums(chunk, deltas.columnSums()[member], 0);
              });
        });
  }

  /** Adds the gradient of a penalty that each row has of its own. */
  private void addRowSparsity(
      BackwardCall call, int l, DenseRows h, DenseRows delta, int from, int to, int member) {
    Sparsity sparsity = spec.hiddenLayers().get(l).sparsity();
    if (call.factors().meanSlopes()[l] == null && sparsity.isOfRows()) {
      float[] lengths = decoderNorms.of(call.parameters(), l + 1);
      float[] weights = call.weights(from, to);
      DenseRows tile = h.slice(from, to);
      penalties[member][l] += sparsity.addRows(tile, weights, lengths, delta.slice(from, to));
      decoderNorms.add(l + 1, tile, weights, member);
    }
  }

  /** Adds the slopes. Each value of a map contributes 1 / positions to the mean of the map. */
  private static void addMeanSlopes(DenseRows delta, float[] rowWeights, float[] slopes) {
    int positions = delta.columns() / slopes.length;
    if (positions == 1) {
      Kernels.addScaledToRows(delta, rowWeights, slopes);
      return;
    }
    float[] values = delta.values();
    for (int i = 0; i < delta.rows(); i++) {
      float scale = (rowWeights == null ? 1f : rowWeights[i]) / positions;
      int at = delta.rowOffset(i);
      for (float slope : slopes) {
        float share = scale * slope;
        for (int end = at + positions; at < end; at++) {
          values[at] += share;
        }
      }
    }
  }

  private interface Tile {
    void run(int from, int to);
  }

  private void forTiles(int member, int rows, Tile tile) {
    team.part(
        member,
        rows,
        rowGrain,
        (m, from, to) -> {
          for (int i = from; i < to; i += tileRows) {
            tile.run(i, Math.min(i + tileRows, to));
          }
        });
  }

  /** Computes the gradient of the biases. All outputs of a unit share its bias. */
  private static void biasGradient(BackwardCall call, Layer layer, Deltas deltas) {
    int at = layer.bias().offset();
    int outputs = layer.outputSize() / layer.bias().rows();
    for (int unit = 0; unit < layer.bias().rows(); unit++) {
      float sum = call.accumulate() ? call.gradient()[at + unit] : 0f;
      for (float[] sums : deltas.columnSums()) {
        for (int j = unit * outputs; j < (unit + 1) * outputs; j++) {
          sum += sums[j];
        }
      }
      call.gradient()[at + unit] = sum;
    }
  }

  private void addTerms(double[] sums) {
    ObjectiveLayout layout = ObjectiveLayout.of(spec);
    double loss = 0;
    for (int m = 0; m < team.size(); m++) {
      loss += losses[m];
      for (int k = 1; k <= spec.depth(); k++) {
        sums[layout.penalty(k)] += penalties[m][k - 1];
      }
    }
    sums[ObjectiveLayout.RECONSTRUCTION] += loss;
  }
}
