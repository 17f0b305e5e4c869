package org.sparksae.cli.job;

import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;

/**
 * The classifiers that 'evaluate' trains: keys of section {@code evaluate}.
 *
 * @param training rows that the classifiers learn from
 * @param labelCol column of labels; without it, no classifier is trained
 * @param raw whether to train one on raw rows as well as one on codes
 * @param kind the kind of classifier
 * @param params section with the classifier's Params
 * @param network section with the Params of fine-tuning, if the encoder is to learn from the labels
 */
public record ComparisonSettings(
    Source training,
    Optional<String> labelCol,
    boolean raw,
    ClassifierKind kind,
    Section params,
    Optional<Section> network) {

  private static final List<String> NETWORK_PARAMS =
      List.of("maxIter", "tol", "solver", "stepSize", "blockSize");

  /** Checks the classifiers' Params as well, whether there are labels or not. */
  static ComparisonSettings of(Section section, Section input, Section model) {
    Section params = section.section("classifier");
    ComparisonSettings settings =
        new ComparisonSettings(
            Source.of(section.section("training").orElse(input), model),
            section.find("labelCol").map(Value::asText).filter(name -> !name.isEmpty()),
            section.find("raw").map(Value::asBoolean).orElse(true),
            ClassifierKind.of(params),
            params,
            section.has("fineTuning")
                ? Optional.of(section.section("fineTuning"))
                : Optional.empty());
    settings.classifier();
    settings.fineTuning();
    return settings;
  }

  /** The classifier with the job's Params. The caller sets its columns. */
  public Estimator<?> classifier() {
    return kind.classifier(params);
  }

  /** The network that starts as the encoder with a softmax layer on top, if the job asks for it. */
  public Optional<MultilayerPerceptronClassifier> fineTuning() {
    if (network.isPresent() && kind != ClassifierKind.LOGISTIC_REGRESSION) {
      throw new IllegalArgumentException(
          "evaluate.fineTuning begins with the softmax layer of a logistic regression on the codes:"
              + " leave out evaluate.classifier.kind, or evaluate.fineTuning");
    }
    return network.map(
        section -> {
          MultilayerPerceptronClassifier classifier = new MultilayerPerceptronClassifier();
          ParamSetter.set(classifier, section, NETWORK_PARAMS);
          return classifier;
        });
  }
}
