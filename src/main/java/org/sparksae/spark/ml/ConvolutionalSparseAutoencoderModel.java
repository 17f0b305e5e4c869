package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.nn.LayerFilters;
import org.sparksae.spark.ml.file.ModelReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.ConvolutionalSparseAutoencoderParams;
import org.sparksae.spark.ml.transform.OutputCode;

/**
 * What {@link ConvolutionalSparseAutoencoder} trains: a model of images. The code is the maps of
 * the last layer (or of {@code outputLayer}), [filters, height, width], flattened in that order;
 * their plain activations with {@code spatialSparsity} and {@code lifetimeSparsity}, which affect
 * training only; after {@code pooling}, see {@link org.sparksae.core.model.Pooling}.
 */
@DefaultSerializer(StageSerializer.class)
public final class ConvolutionalSparseAutoencoderModel
    extends AutoencoderModel<ConvolutionalSparseAutoencoderModel>
    implements ConvolutionalSparseAutoencoderParams.Setters<ConvolutionalSparseAutoencoderModel> {
  private static final long serialVersionUID = 1L;

  /**
   * A model that has learned nothing, of one input value and one unit. Spark Connect's servers need
   * this constructor to know the class; models come from {@code fit} and {@link #load}.
   */
  public ConvolutionalSparseAutoencoderModel() {
    this(Identifiable$.MODULE$.randomUID("convolutionalSparseAutoencoder"));
  }

  /** A model that has learned nothing, with a given uid. */
  public ConvolutionalSparseAutoencoderModel(String uid) {
    this(
        uid,
        new ConvolutionalSparseAutoencoder()
            .setImageShape(1, 1, 1)
            .setFilters(1)
            .setKernelSizes(1)
            .spec(1, 0));
  }

  private ConvolutionalSparseAutoencoderModel(String uid, AutoencoderSpec spec) {
    this(uid, spec, new float[spec.layout().size()]);
  }

  ConvolutionalSparseAutoencoderModel(String uid, AutoencoderSpec spec, float[] parameters) {
    super(uid, spec, parameters);
  }

  @Override
  ConvolutionalSparseAutoencoderModel create(String uid, AutoencoderSpec spec, float[] parameters) {
    return new ConvolutionalSparseAutoencoderModel(uid, spec, parameters);
  }

  @Override
  void setShape(AutoencoderSpec spec) {
    List<Convolution> layers = spec.hiddenLayers().stream().map(HiddenLayer::convolution).toList();
    Convolution first = layers.get(0);
    set(
        imageShape(),
        new int[] {first.input().channels(), first.input().height(), first.input().width()});
    set(filters(), ofEach(layers, Convolution::filters));
    set(kernelSizes(), ofEach(layers, Convolution::kernel));
    set(strides(), ofEach(layers, Convolution::stride));
    set(padding(), first.padding().paramName());
    set("spatialSparsity", spec.code().isSpatial());
    List.of(pooling(), poolSize(), poolStride()).forEach(this::clear);
  }

  private static int[] ofEach(List<Convolution> layers, ToIntFunction<Convolution> value) {
    return layers.stream().mapToInt(value).toArray();
  }

  /**
   * Shape of the maps in {@code outputCol}, after pooling if there is any: [filters, height,
   * width].
   */
  public int[] outputShape() {
    OutputCode code = outputCode();
    ImageShape shape =
        code.pooling() == null
            ? spec().hiddenLayers().get(code.layer() - 1).convolution().output()
            : code.pooling().output();
    return new int[] {shape.channels(), shape.height(), shape.width()};
  }

  /**
   * The kernels of the first layer's encoder, [filters, channels * kernel * kernel], row-major; for
   * {@link org.sparksae.core.report.FilterPicture}. For deeper layers see {@link #weights}.
   */
  public float[] encoderFilters() {
    return LayerFilters.encoderKernels(spec(), sharedParameters());
  }

  /**
   * What a map of the first layer adds to the reconstruction around each position, [filters,
   * channels * kernel * kernel], row-major; with tied weights, the encoder's kernels.
   */
  public float[] decoderFilters() {
    return LayerFilters.decoderKernels(spec(), sharedParameters());
  }

  /** A copy; declared here, as MLlib's checks ask for a copy of the class itself. */
  @Override
  public ConvolutionalSparseAutoencoderModel copy(ParamMap extra) {
    return super.copy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<ConvolutionalSparseAutoencoderModel> read() {
    return new ModelReader<>(
        ConvolutionalSparseAutoencoderModel.class,
        SparseAutoencoderTrainingSummary.class,
        (uid, saved) ->
            new ConvolutionalSparseAutoencoderModel(
                    uid, saved.weights().spec(), saved.weights().parameters())
                .restored(saved));
  }

  /** Loads a saved model; warns if its rows must be prepared: see {@link #preparation()}. */
  public static ConvolutionalSparseAutoencoderModel load(String path) {
    return read().load(path).loadedAlone(path);
  }
}
