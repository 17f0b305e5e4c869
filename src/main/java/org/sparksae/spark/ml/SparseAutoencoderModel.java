package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.nn.LayerFilters;
import org.sparksae.spark.ml.file.ModelReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.fit.FineTuning;
import org.sparksae.spark.ml.param.SparseAutoencoderParams;

/** What {@link SparseAutoencoder} trains: a model of fully connected layers. */
@DefaultSerializer(StageSerializer.class)
public final class SparseAutoencoderModel extends AutoencoderModel<SparseAutoencoderModel>
    implements SparseAutoencoderParams {
  private static final long serialVersionUID = 1L;

  /**
   * A model that has learned nothing, of one input value and one unit. Spark Connect's servers need
   * this constructor to know the class; models come from {@code fit} and {@link #load}.
   */
  public SparseAutoencoderModel() {
    this(Identifiable$.MODULE$.randomUID("sparseAutoencoder"));
  }

  /** A model that has learned nothing, with a given uid. */
  public SparseAutoencoderModel(String uid) {
    this(uid, new SparseAutoencoder().setHiddenLayers(1).spec(1, 0));
  }

  private SparseAutoencoderModel(String uid, AutoencoderSpec spec) {
    this(uid, spec, new float[spec.layout().size()]);
  }

  SparseAutoencoderModel(String uid, AutoencoderSpec spec, float[] parameters) {
    super(uid, spec, parameters);
  }

  @Override
  SparseAutoencoderModel create(String uid, AutoencoderSpec spec, float[] parameters) {
    return new SparseAutoencoderModel(uid, spec, parameters);
  }

  @Override
  void setShape(AutoencoderSpec spec) {
    set(hiddenLayers(), spec.hiddenLayers().stream().mapToInt(HiddenLayer::size).toArray());
  }

  /**
   * Supervised fine-tuning: MLlib's multilayer perceptron made of this encoder's sigmoid layers and
   * a softmax layer. Its training starts from their weights and changes all of them.
   *
   * <p>Before its first step it predicts what {@code softmax} predicts from the codes. Set the
   * columns of features (Vectors) and labels, and the number of iterations. It has no weight decay.
   *
   * <p>Source: Ng and others, UFLDL tutorial, "Fine-tuning Stacked AEs".
   *
   * @param softmax a logistic regression on the last layer's codes
   * @throws IllegalArgumentException if a hidden layer is not sigmoid, or {@code softmax} has
   *     another number of features
   */
  public MultilayerPerceptronClassifier toMultilayerPerceptron(LogisticRegressionModel softmax) {
    return FineTuning.network(spec(), sharedParameters(), softmax);
  }

  /**
   * Checks in advance that {@link #toMultilayerPerceptron} is possible.
   *
   * @throws IllegalArgumentException if a hidden layer is not sigmoid
   */
  public void requireMultilayerPerceptron() {
    FineTuning.requireSigmoid(spec());
  }

  /**
   * What excites each unit of a hidden layer, as inputs: W_layer .. W_1, [units, numFeatures],
   * row-major; for {@link org.sparksae.core.report.FilterPicture}.
   *
   * @param layer from 1 at the input to the number of {@code hiddenLayers}
   * @throws IllegalArgumentException if there is no such layer
   * @see LayerFilters
   */
  public float[] encoderFilters(int layer) {
    return LayerFilters.encoder(spec(), sharedParameters(), layer);
  }

  /**
   * What each unit of a hidden layer contributes to the reconstruction, without activations and
   * biases: (D_1 .. D_layer)', [units, numFeatures], row-major; of a transcoder [units, values of a
   * target].
   *
   * @param layer from 1 at the input to the number of {@code hiddenLayers}
   * @throws IllegalArgumentException if there is no such layer
   * @see LayerFilters
   */
  public float[] decoderFilters(int layer) {
    return LayerFilters.decoder(spec(), sharedParameters(), layer);
  }

  /** A copy; declared here, as MLlib's checks ask for a copy of the class itself. */
  @Override
  public SparseAutoencoderModel copy(ParamMap extra) {
    return super.copy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<SparseAutoencoderModel> read() {
    return new ModelReader<>(
        SparseAutoencoderModel.class,
        SparseAutoencoderTrainingSummary.class,
        (uid, saved) ->
            new SparseAutoencoderModel(uid, saved.weights().spec(), saved.weights().parameters())
                .restored(saved));
  }

  /** Loads a saved model; warns if its rows must be prepared: see {@link #preparation()}. */
  public static SparseAutoencoderModel load(String path) {
    return read().load(path).loadedAlone(path);
  }
}
