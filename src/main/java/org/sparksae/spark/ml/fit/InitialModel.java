package org.sparksae.spark.ml.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.sparksae.core.Text;
import org.sparksae.core.format.ModelFile;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.spark.ml.file.ModelReader;
import org.sparksae.spark.ml.file.SparkMetadata;
import org.sparksae.spark.ml.param.AutoencoderParams;

/** The saved model that a training starts from. */
public final class InitialModel {
  /** As the metadata of saved models name them. */
  private static final List<String> MODELS =
      List.of(
          "org.sparksae.spark.ml.SparseAutoencoderModel",
          "org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel");

  /** The Params whose models have thresholds. */
  private static final String THRESHOLDS = "jumpReluThreshold or batchTopK";

  private InitialModel() {}

  /**
   * The parameters of {@code initialModel}, which must match the model to train in everything that
   * gives parameters their place and meaning. Penalties, regParam, the value of k and that of
   * lifetimeSparsity or batchTopK may differ. Decoder vectors of length 1 begin at such vectors
   * only.
   *
   * @param spec the model to train
   * @return flat parameters, or null if {@code initialModel} is not set
   * @throws IllegalArgumentException if there is no such model, or it does not fit, naming what
   *     differs
   */
  public static float[] parameters(
      AutoencoderParams params, AutoencoderSpec spec, Configuration hadoop) {
    String path = params.getInitialModel();
    if (path.isEmpty()) {
      return null;
    }
    ModelFile.Saved saved = load(path, hadoop);
    List<String> differences = differences(shape(spec), shape(saved.spec()));
    if (spec.decoderNorm() == DecoderNorm.UNIT && saved.spec().decoderNorm() != DecoderNorm.UNIT) {
      // Vectors of length 1 would make it another model before the first step.
      differences.add("decoderNorm is unit, the model's is free");
    }
    if (spec.preBias() != saved.spec().preBias()) {
      differences.add(preBias(params, saved.spec().preBias()));
    }
    if (!differences.isEmpty()) {
      throw new IllegalArgumentException(
          Text.format(
              "initialModel %s does not fit: %s; set the Params to the model's, or name a model that fits",
              path, String.join("; ", differences)));
    }
    // Thresholds come last; a training finds its own.
    return Arrays.copyOf(saved.parameters(), spec.layout().size());
  }

  /** A model knows only whether it has a pre-bias; a Param may have its value from another one. */
  private static String preBias(AutoencoderParams params, boolean ofModel) {
    return Text.format(
        "preBias is %s%s, the model's is %s",
        params.getPreBias(),
        params.isSet(params.preBias()) ? "" : ", which is the default of this kind",
        ofModel ? "not none" : "none");
  }

  private static ModelFile.Saved load(String path, Configuration hadoop) {
    try {
      requireModel(path, hadoop);
      return ModelReader.weights(path, hadoop);
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(
          Text.format(
              "initialModel: %s; name a directory that a SparseAutoencoderModel or a ConvolutionalSparseAutoencoderModel was saved to",
              refused.getMessage()),
          refused);
    }
  }

  private static void requireModel(String path, Configuration hadoop) {
    String found = SparkMetadata.read(path, hadoop).className();
    if (!MODELS.contains(found)) {
      throw new IllegalArgumentException(Text.format("%s holds a %s", path, found));
    }
  }

  private static Map<String, String> shape(AutoencoderSpec spec) {
    Map<String, String> shape = new LinkedHashMap<>();
    shape.put("size of an input row", Integer.toString(spec.inputSize()));
    shape.put(
        "hiddenLayers", spec.hiddenLayers().stream().map(InitialModel::units).toList().toString());
    shape.put("convolutions", spec.isConvolutional() ? convolutions(spec) : "none");
    shape.put(
        "activation",
        spec.hiddenLayers().stream()
            .map(layer -> layer.activation().paramName())
            .toList()
            .toString());
    shape.put("outputActivation", spec.outputActivation().paramName());
    shape.put("tiedWeights", Boolean.toString(spec.tiedWeights()));
    if (spec.target() != null) {
      shape.put("size of a target row", Integer.toString(spec.target().size()));
      shape.put("skipConnection", Boolean.toString(spec.target().skip()));
    }
    // The decoder's weights lie in another order for some kinds of codes, whatever their values.
    CodeForm form = spec.encoding().code().form();
    if (form.selects()) {
      shape.put(form.hasThresholds() ? THRESHOLDS : form.paramName(), "set");
    }
    return shape;
  }

  /** How many maps there are, and of which size, is among the convolutions. */
  private static String units(HiddenLayer layer) {
    return layer.convolution() == null ? Integer.toString(layer.size()) : "maps";
  }

  private static String convolutions(AutoencoderSpec spec) {
    return spec.hiddenLayers().stream().map(InitialModel::describe).toList().toString();
  }

  /** Whatever is kept of a map, its weights are the same. */
  private static String describe(HiddenLayer layer) {
    Convolution of = layer.convolution();
    return of == null
        ? "none"
        : Text.format(
            "%d filters of %s, kernel %d, stride %d, padding %s",
            of.filters(), of.input(), of.kernel(), of.stride(), of.padding().paramName());
  }

  private static List<String> differences(Map<String, String> wanted, Map<String, String> found) {
    Set<String> names = new LinkedHashSet<>(wanted.keySet());
    names.addAll(found.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      String here = wanted.getOrDefault(name, "not set");
      String there = found.getOrDefault(name, "not set");
      if (!here.equals(there)) {
        differences.add(Text.format("%s is %s, the model's is %s", name, here, there));
      }
    }
    return differences;
  }
}
