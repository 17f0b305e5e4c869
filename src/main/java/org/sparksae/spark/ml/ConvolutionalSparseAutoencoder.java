package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.model.AutoencoderSpec;

/**
 * Trains a convolutional sparse autoencoder of images, data-parallel over the partitions of a
 * DataFrame: {@link SparseAutoencoder} with convolutions for its hidden layers, and transposed ones
 * in its decoder, back to the image's own shape.
 *
 * <pre>
 * h_f = f(W_f * x + b_f), a map for each filter;   x_hat_c = f(b_c + sum over f of V_fc transposed* h_f)
 * </pre>
 *
 * <p>A row is an image [channels, height, width], flattened in that order, and the code the maps of
 * the last layer, [filters, height', width'], likewise. A map is one unit of the penalties: its
 * mean activation is that over positions and rows. With {@code spatialSparsity} the largest
 * activation of each map is kept, with {@code lifetimeSparsity} of each map what is largest among
 * the rows of a batch (of the largest ones, if both are set), and with {@code k} the k largest maps
 * at each position.
 *
 * <p>Source: Masci, Meier, Ciresan and Schmidhuber, Stacked Convolutional Auto-Encoders (2011);
 * Makhzani and Frey, Winner-Take-All Autoencoders (2015).
 */
@DefaultSerializer(StageSerializer.class)
public final class ConvolutionalSparseAutoencoder
    extends AutoencoderEstimator<
        ConvolutionalSparseAutoencoder, ConvolutionalSparseAutoencoderModel>
    implements ConvolutionalSparseAutoencoderParams {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ConvolutionalSparseAutoencoderParamSet params;

  /** An estimator with a uid of its own. */
  public ConvolutionalSparseAutoencoder() {
    this(Identifiable$.MODULE$.randomUID("convolutionalSparseAutoencoder"));
  }

  /** An estimator with a given uid. */
  public ConvolutionalSparseAutoencoder(String uid) {
    this.uid = uid;
    this.params = new ConvolutionalSparseAutoencoderParamSet(this);
    params.setDefaults(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public ConvolutionalSparseAutoencoderParamSet paramSet() {
    return params;
  }

  @Override
  AutoencoderSpec spec(int inputSize) {
    return SpecBuilder.build(this, inputSize);
  }

  @Override
  ConvolutionalSparseAutoencoderModel model(AutoencoderSpec spec, float[] parameters) {
    return new ConvolutionalSparseAutoencoderModel(uid, spec, parameters);
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

  /** Sets {@link #imageShape()}. */
  public ConvolutionalSparseAutoencoder setImageShape(int... value) {
    set(imageShape(), value);
    return this;
  }

  /** Sets {@link #filters()}. */
  public ConvolutionalSparseAutoencoder setFilters(int... value) {
    set(filters(), value);
    return this;
  }

  /** Sets {@link #kernelSizes()}. */
  public ConvolutionalSparseAutoencoder setKernelSizes(int... value) {
    set(kernelSizes(), value);
    return this;
  }

  /** Sets {@link #strides()}. */
  public ConvolutionalSparseAutoencoder setStrides(int... value) {
    set(strides(), value);
    return this;
  }

  /** Sets {@link #padding()}. */
  public ConvolutionalSparseAutoencoder setPadding(String value) {
    set(padding(), value);
    return this;
  }

  /** Sets {@link #spatialSparsity()}. */
  public ConvolutionalSparseAutoencoder setSpatialSparsity(boolean value) {
    set(spatialSparsity(), value);
    return this;
  }

  /** Sets {@link #pooling()}. */
  public ConvolutionalSparseAutoencoder setPooling(String value) {
    set(pooling(), value);
    return this;
  }

  /** Sets {@link #poolSize()}. */
  public ConvolutionalSparseAutoencoder setPoolSize(int value) {
    set(poolSize(), value);
    return this;
  }

  /** Sets {@link #poolStride()}. */
  public ConvolutionalSparseAutoencoder setPoolStride(int value) {
    set(poolStride(), value);
    return this;
  }
}
