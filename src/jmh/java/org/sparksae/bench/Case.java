package org.sparksae.bench;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import org.sparksae.core.nn.Activation;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.HiddenLayer;
import org.sparksae.core.nn.Sparsity;
import org.sparksae.core.nn.SparsityKind;
import org.sparksae.core.nn.SparsityScope;
import org.sparksae.core.nn.TopK;
import org.sparksae.spark.ml.SparseAutoencoder;

/**
 * A training step to compare: a model, a batch, and what is wanted of the product.
 *
 * @param id the name on the command line
 * @param kind dense with a KL penalty, or TopK
 * @param inputs columns of a row
 * @param hidden units of the code
 * @param k codes kept per row; 0 if {@link Kind#KL}
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
    int rowsPerCore,
    double ratio,
    Limit limit)
    implements Serializable {

  /** The two kinds of steps. */
  enum Kind {
    /** Sigmoid code, linear reconstruction, KL penalty on the batch's mean activations. */
    KL,
    /** Linear code of which each row keeps the k largest values, linear reconstruction. */
    TOP_K
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
          topK(768, 24576, 64, 6, Limit.timesEncoder(1.3)));

  private static Case kl(int inputs, int hidden, double ratio, Limit limit) {
    return new Case(
        "kl-%d-%d".formatted(inputs, hidden), Kind.KL, inputs, hidden, 0, 2048, ratio, limit);
  }

  private static Case topK(int inputs, int hidden, int k, double ratio, Limit limit) {
    return new Case(
        "topk-%d-%d".formatted(inputs, hidden), Kind.TOP_K, inputs, hidden, k, 2048, ratio, limit);
  }

  /** The case with an id. */
  static Case of(String id) {
    return ALL.stream().filter(c -> c.id().equals(id)).findAny().orElseThrow();
  }

  /** The same model with another batch. */
  Case withRowsPerCore(int rows) {
    return new Case(id, kind, inputs, hidden, k, rows, ratio, limit);
  }

  /** Rows of the batch. */
  int batchRows() {
    return rowsPerCore * Cores.COUNT;
  }

  /** The title of the table's row. */
  String title() {
    return kind == Kind.KL
        ? "KL dense, %d-%d".formatted(inputs, hidden)
        : String.format(Locale.ROOT, "TopK %d-%d, k=%d", inputs, hidden, k);
  }

  /** The product's model. */
  AutoencoderSpec spec() {
    Sparsity sparsity = new Sparsity(SparsityKind.KL, SparsityScope.UNIT, SPARSITY_WEIGHT, TARGET);
    HiddenLayer layer =
        kind == Kind.KL
            ? new HiddenLayer(hidden, Activation.SIGMOID, sparsity)
            : new HiddenLayer(
                hidden, Activation.LINEAR, Sparsity.NONE, new TopK(k, TopK.By.VALUE));
    return new AutoencoderSpec(
        inputs,
        List.of(layer),
        Activation.LINEAR,
        false,
        REG_PARAM);
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
