package org.sparksae.spark.ml;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.nn.Activation;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.HiddenLayer;
import org.sparksae.core.nn.Sparsity;
import org.sparksae.core.nn.SparsityKind;
import org.sparksae.core.nn.SparsityScope;

/** The model that Params describe. */
final class SpecBuilder {
  private SpecBuilder() {}

  /**
   * The spec for rows of a size.
   *
   * @throws IllegalArgumentException naming the Param, its value and the rule, if the Params do not
   *     make a model
   */
  static AutoencoderSpec build(AutoencoderParams params, int inputSize) {
    if (!params.isDefined(params.hiddenLayers())) {
      throw new IllegalArgumentException(
          "hiddenLayers must be set: the units of each hidden layer, for example [256]");
    }
    int[] sizes = params.getHiddenLayers();
    Activation activation = Activation.parse("activation", params.getActivation());
    SparsityScope scope = SparsityScope.parse("sparsityScope", params.getSparsityScope());
    List<HiddenLayer> layers = new ArrayList<>();
    for (int k = 0; k < sizes.length; k++) {
      layers.add(new HiddenLayer(sizes[k], activation, sparsity(params, scope, k, sizes.length)));
    }
    return new AutoencoderSpec(
        inputSize,
        layers,
        Activation.parse("outputActivation", params.getOutputActivation()),
        params.getTiedWeights(),
        params.getRegParam());
  }

  private static Sparsity sparsity(
      AutoencoderParams params, SparsityScope scope, int k, int depth) {
    String[] kinds = params.getSparsity();
    double[] weights = params.getSparsityWeights();
    double[] targets = params.getSparsityTargets();
    return new Sparsity(
        SparsityKind.parse("sparsity", kinds[index("sparsity", kinds.length, k, depth)]),
        scope,
        weights[index("sparsityWeights", weights.length, k, depth)],
        targets[index("sparsityTargets", targets.length, k, depth)]);
  }

  /** Entry k of a list with one entry for each hidden layer, or one for all. */
  private static int index(String param, int length, int k, int depth) {
    if (length != 1 && length != depth) {
      throw new IllegalArgumentException(
          "%s must have 1 entry, or one for each of the %d hiddenLayers; got %d entries"
              .formatted(param, depth, length));
    }
    return length == 1 ? 0 : k;
  }
}
