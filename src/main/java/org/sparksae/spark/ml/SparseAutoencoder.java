package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.ml.file.ParamsReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.SparseAutoencoderParams;
import org.sparksae.spark.ml.param.SpecBuilder;

/**
 * Trains a sparse autoencoder, data-parallel over the partitions of a DataFrame.
 *
 * <pre>
 * J = (1/N) sum over i of 1/2 |x_hat_i - x_i|^2  +  (lambda / 2) sum over layers of |W|^2  +  sum over k of w_k S_k
 * </pre>
 *
 * <p>with lambda = {@code regParam}, w_k = {@code sparsityWeights}, S_k the penalty {@code
 * sparsity} on hidden layer k with target {@code sparsityTargets}, and N the number of rows (the
 * sum of weights, with {@code weightCol}). The form {@code |X - X_hat|^2 + lambda' KL} is the same
 * objective with {@code lambda' = 2 N w}. Gradients are exact: a penalty compares its target with
 * the mean activations over all rows of the batch, on all workers. Hidden layers are trained
 * jointly or, depending on {@code layerTraining}, one after the other: each layer is then an
 * autoencoder of the code of the layer before, which takes the place of x in J and is reconstructed
 * with that layer's activation.
 *
 * <p>The same rows in the same partitions, with the same Params, seed and kernel backend, give the
 * same weights, bit for bit.
 *
 * <p>With a {@code checkpointDir}, an interrupted fit that is started again resumes from its last
 * checkpoint, and gives the same model as without the interruption.
 *
 * <p>Source: Ng, CS294A lecture notes "Sparse autoencoder" (2011). One layer after the other:
 * Hinton and Salakhutdinov (2006); Bengio and others, Greedy Layer-Wise Training of Deep Networks
 * (2007).
 */
@DefaultSerializer(StageSerializer.class)
public final class SparseAutoencoder
    extends AutoencoderEstimator<SparseAutoencoder, SparseAutoencoderModel>
    implements SparseAutoencoderParams.TrainingSetters<SparseAutoencoder> {
  private static final long serialVersionUID = 1L;

  /** An estimator with a uid of its own. */
  public SparseAutoencoder() {
    this(Identifiable$.MODULE$.randomUID("sparseAutoencoder"));
  }

  /** An estimator with a given uid. */
  public SparseAutoencoder(String uid) {
    super(uid);
  }

  @Override
  AutoencoderSpec spec(int inputSize, int targetSize) {
    return SpecBuilder.build(this, Math.max(1, inputSize), targetSize);
  }

  @Override
  SparseAutoencoderModel model(AutoencoderSpec spec, float[] parameters) {
    return new SparseAutoencoderModel(uid(), spec, parameters);
  }

  /** A copy; declared here, as MLlib's checks ask for a copy of the class itself. */
  @Override
  public SparseAutoencoder copy(ParamMap extra) {
    return super.copy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<SparseAutoencoder> read() {
    return new ParamsReader<>(SparseAutoencoder.class, SparseAutoencoder::new);
  }

  /** Loads a saved estimator. */
  public static SparseAutoencoder load(String path) {
    return read().load(path);
  }
}
