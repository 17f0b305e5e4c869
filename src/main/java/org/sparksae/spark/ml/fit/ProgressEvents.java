package org.sparksae.spark.ml.fit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.sparksae.core.model.ObjectiveTerms;
import org.sparksae.core.train.EpochPart;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.TrainingListener;
import org.sparksae.spark.ml.listener.TrainingProgress;

/**
 * Posts each iteration to Spark's listener bus.
 *
 * @param uid uid of the estimator
 * @param fit names the fit; may be empty
 * @param stage name of the stage
 * @param maxIter the most iterations that the stage makes
 * @param log hears of everything first
 */
record ProgressEvents(
    SparkContext context, String uid, String fit, String stage, int maxIter, TrainingListener log)
    implements TrainingListener {

  @Override
  public void iterationDone(IterationRecord record) {
    log.iterationDone(record);
    ObjectiveTerms terms = record.terms();
    context
        .listenerBus()
        .post(
            new TrainingProgress(
                uid,
                fit,
                stage,
                record.iteration(),
                maxIter,
                terms.total(),
                byName(terms),
                record.validationObjective(),
                record.rows(),
                record.seconds()));
  }

  private static Map<String, Double> byName(ObjectiveTerms terms) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < terms.values().length; i++) {
      values.put(terms.names().get(i), terms.values()[i]);
    }
    return values;
  }

  @Override
  public void stepsDone(int number, EpochPart epoch) {
    log.stepsDone(number, epoch);
  }
}
