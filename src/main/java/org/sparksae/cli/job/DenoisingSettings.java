package org.sparksae.cli.job;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.sparksae.core.Text;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.CorruptionKind;
import org.sparksae.core.rows.Noise;
import org.sparksae.spark.ml.AutoencoderEstimator;

/**
 * How 'evaluate' corrupts rows for the model to reconstruct: section {@code evaluate.denoise}.
 *
 * @param corruption kind and level; by default those of the model's training
 * @param seed seed of the noise
 * @param images how many rows to draw
 * @param picture where to draw them, if anywhere
 */
public record DenoisingSettings(
    Corruption corruption, long seed, int images, Optional<Path> picture) {

  static Optional<DenoisingSettings> of(Section evaluate, AutoencoderEstimator<?, ?> estimator) {
    if (!evaluate.has("denoise")) {
      return Optional.empty();
    }
    if (estimator.hasTarget()) {
      throw new IllegalArgumentException(
          Text.format(
              "evaluate.denoise compares reconstructions with clean inputs, but model.targetCol '%s' makes the model predict another column: leave evaluate.denoise out",
              estimator.getTargetCol()));
    }
    Section section =
        evaluate
            .section("denoise")
            .only(List.of("corruption", "corruptionLevel", "seed", "images", "picture"));
    String kind = section.find("corruption").map(Value::asText).orElse(estimator.getCorruption());
    double level =
        section.find("corruptionLevel").map(Value::asDouble).orElse(estimator.getCorruptionLevel());
    DenoisingSettings settings =
        new DenoisingSettings(
            new Corruption(CorruptionKind.parse(section.path("corruption"), kind), level),
            section.find("seed").map(Value::asLong).orElse(1L),
            section.find("images").map(Value::asPositiveInt).orElse(12),
            section.find("picture").map(Value::asText).map(Path::new));
    if (settings.corruption().isNone()) {
      throw Section.missing(
          section.path("corruption"),
          "masking, gaussian or saltAndPepper; or set model.corruption");
    }
    return Optional.of(settings);
  }

  /** The noise, which is a function of the seed, the row's number and the column. */
  public Noise noise() {
    return corruption.at(seed, Noise.FIXED);
  }
}
