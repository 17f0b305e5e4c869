package org.sparksae.spark.ml.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.LayerStack;
import org.sparksae.core.rows.CorruptionKind;
import org.sparksae.core.train.BatchOrder;
import org.sparksae.core.train.DivergedException;
import org.sparksae.core.train.TrainingResult;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.exchange.Checkpoints;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.exchange.WorkerTraining;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;
import org.sparksae.spark.ml.param.SpecBuilder;

/**
 * The stages of a fit, as {@code layerTraining} says.
 *
 * <pre>
 * greedy:           layer k = 1 .. K minimises its own J on h_(k-1), with h_0 = x and h_k = f_k(W_k h_(k-1) + b_k)
 * greedyThenJoint:  then all layers minimise the J of the whole from there
 * </pre>
 *
 * <p>Each layer is trained as by an estimator of one hidden layer with the same Params: same seed,
 * solver, exchange and number of iterations. So a greedy fit equals a Pipeline of such estimators.
 *
 * <p>Source: Hinton and Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks
 * (2006); Bengio, Lamblin, Popovici and Larochelle, Greedy Layer-Wise Training of Deep Networks
 * (2007); Ng and others, UFLDL tutorial, "Stacked Autoencoders".
 */
public final class StagedTraining {
  private static final Logger LOG = LoggerFactory.getLogger(StagedTraining.class);

  private final String name;
  private final AutoencoderParams params;
  private final WorkerPlan plan;
  private final Configuration hadoop;
  private final List<StageResult> results = new ArrayList<>();
  private Training joined;

  /**
   * The stages of a fit.
   *
   * @param name names the fit in the log; may be empty
   */
  public StagedTraining(
      String name, AutoencoderParams params, WorkerPlan plan, Configuration hadoop) {
    this.name = name;
    this.params = params;
    this.plan = plan;
    this.hadoop = hadoop;
  }

  /**
   * Checks what can be checked as soon as the rows are read.
   *
   * @param spec the whole model
   * @throws IllegalArgumentException if the rows do not suit the Params, {@code checkpointDir} has
   *     checkpoints of another kind of fit, or Spark would not bring the model to the driver
   */
  public void check(AutoencoderSpec spec, TrainingRows rows) {
    String how = params.getLayerTraining();
    requireDense(rows.training());
    refuseOtherCheckpoints(how);
    requireResultsFit(how, spec, rows);
  }

  /**
   * Returns what fits must have in common, besides their rows, to be trained together; empty if
   * this one has to be trained alone: by a tree, by l-bfgs or layer by layer.
   */
  public Optional<BatchOrder> batchOrder(AutoencoderSpec spec, TrainingRows rows) {
    return mayJoin()
        ? Optional.of(training(Stage.JOINT, spec, rows).batchOrder())
        : Optional.empty();
  }

  private boolean mayJoin() {
    return plan.isAllReduce() && params.getLayerTraining().equals(Choices.JOINT);
  }

  /**
   * Lets {@link #run} train other fits with this one, after {@link #check}. Does nothing if this
   * one has to be trained alone.
   *
   * @param workers train fits with the same {@link #batchOrder}
   * @param initial where the training begins, or null for the seed's
   * @throws IllegalArgumentException if the checkpoints in {@code checkpointDir} cannot be used
   */
  public void join(
      AutoencoderSpec spec, TrainingRows rows, float[] initial, WorkerTraining workers) {
    if (mayJoin()) {
      joined = training(Stage.JOINT, spec, rows);
      joined.join(workers, initial, hadoop);
    }
  }

  /**
   * Trains to the end, after {@link #check}.
   *
   * @param spec the whole model
   * @param rows not closed
   * @param initial where a joint training begins, or null for the seed's
   * @return the parameters of the trained model
   * @throws IllegalArgumentException if the checkpoints in {@code checkpointDir} cannot be used
   * @throws DivergedException if an objective stops being finite
   */
  public float[] run(AutoencoderSpec spec, TrainingRows rows, float[] initial) {
    String how = params.getLayerTraining();
    if (how.equals(Choices.JOINT)) {
      return train(Stage.JOINT, spec, rows, initial);
    }
    float[] stacked = greedy(spec, rows);
    return how.equals(Choices.GREEDY) ? stacked : train(Stage.FINE_TUNING, spec, rows, stacked);
  }

  /** How the stages went, in order, once {@link #run} is over. */
  public List<StageResult> results() {
    return List.copyOf(results);
  }

  /** Noise that changes zeros would turn sparse rows into dense ones, which may be huge. */
  private void requireDense(RowStore training) {
    CorruptionKind kind = SpecBuilder.corruption(params).kind();
    if (!kind.keepsZeros() && training.hasSparseRows()) {
      throw new IllegalArgumentException(
          Text.format(
              "corruption = %s changes zeros, too, but column '%s' has SparseVectors of few values, which would all become dense: use corruption = masking, or make the column dense (Vector.toDense, or an array)",
              kind.paramName(), params.getInputCol()));
    }
  }

  /** Fits of several stages and fits of one keep their checkpoints in different directories. */
  private void refuseOtherCheckpoints(String how) {
    String directory = params.getCheckpointDir();
    if (directory.isEmpty()) {
      return;
    }
    if (how.equals(Choices.JOINT)) {
      Checkpoints.requireNone(
          directory, Stage.layer(1).directory(), "a fit with another layerTraining", hadoop);
    } else {
      Checkpoints.requireNone(directory, "", "a fit with layerTraining = joint", hadoop);
    }
  }

  /** Checks all stages before the first begins. */
  private void requireResultsFit(String how, AutoencoderSpec spec, TrainingRows rows) {
    if (!how.equals(Choices.JOINT)) {
      for (int k = 1; k <= spec.depth(); k++) {
        training(Stage.layer(k), spec.layer(k), rows).requireResultsFit();
      }
    }
    if (!how.equals(Choices.GREEDY)) {
      training(Stage.JOINT, spec, rows).requireResultsFit();
    }
  }

  private float[] greedy(AutoencoderSpec spec, TrainingRows rows) {
    List<float[]> layers = new ArrayList<>();
    try (LayerInputs inputs = new LayerInputs(rows)) {
      for (int k = 1; k <= spec.depth(); k++) {
        AutoencoderSpec layer = spec.layer(k);
        float[] trained = train(Stage.layer(k), layer, inputs.rows(), null);
        layers.add(trained);
        if (k < spec.depth()) {
          inputs.encode(layer, trained);
        }
      }
    }
    return LayerStack.stack(spec, layers);
  }

  private float[] train(Stage stage, AutoencoderSpec spec, TrainingRows rows, float[] initial) {
    if (stage.isOneOfSeveral()) {
      LOG.info("{} begins: {} values to {}", stage.name(), spec.inputSize(), sizes(spec));
    }
    Training training = joined == null ? training(stage, spec, rows) : joined;
    joined = null; // Its state is large.
    TrainingResult result = result(stage, training, initial);
    results.add(training.described(result));
    return training.parameters(result);
  }

  private Training training(Stage stage, AutoencoderSpec spec, TrainingRows rows) {
    return new Training(name, params, plan, stage, spec, rows);
  }

  private TrainingResult result(Stage stage, Training training, float[] initial) {
    try {
      return training.run(initial, hadoop);
    } catch (DivergedException diverged) {
      throw stage.isOneOfSeveral() ? new DivergedException(stage.name(), diverged) : diverged;
    }
  }

  private static String sizes(AutoencoderSpec spec) {
    return spec.hiddenLayers().stream().map(layer -> layer.size()).toList() + " units";
  }
}
