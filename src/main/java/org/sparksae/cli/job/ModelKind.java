package org.sparksae.cli.job;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoder;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** The kind of estimator that a job trains: {@code model.kind}. */
public enum ModelKind {
  DENSE("dense", "hiddenLayers", "the number of units in each hidden layer, such as [256]") {
    @Override
    AutoencoderEstimator<?, ?> create() {
      return new SparseAutoencoder();
    }

    @Override
    AutoencoderModel<?> load(String path) {
      return SparseAutoencoderModel.read().load(path);
    }
  },

  CONVOLUTIONAL(
      "convolutional", "filters", "the number of maps in each hidden layer, such as [32]") {
    @Override
    AutoencoderEstimator<?, ?> create() {
      return new ConvolutionalSparseAutoencoder();
    }

    @Override
    AutoencoderModel<?> load(String path) {
      return ConvolutionalSparseAutoencoderModel.read().load(path);
    }
  };

  private static final String KEY = "kind";

  private final String jobName;
  private final String sizesParam;
  private final String sizesMeaning;

  ModelKind(String jobName, String sizesParam, String sizesMeaning) {
    this.jobName = jobName;
    this.sizesParam = sizesParam;
    this.sizesMeaning = sizesMeaning;
  }

  abstract AutoencoderEstimator<?, ?> create();

  /** Loads a saved model of this kind. The caller prepares its rows. */
  abstract AutoencoderModel<?> load(String path);

  /** The kind that a section's {@code kind} names; dense by default. */
  static ModelKind of(Section section) {
    return section
        .find(KEY)
        .map(
            value ->
                Arrays.stream(values())
                    .filter(kind -> kind.jobName.equals(value.asText()))
                    .findFirst()
                    .orElseThrow(() -> value.wrong("one of " + names())))
        .orElse(DENSE);
  }

  private static String names() {
    return Arrays.stream(values()).map(kind -> kind.jobName).collect(Collectors.joining(", "));
  }

  /**
   * An estimator with the Params of a section.
   *
   * @throws IllegalArgumentException if a key is not one of its Params, a value breaks a Param's
   *     rule, or the layers' sizes are missing
   */
  AutoencoderEstimator<?, ?> estimator(Section section) {
    AutoencoderEstimator<?, ?> estimator = incomplete(section);
    if (!estimator.isDefined(estimator.getParam(sizesParam))) {
      throw Section.missing("model." + sizesParam, sizesMeaning);
    }
    return estimator;
  }

  /**
   * An estimator with the Params of a section, which may lack the layers' sizes.
   *
   * @throws IllegalArgumentException if a key is not one of its Params, or a value breaks a Param's
   *     rule
   */
  AutoencoderEstimator<?, ?> incomplete(Section section) {
    AutoencoderEstimator<?, ?> estimator = create();
    ParamSetter.set(estimator, section.without(KEY), ParamSetter.names(estimator));
    return estimator;
  }

  /** The number of units or maps in each hidden layer. */
  int[] layers(AutoencoderEstimator<?, ?> estimator) {
    return (int[]) estimator.getOrDefault(estimator.getParam(sizesParam));
  }
}
