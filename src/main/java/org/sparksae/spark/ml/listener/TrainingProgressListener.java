package org.sparksae.spark.ml.listener;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Receives the progress of every fit of an application, in a thread of Spark's listener bus, a
 * moment after each iteration.
 *
 * <pre>
 * spark.sparkContext().addSparkListener(new TrainingProgressListener() {
 *   {@literal @}Override
 *   public void onProgress(TrainingProgress progress) {
 *     System.out.println(progress.iteration() + " " + progress.objective());
 *   }
 * });
 * </pre>
 *
 * <p>{@code spark.extraListeners} can name a subclass that has a constructor without arguments. An
 * exception of a listener does not reach the fit.
 */
public abstract class TrainingProgressListener extends SparkListener {

  /** Called after each iteration of a fit; fits that run at the same time are mixed. */
  public abstract void onProgress(TrainingProgress progress);

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof TrainingProgress progress) {
      onProgress(progress);
    }
  }
}
