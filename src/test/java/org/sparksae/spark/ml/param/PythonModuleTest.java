package org.sparksae.spark.ml.param;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.ArrayVectorizer;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoder;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel;
import org.sparksae.spark.ml.ImageVectorizer;
import org.sparksae.spark.ml.PatchScaling;
import org.sparksae.spark.ml.PatchScalingModel;
import org.sparksae.spark.ml.ReconstructionEvaluator;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;
import org.sparksae.spark.ml.ZcaWhitening;
import org.sparksae.spark.ml.ZcaWhiteningModel;

/** The stages in Python have the Params that the stages in Java have. */
class PythonModuleTest {
  private static final Path FILE = Path.of("src/main/python/org/sparksae/spark/ml/__init__.py");
  private static final String RENEW = "python.renew";

  private static final Params DENSE = new SparseAutoencoder("<uid>");
  private static final Params DENSE_MODEL = new SparseAutoencoderModel("<uid>");
  private static final Params CONVOLUTIONAL = new ConvolutionalSparseAutoencoder("<uid>");
  private static final Params CONVOLUTIONAL_MODEL =
      new ConvolutionalSparseAutoencoderModel("<uid>");

  private static final String HEAD =
      """
      \"""The stages of Sparse Autoencoders for Apache Spark.

      Made from the stages in Java by PythonModuleTest, which says how. The module has the name of
      the Java package, because PySpark makes one name of the other when it loads a stage.
      \"""

      from typing import Any, List, Optional, TypeVar

      from pyspark import keyword_only
      from pyspark.ml.param import Param, Params

      from org.sparksae.spark.ml._convert import (
          Flag,
          Number,
          Numbers,
          Texts,
          Whole,
          Wholes,
          toBoolean,
          toFloat,
          toInt,
          toListFloat,
          toListInt,
          toListString,
          toString,
      )
      from org.sparksae.spark.ml._formats import ModelFormats
      from org.sparksae.spark.ml._model import AutoencoderModel, SparseAutoencoderTrainingSummary
      from org.sparksae.spark.ml._stage import Estimator, Evaluator, Model, Transformer

      __all__ = [
          "ArrayVectorizer",
          "ConvolutionalSparseAutoencoder",
          "ConvolutionalSparseAutoencoderModel",
          "ImageVectorizer",
          "ModelFormats",
          "PatchScaling",
          "PatchScalingModel",
          "ReconstructionEvaluator",
          "SparseAutoencoder",
          "SparseAutoencoderModel",
          "SparseAutoencoderTrainingSummary",
          "ZcaWhitening",
          "ZcaWhiteningModel",
      ]

      S = TypeVar("S", bound=Params)""";

  private final PythonModule module = new PythonModule();

  @Test
  void theModuleIsWhatTheParamsSay() throws IOException {
    String made = make();
    if (Boolean.getBoolean(RENEW)) {
      Files.writeString(FILE, made);
    }
    String found = Files.exists(FILE) ? Files.readString(FILE) : "";
    assertEquals(
        made,
        found,
        FILE + " is stale; renew it: mvn test -Dtest=PythonModuleTest -D" + RENEW + "=true");
  }

  private String make() {
    module.add(HEAD);
    addAutoencoders();
    addPair(new PatchScaling("<uid>"), new PatchScalingModel("<uid>"));
    addPair(new ZcaWhitening("<uid>"), new ZcaWhiteningModel("<uid>"));
    addAlone(new ImageVectorizer("<uid>"), "Transformer");
    addAlone(new ArrayVectorizer("<uid>"), "Transformer");
    addAlone(new ReconstructionEvaluator("<uid>"), "Evaluator");
    module.add(
        "",
        "    def isLargerBetter(self) -> bool:",
        "        \"\"\"Whether the metric is better the larger it is.\"\"\"",
        "        return self.getMetricName() in " + metricsOfWhichMoreIsBetter());
    return module.toString();
  }

