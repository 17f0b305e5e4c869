package org.sparksae.examples;

import java.util.Arrays;
import java.util.List;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.Section;
import org.sparksae.cli.job.Source;
import org.sparksae.cli.job.Value;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.SparseAutoencoder;

/**
 * How to run the experiment on outliers: section {@code anomaly} of a job file.
 *
 * @param input test rows
 * @param labelCol numeric column of classes
 * @param classes classes to learn; empty for all
 * @param seeds seeds of the trainings
 * @param components numbers of principal components to compare with
 */
record AnomalySettings(
    Source input, String labelCol, double[] classes, List<Long> seeds, int[] components) {

  /** The section's name; the rest of the job file is the library's. */
  static final String SECTION = "anomaly";

  /**
   * Reads the section.
   *
   * @param file the job file as a whole
   * @param job the rest of it, checked
   * @throws IllegalArgumentException naming key, place, value, rule and remedy
   */
  static AnomalySettings of(Section file, JobConfig job) {
    Section section =
        file.section(SECTION).only(List.of("input", "labelCol", "classes", "seeds", "components"));
    AutoencoderEstimator<?, ?> estimator = job.estimator();
    return new AnomalySettings(
        Source.of(section.section("input").orElse(file.section("input")), job.model()),
        section.require("labelCol", "the numeric column of classes").asText(),
        section.find("classes").map(Value::asDoubles).orElse(new double[0]),
        section.find("seeds").map(AnomalySettings::seeds).orElse(List.of(estimator.getSeed())),
        section
            .find("components")
            .map(AnomalySettings::sizes)
            .orElseGet(() -> defaultComponents(estimator)));
  }

  private static List<Long> seeds(Value value) {
    List<Long> seeds = value.asLongs();
    if (seeds.isEmpty()) {
      throw value.wrong("at least one whole number");
    }
    return seeds;
  }

  private static int[] sizes(Value value) {
    int[] sizes = value.asInts();
    if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw value.wrong("a list of numbers of components, each 1 or more");
    }
    return sizes;
  }

  /**
   * As many as the code has units. A convolution's maps are not comparable: each has many values.
   */
  private static int[] defaultComponents(AutoencoderEstimator<?, ?> estimator) {
    if (estimator instanceof SparseAutoencoder dense) {
      int[] layers = dense.getHiddenLayers();
      return new int[] {layers[layers.length - 1]};
    }
    throw Section.missing(
        "anomaly.components",
        "with model.kind = convolutional, the numbers of principal components to compare with,"
            + " such as [32], or [] for none");
  }
}
