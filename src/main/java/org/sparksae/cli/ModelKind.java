package org.sparksae.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.AutoencoderModel;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoder;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** Which estimator a job trains: {@code model.kind}. */
enum ModelKind {
  DENSE("dense", "hiddenLayers", "the units of each hidden layer, such as [256]") {
    @Override
    AutoencoderEstimator<?, ?> create() {
      return new SparseAutoencoder();
    }

    @Override
    AutoencoderModel<?> load(String path) {
      return SparseAutoencoderModel.read().load(path);
    }

    @Override
    int[] components(AutoencoderEstimator<?, ?> estimator) {
      int[] layers = layers(estimator);
      return new int[] {layers[layers.length - 1]};
    }
  },

  CONVOLUTIONAL("convolutional", "filters", "the maps of each hidden layer, such as [32]") {
    @Override
    AutoencoderEstimator<?, ?> create() {
      return new ConvolutionalSparseAutoencoder();
    }

    @Override
    AutoencoderModel<?> load(String path) {
      return ConvolutionalSparseAutoencoderModel.read().load(path);
    }

    /** Maps are no measure of a code, as each has many values; and these are more than a row's. */
    @Override
    int[] components(AutoencoderEstimator<?, ?> estimator) {
      throw JobConfig.missing(
          "anomaly.components",
          "with model.kind = convolutional, the numbers of principal components to compare with,"
              + " such as [32], or [] for none");
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

  /** A saved model of this kind; whoever asks prepares its rows. */
  abstract AutoencoderModel<?> load(String path);

  /**
   * Numbers of principal components to compare a model with, where a job names none.
   *
   * @throws IllegalArgumentException if the job must
   */
  abstract int[] components(AutoencoderEstimator<?, ?> estimator);

  /** The kind that a section names by {@code kind}; dense if it names none. */
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
   * @throws IllegalArgumentException if a key is no Param of it, a value breaks a Param's rule, or
   *     the sizes of layers are missing
   */
  AutoencoderEstimator<?, ?> estimator(Section section) {
    AutoencoderEstimator<?, ?> estimator = create();
    ParamSetter.set(estimator, section.without(KEY), ParamSetter.names(estimator));
    if (!estimator.isDefined(estimator.getParam(sizesParam))) {
      throw JobConfig.missing("model." + sizesParam, sizesMeaning);
    }
    return estimator;
  }

  /** Units, or maps, of each hidden layer. */
  int[] layers(AutoencoderEstimator<?, ?> estimator) {
    return (int[]) estimator.getOrDefault(estimator.getParam(sizesParam));
  }
}
