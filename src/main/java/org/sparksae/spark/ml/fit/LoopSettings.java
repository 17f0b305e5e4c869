package org.sparksae.spark.ml.fit;

import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.LearningRate;
import org.sparksae.core.train.TrainingSettings;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.SpecBuilder;

/** What the Params tell the training loops. */
final class LoopSettings {
  private LoopSettings() {}

  /**
   * Returns the settings of a training.
   *
   * @param spec the model of this stage
   * @param rows number of training rows
   */
  static TrainingSettings of(AutoencoderParams params, AutoencoderSpec spec, long rows) {
    boolean scheduled =
        spec.code().form().unitsKept().isPresent() && params.isDefined(params.kStart());
    return new TrainingSettings(
        params.getMaxIter(),
        params.isDefined(params.maxSteps()) ? params.getMaxSteps() : 0,
        params.getTol(),
        BatchSize.of(params, rows),
        params.isDefined(params.shuffleWindow()) ? params.getShuffleWindow() : 0,
        optimizer(params),
        params.getSeed(),
        scheduled ? params.getKStart() : 0,
        SpecBuilder.corruption(params));
  }

  private static TrainingSettings.Optimizer optimizer(AutoencoderParams params) {
    return new TrainingSettings.Optimizer(
        params.getStepSize(),
        new LearningRate(params.getWarmupSteps(), params.getDecaySteps()),
        params.isDefined(params.gradientClip())
            ? params.getGradientClip()
            : Double.POSITIVE_INFINITY,
        new Adam.Settings(params.getAdamBeta1(), params.getAdamBeta2(), params.getAdamEpsilon()),
        params.getSparsityWarmupSteps(),
        params.isDefined(params.resampleSteps()) ? params.getResampleSteps() : 0);
  }
}
