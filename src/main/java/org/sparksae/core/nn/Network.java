package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeLoss;
import org.sparksae.core.nn.code.CodeMaker;
import org.sparksae.core.nn.code.CodeMakers;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;

/**
 * The layers of an autoencoder and their buffers, which an {@link Autoencoder} and its batches
 * share.
 */
final class Network {
  private AutoencoderSpec spec;
  private final Team team;
  private final List<Layer> layers;
  private final List<LayerForward> below = new ArrayList<>();
  private final CodeMaker code;
  private final List<LayerForward> decoder = new ArrayList<>();
  private NestedReconstructions nested;
  private PrefixReconstructions prefixes;
  private final DecoderNorms decoderNorms;
  private final Baseline baseline;
  private final int maxRows;
  private BackwardPass backwardPass;
  private FiringCounts firingCounts;

  /**
   * Allocates the buffers.
   *
   * @param spec the model
   * @param maxRows the most rows per call, 1 or more
   * @param team the threads that share the work
   */
  Network(AutoencoderSpec spec, int maxRows, Team team) {
    this.spec = spec;
    this.team = team;
    this.maxRows = maxRows;
    Layers bound = Layers.of(spec);
    this.layers = bound.all();
    int grain = Layers.rowGrain(spec);
    for (Layer layer : bound.encoder().subList(0, spec.depth() - 1)) {
      below.add(new LayerForward(layer, maxRows, grain, team));
    }
    this.code = CodeMakers.of(spec, layers.get(spec.depth() - 1), maxRows, grain, team);
    for (Layer layer : spec.hasSkip() ? List.<Layer>of() : bound.decoder()) {
      decoder.add(new LayerForward(layer, maxRows, grain, team));
    }
    this.decoderNorms = new DecoderNorms(spec, team);
    this.baseline = new Baseline(spec, layers.get(layers.size() - 1), maxRows, team);
  }

  void parametersChanged() {
    layers.forEach(Layer::parametersChanged);
    decoderNorms.parametersChanged();
    baseline.parametersChanged();
  }

  /**
   * Returns the activations of the first {@code count} hidden layers, which do not include the
   * code.
   */
  List<Rows> below(float[] parameters, Rows x, int count) {
    if (x.rows() > maxRows || x.columns() != spec.inputSize()) {
      throw new IllegalArgumentException(
          Text.format(
              "rows must be [at most %d, %d], got [%d, %d]",
              maxRows, spec.inputSize(), x.rows(), x.columns()));
    }
    List<Rows> h = new ArrayList<>();
    Rows input = x;
    for (LayerForward layer : below.subList(0, count)) {
      input = layer.apply(parameters, input);
      h.add(input);
    }
    return h;
  }

  /**
   * Returns the decoder's activations, outwards. The last is x_hat.
   *
   * @param x the input that the code is of
   */
  List<DenseRows> decode(float[] parameters, Rows x, Rows ofCode) {
    baseline.begin(parameters, x);
    if (spec.hasSkip()) {
      return List.of(baseline.withCode(parameters, ofCode));
    }
    List<DenseRows> outputs = new ArrayList<>();
    Rows input = ofCode;
    for (LayerForward layer : decoder) {
      DenseRows output = layer.apply(parameters, input);
      outputs.add(output);
      input = output;
    }
    return outputs;
  }

  /**
   * Returns the decoder's activations in training, as {@link #decode}. If several codes reconstruct
   * the rows, {@link #nested} has their reconstructions then.
   */
  List<DenseRows> decodeForTraining(float[] parameters, Rows x, Rows ofCode) {
    if (!spec.code().form().loss().isNested()) {
      return decode(parameters, x, ofCode);
    }
    baseline.begin(parameters, x);
    return List.of(nested().decode(parameters, (SparseRows) ofCode));
  }

  /** Returns the reconstructions from nested codes; null if there is only one. */
  NestedReconstructions nested() {
    CodeLoss loss = spec.code().form().loss();
    if (nested == null && loss.isNested()) {
      DenseLayer layer = (DenseLayer) layers.get(spec.depth());
      nested =
          loss.multiTopK()
              ? new RankReconstructions(code, layer, baseline, BackwardPass.LOSS, maxRows, team)
              : prefixes(loss.widths());
    }
    return nested;
  }

  /** Returns the reconstructions from prefixes of the code, whether training has them or not. */
  PrefixReconstructions prefixes(List<Integer> widths) {
    if (prefixes == null || !prefixes.hasWidths(widths)) {
      DenseLayer layer = (DenseLayer) layers.get(spec.depth());
      prefixes =
          new PrefixReconstructions(widths, layer, baseline, BackwardPass.LOSS, maxRows, team);
    }
    return prefixes;
  }

  /** Takes the weights of another model's penalties. */
  void takeSparsityWeights(AutoencoderSpec other) {
    spec = other;
    if (backwardPass != null) {
      backwardPass.takeSparsityWeights(other);
    }
  }

  AutoencoderSpec spec() {
    return spec;
  }

  Team team() {
    return team;
  }

  CodeMaker code() {
    return code;
  }

  /** Returns the layer that takes the code. */
  Layer codeDecoder() {
    return layers.get(spec.depth());
  }

  DecoderNorms decoderNorms() {
    return decoderNorms;
  }

  Baseline baseline() {
    return baseline;
  }

  FiringCounts firingCounts() {
    if (firingCounts == null) {
      firingCounts = new FiringCounts(spec.code(), Layers.rowGrain(spec), team);
    }
    return firingCounts;
  }

  BackwardPass backwardPass() {
    if (backwardPass == null) {
      backwardPass =
          new BackwardPass(spec, layers, code, nested(), decoderNorms, baseline, maxRows, team);
    }
    return backwardPass;
  }
}
