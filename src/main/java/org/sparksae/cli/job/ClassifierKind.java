package org.sparksae.cli.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.classification.LinearSVC;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.OneVsRest;

/** MLlib's linear classifiers, which compare raw rows with codes. */
public enum ClassifierKind {
  LOGISTIC_REGRESSION("logisticRegression", "Logistic regression", List.of("elasticNetParam")) {
    @Override
    Estimator<?> create(Section params, List<String> names) {
      LogisticRegression classifier = new LogisticRegression();
      ParamSetter.set(classifier, params, names);
      return classifier;
    }
  },

  /** One support vector machine per label, against all other labels. */
  LINEAR_SVM("linearSvm", "Linear SVM, one against the rest", List.of()) {
    @Override
    Estimator<?> create(Section params, List<String> names) {
      LinearSVC one = new LinearSVC();
      ParamSetter.set(one, params, names);
      return new OneVsRest().setClassifier(one);
    }
  };

  private static final String KEY = "kind";

  /** Params of both kinds that a job may set; raw rows and codes share them. */
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

  /** The kind that a section's {@code kind} names; logistic regression by default. */
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
   * A classifier with the Params of a section. The caller sets its columns.
   *
   * @throws IllegalArgumentException if a key is not one of its Params, or a value breaks a Param's
   *     rule
   */
  Estimator<?> classifier(Section section) {
    List<String> names = new ArrayList<>(SHARED_PARAMS);
    names.addAll(ownParams);
    return create(section.without(KEY), names);
  }

  /** Its name in reports. */
  public String title() {
    return title;
  }
}
