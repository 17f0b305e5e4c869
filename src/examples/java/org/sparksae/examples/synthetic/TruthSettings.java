package org.sparksae.examples.synthetic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.Section;
import org.sparksae.cli.job.Source;
import org.sparksae.cli.job.Value;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.SparseAutoencoder;

/**
 * How to compare models with the true features: section {@code truth} of a job file.
 *
 * @param features the true features, as {@link MakeSynthetic} writes them
 * @param input test rows with their active features
 * @param seeds seeds of the trainings
 * @param kinds the estimators to train, by their names
 */
record TruthSettings(
    Source features, Source input, List<Long> seeds, Map<String, SparseAutoencoder> kinds) {

  /** The section's name; the rest of the job file is the library's. */
  static final String SECTION = "truth";

  private static final String KINDS = "kinds";

  /**
   * Reads the section.
   *
   * @param file the job file as a whole
   * @param job the rest of it, checked
   * @throws IllegalArgumentException naming key, place, value, rule and remedy
   */
  static TruthSettings of(Section file, JobConfig job) {
    Section section = file.section(SECTION).only(List.of("features", "input", "seeds", KINDS));
    section.require("features", "the true features, such as features.path = features.parquet");
    return new TruthSettings(
        source(section.section("features"), file, job),
        source(section.section("input"), file, job),
        section.find("seeds").map(TruthSettings::seeds).orElse(List.of(job.estimator().getSeed())),
        kinds(file, section.section(KINDS)));
  }

  /** Rows like those of the job's input, elsewhere. */
  private static Source source(Section section, Section file, JobConfig job) {
    return Source.of(section.only(List.of("path")).orElse(file.section("input")), job.model());
  }

  private static List<Long> seeds(Value value) {
    List<Long> seeds = value.asLongs();
    if (seeds.isEmpty()) {
      throw value.wrong("at least one whole number");
    }
    return seeds;
  }

  /** Each kind has the Params of {@code model} and its own, which come first. */
  private static Map<String, SparseAutoencoder> kinds(Section file, Section kinds) {
    Map<String, SparseAutoencoder> estimators = new LinkedHashMap<>();
    kinds
        .sections()
        .forEach(
            (name, kind) -> {
              Section model = kind.orElse(file.section("model"));
              estimators.put(name, dense(JobConfig.of(file.without(SECTION).with("model", model))));
            });
    if (estimators.isEmpty()) {
      throw Section.missing(
          SECTION + "." + KINDS,
          "the kinds of models to compare, such as kinds { topk { k = 16 } }");
    }
    return estimators;
  }

  private static SparseAutoencoder dense(JobConfig job) {
    AutoencoderEstimator<?, ?> estimator = job.estimator();
    if (estimator instanceof SparseAutoencoder dense && dense.getHiddenLayers().length == 1) {
      return dense;
    }
    throw new IllegalArgumentException(
        "'truth' compares the decoder vectors of one dense hidden layer with the true features; set model.hiddenLayers to one number and leave model.kind out");
  }
}
