package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.ml.file.ParamsReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.ConvolutionalSparseAutoencoderParams;
import org.sparksae.spark.ml.param.SpecBuilder;

/**
 * Trains a convolutional sparse autoencoder of images, data-parallel over the partitions of a
 * DataFrame: {@link SparseAutoencoder} with convolutions for its hidden layers, and transposed ones
 * in its decoder, back to the shape of the image.
 *
 * <pre>
 * h_f = f(W_f * x + b_f), a map for each filter;   x_hat_c = f(b_c + sum over f of V_fc transposed* h_f)
 * </pre>
 *
 * <p>A row is an image [channels, height, width], flattened in that order; the code is the maps of
 * the last layer, [filters, height', width'], flattened the same way. Penalties take a map as one
 * unit, whose mean activation is taken over positions and rows. {@code spatialSparsity} keeps the
 * largest activation of each map. {@code lifetimeSparsity} keeps each map's largest activations
 * among the rows of a batch; with both, those among the spatial winners. {@code k} keeps the k
 * largest maps at each position.
 *
 * <p>Source: Masci, Meier, Ciresan and Schmidhuber, Stacked Convolutional Auto-Encoders (2011);
 * Makhzani and Frey, Winner-Take-All Autoencoders (2015).
 */
@DefaultSerializer(StageSerializer.class)
public final class ConvolutionalSparseAutoencoder
    extends AutoencoderEstimator<
        ConvolutionalSparseAutoencoder, ConvolutionalSparseAutoencoderModel>
    implements ConvolutionalSparseAutoencoderParams.TrainingSetters<
        ConvolutionalSparseAutoencoder> {
  private static final long serialVersionUID = 1L;

  /** An estimator with a uid of its own. */
  public ConvolutionalSparseAutoencoder() {
    this(Identifiable$.MODULE$.randomUID("convolutionalSparseAutoencoder"));
  }

  /** An estimator with a given uid. */
  public ConvolutionalSparseAutoencoder(String uid) {
    super(uid);
  }

  @Override
  AutoencoderSpec spec(int inputSize, int targetSize) {
    return SpecBuilder.build(this, inputSize, targetSize);
  }

  @Override
  ConvolutionalSparseAutoencoderModel model(AutoencoderSpec spec, float[] parameters) {
    return new ConvolutionalSparseAutoencoderModel(uid(), spec, parameters);
  }

  /** A copy; declared here, as MLlib's checks ask for a copy of the class itself. */
  @Override
  public ConvolutionalSparseAutoencoder copy(ParamMap extra) {
    return super.copy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<ConvolutionalSparseAutoencoder> read() {
    return new ParamsReader<>(
        ConvolutionalSparseAutoencoder.class, ConvolutionalSparseAutoencoder::new);
  }

  /** Loads a saved estimator. */
  public static ConvolutionalSparseAutoencoder load(String path) {
    return read().load(path);
  }
}
