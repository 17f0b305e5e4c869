package org.sparksae.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.classification.LinearSVC;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.OneVsRest;

/** A linear classifier of MLlib's, by which features are compared. */
enum ClassifierKind {
  LOGISTIC_REGRESSION("logisticRegression", "Logistic regression", List.of("elasticNetParam")) {
    @Override
    Estimator<?> create(Section params, List<String> names) {
      LogisticRegression classifier = new LogisticRegression();
      ParamSetter.set(classifier, params, names);
      return classifier;
    }
  },

  /** One support vector machine for each label, against all others. */
  LINEAR_SVM("linearSvm", "Linear SVM, one against the rest", List.of()) {
    @Override
    Estimator<?> create(Section params, List<String> names) {
      LinearSVC one = new LinearSVC();
      ParamSetter.set(one, params, names);
      return new OneVsRest().setClassifier(one);
    }
  };

  private static final String KEY = "kind";

  /** Params that a job may set, of every kind; the same for raw rows and codes. */
  private static final List<String> SHARED_PARAMS =
      List.of("maxIter", "regParam", "tol", "fitIntercept", "standardization", "aggregationDepth");

  private final String jobName;
  private final String title;
  private final List<String> ownParams;

  ClassifierKind(String jobName, String title, List<String> ownParams) {
    this.jobName = jobName;
    this.title = title;
    this.ownParams = ownParams;
  }

  abstract Estimator<?> create(Section params, List<String> names);

  /** The kind that a section names by {@code kind}; logistic regression if it names none. */
  static ClassifierKind of(Section section) {
    return section
        .find(KEY)
        .map(
            value ->
                Arrays.stream(values())
                    .filter(kind -> kind.jobName.equals(value.asText()))
                    .findFirst()
                    .orElseThrow(() -> value.wrong("one of " + names())))
        .orElse(LOGISTIC_REGRESSION);
  }

  private static String names() {
    return Arrays.stream(values()).map(kind -> kind.jobName).collect(Collectors.joining(", "));
  }

  /**
   * A classifier with the Params of a section; its columns are still to be set.
   *
   * @throws IllegalArgumentException if a key is no Param of it, or a value breaks a Param's rule
   */
  Estimator<?> classifier(Section section) {
    List<String> names = new ArrayList<>(SHARED_PARAMS);
    names.addAll(ownParams);
    return create(section.without(KEY), names);
  }

  /** How it is called where its results are shown. */
  String title() {
    return title;
  }
}
