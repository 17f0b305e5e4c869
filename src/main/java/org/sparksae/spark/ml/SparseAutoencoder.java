package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.model.AutoencoderSpec;

/**
 * Trains a sparse autoencoder, data-parallel over the partitions of a DataFrame.
 *
 * <pre>
 * J = (1/N) sum over i of 1/2 |x_hat_i - x_i|^2  +  (lambda / 2) sum over layers of |W|^2  +  sum over k of w_k S_k
 * </pre>
 *
 * <p>with lambda = {@code regParam}, w_k = {@code sparsityWeights}, S_k the penalty {@code
 * sparsity} on hidden layer k with target {@code sparsityTargets}, and N the number of rows (the
 * sum of weights, with {@code weightCol}). A form {@code |X - X_hat|^2 + lambda' KL} is this one
 * with {@code lambda' = 2 N w}. Gradients are exact: the mean activations that a penalty compares
 * with its target are those of all rows of the batch, on all workers. All hidden layers are trained
 * jointly, or with {@code layerTraining} one after the other: each is then an autoencoder of the
 * code of the layer before, which its objective J takes for x, and whose activation reconstructs
 * it.
 *
 * <p>Equal rows in equal partitions, Params, seed and kernel backend give equal weights, bit for
 * bit.
 *
 * <p>With a {@code checkpointDir}, a fit that was cut off goes on from its last checkpoint when it
 * is made again, and gives the model that it would have given.
 *
 * <p>Source: Ng, CS294A lecture notes "Sparse autoencoder" (2011). One layer after the other:
 * Hinton and Salakhutdinov (2006); Bengio and others, Greedy Layer-Wise Training of Deep Networks
 * (2007).
 */
@DefaultSerializer(StageSerializer.class)
public final class SparseAutoencoder
    extends AutoencoderEstimator<SparseAutoencoder, SparseAutoencoderModel>
    implements SparseAutoencoderParams {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final SparseAutoencoderParamSet params;

  /** An estimator with a uid of its own. */
  public SparseAutoencoder() {
    this(Identifiable$.MODULE$.randomUID("sparseAutoencoder"));
  }

  /** An estimator with a given uid. */
  public SparseAutoencoder(String uid) {
    this.uid = uid;
    this.params = new SparseAutoencoderParamSet(this);
    params.setDefaults(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public SparseAutoencoderParamSet paramSet() {
    return params;
  }

  @Override
  AutoencoderSpec spec(int inputSize) {
    return SpecBuilder.build(this, Math.max(1, inputSize));
  }

  @Override
  SparseAutoencoderModel model(AutoencoderSpec spec, float[] parameters) {
    return new SparseAutoencoderModel(uid, spec, parameters);
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

  /** Sets {@link #hiddenLayers()}. */
  public SparseAutoencoder setHiddenLayers(int... value) {
    set(hiddenLayers(), value);
    return this;
  }
}
