package org.sparksae.cli.job;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.sparksae.spark.ml.AutoencoderEstimator;

/**
 * What 'evaluate' measures: section {@code evaluate}.
 *
 * @param input rows to measure the model on
 * @param comparison classifiers to train on raw rows and codes
 * @param denoising how to corrupt the rows, if the model is to reconstruct corrupted ones
 * @param topRows which rows to show for a sample of units, if any
 * @param firingPicture a PNG file for the histogram of how often units are active, if any
 * @param output a JSON file for the figures, if any
 */
public record EvaluateSettings(
    Source input,
    ComparisonSettings comparison,
    Optional<DenoisingSettings> denoising,
    Optional<TopRowsSettings> topRows,
    Optional<Path> firingPicture,
    Optional<Path> output) {

  private static final List<String> KEYS =
      List.of(
          "input",
          "training",
          "labelCol",
          "raw",
          "classifier",
          "fineTuning",
          "denoise",
          "topRows",
          "firingPicture",
          "output");

  static EvaluateSettings of(
      Section section, Section input, Section model, AutoencoderEstimator<?, ?> estimator) {
    section.only(KEYS);
    return new EvaluateSettings(
        Source.of(section.section("input").orElse(input), model),
        ComparisonSettings.of(section, input, model),
        DenoisingSettings.of(section, estimator),
        TopRowsSettings.of(section.section("topRows"), input, model),
        section.find("firingPicture").map(Value::asText).map(Path::new),
        section.find("output").map(Value::asText).map(Path::new));
  }
}
