package org.sparksae.spark.ml.param;

import java.util.List;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Sparsity;

/** The Params of a model that no estimator made: a layer of another one, or an imported model. */
public final class LayerParams {
  private LayerParams() {}

  /**
   * Makes the Params of a whole model those of one of its layers.
   *
   * @param layer the layer's model, with the Params of the whole; its shape is not set
   * @param spec the layer alone
   * @param first whether it is the first, which takes the input of the whole
   */
  public static void describe(AutoencoderParams layer, AutoencoderSpec spec, boolean first) {
    clear(layer, ofTheWhole(layer));
    if (!first) {
      clear(layer, List.of(layer.inputCol()));
    }
    if (!spec.code().form().selects()) {
      clear(layer, layer.codeParams());
    }
    set(layer, spec);
  }

  /** Sets the Params that an estimator of a model of one hidden layer would have. */
  public static void ofModel(AutoencoderParams model, AutoencoderSpec spec) {
    set(model, spec);
    spec.code()
        .form()
        .fields()
        .forEach(
            (name, value) -> {
              // Thresholds are found by a training, so no Param says that there are some.
              if (model.hasParam(name)) {
                model.set(name, value);
              }
            });
  }

  private static List<Param<?>> ofTheWhole(AutoencoderParams layer) {
    return List.of(
        layer.outputCol(),
        layer.reconstructionCol(),
        layer.reconstructionErrorCol(),
        layer.contamination(),
        layer.outlierThreshold(),
        layer.outlierCol(),
        layer.outputLayer(),
        layer.layerTraining(),
        layer.initialModel(),
        layer.checkpointDir());
  }

  private static void clear(AutoencoderParams layer, List<Param<?>> params) {
    params.forEach(layer::clear);
  }

  /** Sets the Params that an estimator of this layer would have. */
  private static void set(AutoencoderParams layer, AutoencoderSpec spec) {
    HiddenLayer only = spec.hiddenLayers().get(0);
    Sparsity sparsity = only.sparsity();
    layer.set("activation", only.activation().paramName());
    layer.set("outputActivation", spec.outputActivation().paramName());
    layer.set("regParam", spec.regParam());
    layer.set("sparsity", new String[] {sparsity.kind().paramName()});
    layer.set("sparsityWeights", new double[] {sparsity.weight()});
    layer.set("sparsityTargets", new double[] {sparsity.target()});
  }
}