  /** Both estimators and both models have most Params in common. */
  private void addAutoencoders() {
    List<Param<?>> params =
        PythonModule.params(DENSE, param -> CONVOLUTIONAL.hasParam(param.name()));
    module.open(
        "_AutoencoderParams", List.of("Params"), "Params of autoencoders and their models.");
    module.params(params);
    module.defaults(DENSE, params);
    module.getters(params);
    module.open("_AutoencoderSetters", List.of("_AutoencoderParams"), "Setters of models, too.");
    module.setters(
        params.stream().filter(param -> PythonModule.isSetOn(DENSE_MODEL, param)).toList());
    module.open(
        "_AutoencoderTrainingSetters", List.of("_AutoencoderSetters"), "Setters of estimators.");
    module.setters(
        params.stream().filter(param -> !PythonModule.isSetOn(DENSE_MODEL, param)).toList());
    addAutoencoder(DENSE, CONVOLUTIONAL, DENSE_MODEL);
    addAutoencoder(CONVOLUTIONAL, DENSE, CONVOLUTIONAL_MODEL);
  }

  private void addAutoencoder(Params estimator, Params other, Params model) {
    List<Param<?>> own = PythonModule.params(estimator, param -> !other.hasParam(param.name()));
    String params = openParams(estimator, "_AutoencoderParams");
    module.params(own);
    module.defaults(estimator, own);
    module.getters(own);
    openEstimator(estimator, model, params, "_AutoencoderTrainingSetters");
    module.keywords(estimator, List.of());
    module.setters(own);
    addCreation(model);
    open(model, "AutoencoderModel", List.of(params, "_AutoencoderSetters"));
    module.setters(own.stream().filter(param -> PythonModule.isSetOn(model, param)).toList());
  }

  /** An estimator and a model whose Params have defaults only on the estimator. */
  private void addPair(Params estimator, Params model) {
    List<Param<?>> all = PythonModule.params(estimator, param -> true);
    String params = openParams(estimator, "Params");
    module.params(all);
    module.getters(all);
    openEstimator(estimator, model, params);
    module.keywords(estimator, all);
    module.setters(all);
    addCreation(model);
    open(model, "Model", List.of(params));
    module.setters(all.stream().filter(param -> PythonModule.isSetOn(model, param)).toList());
  }

  private void addAlone(Params stage, String base) {
    List<Param<?>> all = PythonModule.params(stage, param -> true);
    open(stage, base, List.of());
    module.params(all);
    module.keywords(stage, all);
    module.getters(all);
    module.setters(all);
  }

  private String openParams(Params estimator, String base) {
    String params = "_" + name(estimator) + "Params";
    module.open(params, List.of(base), "Params of " + name(estimator) + " and its model.");
    return params;
  }

  private void openEstimator(Params estimator, Params model, String... mixins) {
    String base = Text.format("Estimator[\"%s\", \"%s\"]", name(estimator), name(model));
    openStage(estimator, base, List.of(mixins));
  }

  private void open(Params stage, String base, List<String> mixins) {
    openStage(stage, Text.format("%s[\"%s\"]", base, name(stage)), mixins);
  }

  private void openStage(Params stage, String base, List<String> mixins) {
    List<String> bases = Stream.concat(Stream.of(base), mixins.stream()).toList();
    module.open(name(stage), bases, ParamsPageTest.summary(stage.getClass()));
  }

  private void addCreation(Params model) {
    module.add(
        "",
        "    def _create_model(self, java_model: Any) -> \"" + name(model) + "\":",
        "        return " + name(model) + "(java_model)");
  }

  /** So that no server has to be asked. */
  private static String metricsOfWhichMoreIsBetter() {
    ReconstructionEvaluator evaluator = new ReconstructionEvaluator();
    String words = ((Rule.Check<?>) (Object) evaluator.metricName().isValid()).rule().words();
    return Stream.of(words.replace("one of ", "").split(", "))
        .filter(metric -> evaluator.setMetricName(metric).isLargerBetter())
        .collect(Collectors.joining("\", \"", "(\"", "\")"));
  }

  private static String name(Params stage) {
    return stage.getClass().getSimpleName();
  }
}
