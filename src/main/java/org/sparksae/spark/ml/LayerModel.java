package org.sparksae.spark.ml;

import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.LayerStack;
import org.sparksae.core.model.Sparsity;

/** A layer of a model as a model. */
final class LayerModel {
  private LayerModel() {}

  /** See {@link AutoencoderModel#layer}. */
  static <M extends AutoencoderModel<M>> M of(M whole, int k) {
    AutoencoderSpec spec = whole.spec().layer(k);
    M layer =
        whole.create(
            whole.uid() + "_layer" + k,
            spec,
            LayerStack.layer(whole.spec(), whole.sharedParameters(), k));
    String outputCol = layer.getOutputCol();
    whole.copyValues(layer, ParamMap.empty());
    // Defaults are copied, too, and this one has the uid in it.
    layer.setDefault(layer.outputCol(), outputCol);
    clear(layer, ofTheWhole(layer));
    if (k == 1) {
      layer.setPreparation(whole.preparation());
    } else {
      clear(layer, List.of(layer.inputCol()));
    }
    if (spec.topK() == null) {
      clear(layer, List.of(layer.k(), layer.kStart(), layer.encodeK()));
    }
    if (spec.lifetime() == null) {
      clear(layer, List.of(layer.lifetimeSparsity()));
    }
    describe(layer, spec);
    return layer;
  }

  private static List<Param<?>> ofTheWhole(AutoencoderModel<?> layer) {
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

  private static void clear(AutoencoderModel<?> layer, List<Param<?>> params) {
    params.forEach(layer::clear);
  }

  /** Sets the Params that an estimator of this layer would have. */
  private static void describe(AutoencoderModel<?> layer, AutoencoderSpec spec) {
    HiddenLayer only = spec.hiddenLayers().get(0);
    Sparsity sparsity = only.sparsity();
    layer.setShape(spec);
    layer.set("activation", only.activation().paramName());
    layer.set("outputActivation", spec.outputActivation().paramName());
    layer.set("regParam", spec.regParam());
    layer.set("sparsity", new String[] {sparsity.kind().paramName()});
    layer.set("sparsityWeights", new double[] {sparsity.weight()});
    layer.set("sparsityTargets", new double[] {sparsity.target()});
  }
}
