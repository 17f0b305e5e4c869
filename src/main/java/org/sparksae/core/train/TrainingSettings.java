package org.sparksae.core.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sparksae.core.Text;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.rows.Corruption;
import org.sparksae.core.rows.Noise;

/**
 * Settings of the training loops, with the names of the Params.
 *
 * @param maxIter maximum number of iterations (see {@link IterationRecord}), 0 or more
 * @param maxSteps maximum number of mini-batches, in place of {@code maxIter}; 0 if {@code maxIter}
 *     sets the length
 * @param tol stop when an iteration changes the objective by at most this share of it; 0 or more
 * @param batchSize rows of a mini-batch, 1 or more
 * @param shuffleWindow rows among which a mini-batch is drawn, 1 or more; 0 for all rows
 * @param optimizer settings of Adam
 * @param seed seed of the row order and of the noise
 * @param kStart units of a k-sparse code that are kept in the first epoch, k or more; 0 for k in
 *     all epochs
 * @param corruption corruption of the encoder's input. Mini-batches get new noise in each epoch;
 *     L-BFGS has one noise for the run, since a line search needs a constant objective
 * @param inputScale factor of the training and validation rows, above 0; the trained parameters are
 *     those of a model of the scaled rows
 */
public record TrainingSettings(
    int maxIter,
    int maxSteps,
    double tol,
    int batchSize,
    int shuffleWindow,
    Optimizer optimizer,
    long seed,
    int kStart,
    Corruption corruption,
    float inputScale)
    implements Serializable {

  /**
   * Settings of mini-batch training by Adam.
   *
   * @param stepSize Adam's learning rate, above 0
   * @param learningRate schedule of the learning rate
   * @param gradientClip largest norm of a batch's gradient, above 0; infinite for no clipping
   * @param adam the constants of Adam
   * @param sparsityWarmupSteps number of first steps, in which the weight of the penalties rises
   *     linearly to its value, 0 or more
   * @param resampleSteps steps after which dead latents are replaced, again and again; 0 for none
   */
  public record Optimizer(
      double stepSize,
      LearningRate learningRate,
      double gradientClip,
      Adam.Settings adam,
      int sparsityWarmupSteps,
      int resampleSteps)
      implements Serializable {

    /** Settings with penalties of constant weight. */
    public Optimizer(
        double stepSize, LearningRate learningRate, double gradientClip, Adam.Settings adam) {
      this(stepSize, learningRate, gradientClip, adam, 0, 0);
    }

    /** Returns the factor of the penalties' weights in a step, from 1. */
    double sparsityFactor(long step) {
      return step < sparsityWarmupSteps ? (double) step / sparsityWarmupSteps : 1;
    }

    /**
     * Returns the settings that differ from {@link #of}, by the names of the Params, as a part of a
     * run's identity. Checkpoints of earlier releases do not have it.
     *
     * @param length the training's, on which the decay of the learning rate depends
     */
    public Map<String, String> identity(TrainingLength length) {
      Map<String, String> fields = new LinkedHashMap<>();
      if (learningRate.warmupSteps() > 0) {
        fields.put("warmupSteps", Integer.toString(learningRate.warmupSteps()));
      }
      if (learningRate.decaySteps() > 0) {
        fields.put("decaySteps", Integer.toString(learningRate.decaySteps()));
        fields.put(length.param(), Long.toString(length.limit()));
      }
      if (sparsityWarmupSteps > 0) {
        fields.put("sparsityWarmupSteps", Integer.toString(sparsityWarmupSteps));
      }
      if (resampleSteps > 0) {
        fields.put("resampleSteps", Integer.toString(resampleSteps));
      }
      if (gradientClip < Double.POSITIVE_INFINITY) {
        fields.put("gradientClip", Double.toString(gradientClip));
      }
      putOther("adamBeta1", adam.beta1(), Adam.Settings.DEFAULT.beta1(), fields);
      putOther("adamBeta2", adam.beta2(), Adam.Settings.DEFAULT.beta2(), fields);
      putOther("adamEpsilon", adam.epsilon(), Adam.Settings.DEFAULT.epsilon(), fields);
      return fields;
    }

    private static void putOther(
        String name, double value, double usual, Map<String, String> fields) {
      if (value != usual) {
        fields.put(name, Double.toString(value));
      }
    }

    /** Returns what may help a training that diverges, in words. */
    String remedies() {
      List<String> remedies = new ArrayList<>();
      remedies.add(
          Text.format(
              "lower stepSize (it is %s), for example to %s", stepSize, (float) (stepSize / 10)));
      if (adam.beta1() * adam.beta1() >= adam.beta2()) {
        // An old gradient leaves the divisor before the dividend then, so steps have no bound.
        remedies.add(
            Text.format(
                "raise adamBeta2 (it is %s) above the square of adamBeta1 (it is %s)",
                adam.beta2(), adam.beta1()));
      }
      if (learningRate.warmupSteps() == 0) {
        remedies.add("set warmupSteps");
      }
      if (gradientClip == Double.POSITIVE_INFINITY) {
        remedies.add("set gradientClip");
      }
      return String.join(", ", remedies) + ", or scale the input";
    }

    /** Adam as in the paper, with a constant learning rate and without clipping. */
    public static Optimizer of(double stepSize) {
      return new Optimizer(
          stepSize, LearningRate.CONSTANT, Double.POSITIVE_INFINITY, Adam.Settings.DEFAULT);
    }
  }

  /** Settings for the rows as they are. */
  public TrainingSettings(
      int maxIter,
      int maxSteps,
      double tol,
      int batchSize,
      int shuffleWindow,
      Optimizer optimizer,
      long seed,
      int kStart,
      Corruption corruption) {
    this(maxIter, maxSteps, tol, batchSize, shuffleWindow, optimizer, seed, kStart, corruption, 1);
  }

  /** Settings with a constant learning rate and without corruption. */
  public TrainingSettings(
      int maxIter, double tol, int batchSize, double stepSize, long seed, int kStart) {
    this(maxIter, 0, tol, batchSize, 0, Optimizer.of(stepSize), seed, kStart, Corruption.NONE);
  }

  /** Settings without a schedule of k, too. */
  public TrainingSettings(int maxIter, double tol, int batchSize, double stepSize, long seed) {
    this(maxIter, tol, batchSize, stepSize, seed, 0);
  }

  /** The same settings with a corruption. */
  TrainingSettings with(Corruption other) {
    return with(maxSteps, shuffleWindow, optimizer, other, inputScale);
  }

  /** The same settings with another optimiser. */
  public TrainingSettings with(Optimizer other) {
    return with(maxSteps, shuffleWindow, other, corruption, inputScale);
  }

  /** The same settings with mini-batches drawn among the rows of a window. */
  TrainingSettings shuffledWithin(int window) {
    return with(maxSteps, window, optimizer, corruption, inputScale);
  }

  /** The same settings for rows times a factor. */
  public TrainingSettings scaledBy(float factor) {
    return with(maxSteps, shuffleWindow, optimizer, corruption, factor);
  }

  /**
   * Returns what decides which rows each mini-batch has.
   *
   * @param totalRows number of training rows
   */
  public BatchOrder batchOrder(long totalRows) {
    return new BatchOrder(totalRows, batchSize, shuffleWindow, seed, corruption, inputScale);
  }

  /** The same settings for another number of mini-batches. */
  public TrainingSettings withMaxSteps(int other) {
    return with(other, shuffleWindow, optimizer, corruption, inputScale);
  }

  private TrainingSettings with(
      int steps, int window, Optimizer ofParameters, Corruption ofInput, float factor) {
    return new TrainingSettings(
        maxIter, steps, tol, batchSize, window, ofParameters, seed, kStart, ofInput, factor);
  }

  /** The length of mini-batch training on a number of training rows. */
  public TrainingLength length(long totalRows) {
    return maxSteps > 0
        ? TrainingLength.ofSteps(batches(totalRows), maxSteps)
        : TrainingLength.ofEpochs(batches(totalRows), maxIter);
  }

  /** The number of mini-batches in epochs, of which the last may be a part of one. */
  public long steps(List<IterationRecord> epochs) {
    return epochs.stream().mapToLong(epoch -> batches(epoch.rows())).sum();
  }

  private long batches(long rows) {
    return (rows + batchSize - 1) / batchSize;
  }

  /**
   * Rejects a schedule that is longer than the training.
   *
   * @param totalRows number of training rows
   * @throws IllegalArgumentException naming the Params, their values and the number of steps
   */
  public void requireEnoughSteps(long totalRows) {
    TrainingLength length = length(totalRows);
    LearningRate rate = learningRate();
    // Without an epoch there is no step, so no schedule is too long.
    if (length.steps() > 0 && (long) rate.warmupSteps() + rate.decaySteps() > length.steps()) {
      throw new IllegalArgumentException(
          Text.format(
              "warmupSteps + decaySteps must be at most the steps of the training, %d (%s), got %d +"
                  + " %d; lower them, or set a larger %s",
              length.steps(),
              length.inSteps()
                  ? "maxSteps"
                  : Text.format(
                      "maxIter = %d epochs of %d batches", maxIter, length.stepsOfEpoch()),
              rate.warmupSteps(),
              rate.decaySteps(),
              length.inSteps() ? "maxSteps" : "maxIter or a smaller batchSize"));
    }
    int resample = optimizer.resampleSteps();
    if (length.steps() > 0 && resample >= length.steps()) {
      throw new IllegalArgumentException(
          Text.format(
              "resampleSteps must be below the steps of the training, %d, got %d; lower it, or train longer",
              length.steps(), resample));
    }
    int sparsityWarmup = optimizer.sparsityWarmupSteps();
    if (length.steps() > 0 && sparsityWarmup > length.steps()) {
      throw new IllegalArgumentException(
          Text.format(
              "sparsityWarmupSteps must be at most the steps of the training, %d, got %d; lower it, or train longer",
              length.steps(), sparsityWarmup));
    }
  }

  /** Adam's learning rate, without its schedule. */
  public double stepSize() {
    return optimizer.stepSize();
  }

  LearningRate learningRate() {
    return optimizer.learningRate();
  }

  double gradientClip() {
    return optimizer.gradientClip();
  }

  /** All rows, as their objective is compared between iterations: with the same noise. */
  Batch allRows() {
    return Batch.ALL.with(corruption.at(seed, Noise.FIXED)).scaledBy(inputScale);
  }
}
