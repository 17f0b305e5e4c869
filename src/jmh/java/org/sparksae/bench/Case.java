package org.sparksae.bench;

import java.io.Serializable;
import java.util.List;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.Padding;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.TopK;
import org.sparksae.spark.ml.SparseAutoencoder;

/**
 * A training step to compare: a model, a batch, and what is wanted of the product.
 *
 * @param id the name on the command line
 * @param kind dense with a KL penalty, TopK, or convolutional
 * @param inputs columns of a row
 * @param hidden units of the code
 * @param k codes kept per row; 0 unless {@link Kind#TOP_K}
 * @param convolution the layer, or null unless {@link Kind#CONVOLUTION}
 * @param rowsPerCore rows of the batch per core
 * @param ratio how many times PyTorch's rows per second are wanted
 * @param limit what is wanted against the machine, or null
 */
record Case(
    String id,
    Kind kind,
    int inputs,
    int hidden,
    int k,
    Convolution convolution,
    int rowsPerCore,
    double ratio,
    Limit limit)
    implements Serializable {

  /** The two kinds of steps. */
  enum Kind {
    /** Sigmoid code, linear reconstruction, KL penalty on the batch's mean activations. */
    KL,
    /** Linear code of which each row keeps the k largest values, linear reconstruction. */
    TOP_K,
    /**
     * Rectified maps of images, all of them, and a transposed convolution back: linear
     * reconstruction.
     */
    CONVOLUTION
  }

  static final double REG_PARAM = 1e-4;
  static final double TARGET = 0.05;
  static final double SPARSITY_WEIGHT = 3.0;
  static final double STEP_SIZE = 1e-3;

  /** The cases, in the order in which they run. */
  static final List<Case> ALL =
      List.of(
          kl(784, 1024, 1.3, Limit.share(0.85)),
          kl(784, 196, 2.5, Limit.share(0.70)),
          kl(64, 25, 2, null),
          topK(784, 1024, 25, 5, Limit.timesEncoder(2.0)),
          topK(256, 2048, 32, 3.5, Limit.timesEncoder(2.0)),
          topK(512, 8192, 32, 6, Limit.timesEncoder(1.35)),
          topK(768, 24576, 64, 6, Limit.timesEncoder(1.3)),
          convolution(1, 28, 32, 5, 1),
          convolution(3, 32, 64, 7, 1));

  private static Case kl(int inputs, int hidden, double ratio, Limit limit) {
    return new Case(
        "kl-%d-%d".formatted(inputs, hidden), Kind.KL, inputs, hidden, 0, null, 2048, ratio, limit);
  }

  private static Case topK(int inputs, int hidden, int k, double ratio, Limit limit) {
    return new Case(
        "topk-%d-%d".formatted(inputs, hidden), Kind.TOP_K, inputs, hidden, k, null, 2048, ratio, limit);
  }

  private static Case convolution(int channels, int side, int filters, int kernel, double ratio) {
    Convolution of =
        new Convolution(
            new ImageShape(channels, side, side), filters, kernel, 1, Padding.SAME, false);
    String id = "conv-%d-%d".formatted(side, filters);
    return of(id, of, 128, ratio);
  }

  /** A step of a convolutional autoencoder. */
  static Case of(String id, Convolution convolution, int rowsPerCore, double ratio) {
    return new Case(
        id,
        Kind.CONVOLUTION,
        convolution.input().size(),
        convolution.output().size(),
        0,
        convolution,
        rowsPerCore,
        ratio,
        null);
  }

  /** The case with an id. */
  static Case of(String id) {
    return ALL.stream().filter(c -> c.id().equals(id)).findAny().orElseThrow();
  }

  /** The same model with another batch. */
  Case withRowsPerCore(int rows) {
    return new Case(id, kind, inputs, hidden, k, convolution, rows, ratio, limit);
  }

  /** Rows of the batch. */
  int batchRows() {
    return rowsPerCore * Cores.COUNT;
  }

  /** The title of the table's row. */
  String title() {
    return switch (kind) {
      case KL -> "KL dense, %d-%d".formatted(inputs, hidden);
      case TOP_K -> "TopK %d-%d, k=%d".formatted(inputs, hidden, k);
      case CONVOLUTION ->
          "convolution %1$s, %2$d filters of %3$dx%3$d"
              .formatted(convolution.input(), convolution.filters(), convolution.kernel());
    };
  }

  /** The product's model. */
  AutoencoderSpec spec() {
    return new AutoencoderSpec(inputs, List.of(layer()), Activation.LINEAR, false, REG_PARAM);
  }

  private HiddenLayer layer() {
    return switch (kind) {
      case KL ->
          new HiddenLayer(
              hidden,
              Activation.SIGMOID,
              new Sparsity(SparsityKind.KL, SparsityScope.UNIT, SPARSITY_WEIGHT, TARGET));
      case TOP_K ->
          new HiddenLayer(hidden, Activation.LINEAR, Sparsity.NONE, new TopK(k, TopK.By.VALUE));
      case CONVOLUTION ->
          new HiddenLayer(convolution, Activation.RELU, Sparsity.NONE, null, null);
    };
  }

  /** Weights of the encoder, and as many of the decoder. */
  int weights() {
    return convolution == null
        ? inputs * hidden
        : convolution.filters() * convolution.windowSize();
  }

  /** Biases of the encoder: one a unit, or one a map. */
  int codeBiases() {
    return convolution == null ? hidden : convolution.filters();
  }

  /** Biases of the decoder: one a column, or one a channel. */
  int outputBiases() {
    return convolution == null ? inputs : convolution.input().channels();
  }

  /** Values that a code's value is a sum of, and those that a reconstructed one is. */
  int fans() {
    return convolution == null
        ? inputs + hidden
        : convolution.windowSize() + convolution.windowSize() / outputBiases() * codeBiases();
  }

  /** An estimator of the product's model. */
  SparseAutoencoder estimator() {
    SparseAutoencoder estimator =
        new SparseAutoencoder().setHiddenLayers(hidden).setRegParam(REG_PARAM);
    return kind == Kind.KL
        ? estimator.setSparsityTargets(TARGET).setSparsityWeights(SPARSITY_WEIGHT)
        : estimator.setK(k);
  }
}
