package org.sparksae.spark.ml.listener;

import java.util.Map;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * An event on Spark's listener bus: a fit has made one more iteration. Spark's event log keeps it,
 * so the history server's listeners get it, too.
 *
 * @param uid uid of the estimator
 * @param fit name of the fit among several of one call; otherwise empty
 * @param stage {@code joint}, or {@code layer 1} and so on for a layer that is trained alone
 * @param iteration number of the iteration of this stage, from 1: an epoch of adam or a step of
 *     l-bfgs
 * @param maxIter the most iterations that the stage makes
 * @param objective sum of the terms
 * @param terms the terms of the objective by name
 * @param validationObjective objective of the validation rows; NaN if there are none
 * @param rows number of rows visited
 * @param seconds wall-clock time of the iteration
 */
public record TrainingProgress(
    String uid,
    String fit,
    String stage,
    int iteration,
    int maxIter,
    double objective,
    Map<String, Double> terms,
    double validationObjective,
    long rows,
    double seconds)
    implements SparkListenerEvent {}
