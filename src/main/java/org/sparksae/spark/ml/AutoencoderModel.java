package org.sparksae.spark.ml;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.format.ModelFile;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeLoss;
import org.sparksae.core.model.LayerStack;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Precision;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.MeasuredCode;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.job.SparkJobs;
import org.sparksae.spark.ml.file.ModelReader;
import org.sparksae.spark.ml.file.ModelWriter;
import org.sparksae.spark.ml.fit.ModelMemory;
import org.sparksae.spark.ml.fit.Outliers;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.Choices;
import org.sparksae.spark.ml.param.LayerParams;
import org.sparksae.spark.ml.param.ParamSet;
import org.sparksae.spark.ml.transform.BlockEncoder;
import org.sparksae.spark.ml.transform.OutputCode;
import org.sparksae.spark.ml.transform.Schemas;
import org.sparksae.spark.ml.transform.SharedValue;
import org.sparksae.spark.ml.transform.TargetColumn;
import scala.Option;

/**
 * A trained autoencoder: adds the code of each row, and on request its reconstruction, its
 * reconstruction error and whether it is an outlier.
 *
 * <pre>
 * code = h_K, or h_outputLayer: a SparseVector of the entries of magnitude activationThreshold or more
 * reconstruction = x_hat;   reconstruction error = |x_hat - x|^2 / d, of a transcoder |y_hat - y|^2 / d'
 * outlier = 1 if the error, as a float, is above outlierThreshold, otherwise 0
 * </pre>
 *
 * <p>With {@code lifetimeSparsity} the code is the plain ReLU activation: rows compete in training
 * only, so the code of a row does not depend on other rows. It has more active units than the
 * decoder saw in training, so its reconstruction differs from the trained one, whose error is the
 * reconstruction term of the summary's history.
 *
 * <p>With {@code batchTopK} the code keeps the activations of a row that exceed a threshold, which
 * training found; rows do not compete here either.
 *
 * <p>{@link #transform} runs no job, works on batch and on streaming DataFrames, and encodes rows
 * in tiles. A query reads only the columns that it uses, and the input. A row that is null, of
 * another size or not finite fails the job or is left out, depending on {@code handleInvalid}.
 * Executors receive the parameters once, however often a model and its copies transform.
 *
 * @param <M> the model's own class, which its setters return
 */
public abstract class AutoencoderModel<M extends AutoencoderModel<M>> extends Model<M>
    implements AutoencoderParams.Setters<M>,
        HasTrainingSummary<SparseAutoencoderTrainingSummary>,
        MLWritable {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(AutoencoderModel.class);

  /** Key of {@link #preparation()} in the model's file. */
  private static final String PREPARATION = "preparation";

  private final String uid;
  private final ParamSet params;
  private final AutoencoderSpec spec;
  private final float[] parameters;
  private SharedValue<float[]> shared = new SharedValue<>();
  private transient SparseAutoencoderTrainingSummary summary;
  private String preparation = "";

  AutoencoderModel(String uid, AutoencoderSpec spec, float[] parameters) {
    this.uid = uid;
    this.spec = spec;
    this.parameters = parameters;
    this.params = new ParamSet(this);
    params.makeAll();
  }

  /** A model of this kind, without Params. */
  abstract M create(String uid, AutoencoderSpec spec, float[] parameters);

  /** Sets the Params that say the shape of a model, as an estimator of it would have them. */
  abstract void setShape(AutoencoderSpec spec);

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public ParamSet paramSet() {
    return params;
  }

  @Override
  public String explainParam(Param<?> param) {
    return paramSet().explain(param);
  }

  /** The model as data. */
  public AutoencoderSpec spec() {
    return spec;
  }

  /** The flat parameters, as {@link AutoencoderSpec#layout()} lays them; a copy. */
  public float[] parameters() {
    return parameters.clone();
  }

  /**
   * The model that {@code transform} encodes with: {@code encodeK} units of a code, if that is set,
   * and whole maps.
   *
   * @throws IllegalArgumentException if the model is not k-sparse, or has fewer units, or {@code
   *     precision} is none of its layers
   */
  AutoencoderSpec encodingSpec() {
    return decodingSpec().encoding();
  }

  /**
   * The model that {@code transform} reconstructs with: it also keeps of a map only what the
   * decoder was trained on.
   *
   * @throws IllegalArgumentException as {@link #encodingSpec}
   */
  AutoencoderSpec decodingSpec() {
    AutoencoderSpec computed = spec.with(Precision.parse("precision", getPrecision()));
    if (!isDefined(encodeK())) {
      return computed;
    }
    if (spec.code().form().unitsKept().isEmpty()) {
      throw new IllegalArgumentException(
          "encodeK is for k-sparse models, but this model keeps all units: clear encodeK, or train with k");
    }
    int units = spec.units(spec.depth());
    if (getEncodeK() > units) {
      throw new IllegalArgumentException(
          Text.format(
              "encodeK must be in [1, %d], the units of the code; got %d", units, getEncodeK()));
    }
    return computed.withK(getEncodeK());
  }

  /**
   * The code that {@code transform} makes, before pooling.
   *
   * @throws IllegalArgumentException if {@code encodeK} or {@code matryoshkaWidths} is none of it
   */
  MeasuredCode measuredCode() {
    CodeLoss loss = codeLoss();
    loss.check(spec.code().units(), spec.isConvolutional());
    return new MeasuredCode(
        encodingSpec(), decodingSpec(), codeLayer(), getActivationThreshold(), loss.widths());
  }

  float[] sharedParameters() {
    return parameters;
  }

  /** d, the values of an input row. */
  public int numFeatures() {
    return spec.inputSize();
  }

  /** Units of the code, h_K. */
  public int codeSize() {
    return spec.codeSize();
  }

  /**
   * The hidden layer whose code {@code outputCol} gets, from 1: {@code outputLayer}, or the last.
   *
   * @throws IllegalArgumentException if {@code outputLayer} names none
   */
  public int codeLayer() {
    return outputCode().layer();
  }

  /**
   * Values of a vector in {@code outputCol}: the units of {@link #codeLayer()}, after pooling if
   * there is any.
   */
  public int outputSize() {
    return outputCode().size();
  }

  final OutputCode outputCode() {
    return OutputCode.of(this, spec);
  }

  /**
   * A hidden layer alone, with the decoder's layer of the same size, as a model of one hidden
   * layer:
   *
   * <pre>
   * code = h_k = f_k(W_k h_(k-1) + b_k);   reconstruction of h_(k-1), by the activation of that layer
   * </pre>
   *
   * <p>{@code layer(1)} takes the input of this model and keeps its {@code inputCol}. Any other
   * layer takes the code of the layer before (see {@code outputLayer}), [n, units]; set its {@code
   * inputCol}. Output columns have their defaults again. The new model has no summary and no
   * parent.
   *
   * @param k the layer, from 1 at the input to the number of hidden layers
   * @throws IllegalArgumentException if there is no such layer
   */
  public M layer(int k) {
    AutoencoderSpec alone = spec.layer(k);
    M layer = create(uid + "_layer" + k, alone, LayerStack.layer(spec, parameters, k));
    String outputCol = layer.getOutputCol();
    copyValues(layer, ParamMap.empty());
    // Copying also copies defaults, and this default contains the uid.
    layer.setDefault(layer.outputCol(), outputCol);
    LayerParams.describe(layer, alone, k == 1);
    layer.setShape(alone);
    return k == 1 ? layer.setPreparation(preparation) : layer;
  }

  /**
   * A weight matrix by its name in {@link AutoencoderSpec#layout()}, such as {@code
   * encoder.0.weight}, [out, in]; [in, out] for the matrix that decodes a code trained with {@code
   * k}, {@code batchTopK} or {@code lifetimeSparsity}.
   *
   * @throws IllegalArgumentException if there is no such matrix; a tied decoder has none
   */
  public Matrix weights(String name) {
    for (Tensor tensor : spec.layout().tensors()) {
      if (tensor.name().equals(name) && tensor.isMatrix()) {
        double[] values = new double[tensor.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = parameters[tensor.offset() + i];
        }
        return new DenseMatrix(tensor.rows(), tensor.columns(), values, true);
      }
    }
    throw new IllegalArgumentException(
        Text.format(
            "no weight matrix '%s'; there are %s",
            name,
            spec.layout().tensors().stream().filter(Tensor::isMatrix).map(Tensor::name).toList()));
  }

  /**
   * Whether there is a {@link #summary()}: on the model that fit returned, and on one loaded from
   * where it was saved; not on one that was imported, is a {@link #layer}, or was saved by a
   * release that did not keep the summary.
   */
  @Override
  public boolean hasSummary() {
    return summary != null;
  }

  /**
   * How the fit went.
   *
   * @throws IllegalStateException if that is not known
   */
  @Override
  public SparseAutoencoderTrainingSummary summary() {
    return Optional.ofNullable(summary)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "this model has no summary: only a model that fit made has one, and its copies and saved files"));
  }

  M setSummary(SparseAutoencoderTrainingSummary value) {
    this.summary = value;
    return self();
  }

  /** For Spark; the same as {@link #summary()}, if there is one. */
  @Override
  public Option<SparseAutoencoderTrainingSummary> trainingSummary() {
    return Option.apply(summary);
  }

  /** For Spark. */
  @Override
  public void trainingSummary_$eq(Option<SparseAutoencoderTrainingSummary> value) {
    setSummary(value.isEmpty() ? null : value.get());
  }

  /**
   * Does nothing: {@link #write} saves the summary in the model's own directory. Spark Connect's
   * servers call it, since Spark 4.1.
   */
  public void saveSummary(String path) {}

  /** Bytes of the parameters, which a Spark Connect server counts against its limits. */
  public long estimatedSize() {
    return (long) Float.BYTES * parameters.length;
  }

  @SuppressWarnings("unchecked") // M is the model's own class.
  private M self() {
    return (M) this;
  }

  /**
   * How the training rows were prepared, in words; empty if unknown. The model needs rows prepared
   * the same way; its reconstructions, errors and {@code outlierThreshold} are on their scale.
   */
  public String preparation() {
    return preparation;
  }

  /**
   * Records how rows must be prepared. The text is saved with the model, logged as a warning when
   * the model is loaded without its pipeline, and part of {@link #toString}. Setting it does not
   * prepare anything.
   */
  public M setPreparation(String value) {
    preparation = Objects.requireNonNull(value, "preparation must not be null; empty for none");
    return self();
  }

  /** This model, with the rest of what its file holds. */
  final M restored(ModelReader.Content<SparseAutoencoderTrainingSummary> saved) {
    return setPreparation(saved.weights().provenance().getOrDefault(PREPARATION, ""))
        .setSummary(saved.summary());
  }

  /** This model, loaded without the pipeline that prepares its rows. */
  final M loadedAlone(String path) {
    if (!preparation.isEmpty()) {
      LOG.warn(
          "the model in {} was trained on rows prepared by {}: give it only rows prepared the same way;"
              + " its reconstructions, errors and outlierThreshold are on their scale",
          path,
          preparation);
    }
    return self();
  }

  @Override
  public StructType transformSchema(StructType schema) {
    requirePreparedColumn(schema);
    encodingSpec();
    Outliers.checkForTransform(this);
    StructType result =
        Schemas.transform(this, schema, spec.inputSize(), spec.outputSize(), outputSize());
    TargetColumn.read(this, spec, schema);
    return result;
  }

  /** Rows that were not prepared do not have the column. */
  private void requirePreparedColumn(StructType schema) {
    if (!preparation.isEmpty()
        && isDefined(inputCol())
        && !Arrays.asList(schema.fieldNames()).contains(getInputCol())) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: there is no column '%s' of rows prepared by %s; prepare the rows the same way,"
                  + " or transform them with the pipeline that the model was saved in; the columns are %s",
              getInputCol(), preparation, String.join(", ", schema.fieldNames())));
    }
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructField[] result = transformSchema(schema).fields();
    List<StructField> added = Arrays.asList(result).subList(schema.size(), result.length);
    ModelMemory.requireForTransform(spec, parameters.length, dataset.sparkSession().sparkContext());
    FeatureColumns read = TargetColumn.read(this, spec, schema);
    return CatalystRows.append(dataset, read.in(schema), added, encoder(dataset, read, added));
  }

  /**
   * Measures the model on any rows, as the fit did on the training rows: {@link
   * SparseAutoencoderTrainingSummary#statistics()} says which code is measured. With {@code
   * matryoshkaWidths} there is also the error of each width. Visits the rows at once, in one pass,
   * and keeps them in files of Spark's local directories meanwhile.
   *
   * @param dataset rows with {@code inputCol} and, if set, {@code targetCol} and {@code weightCol};
   *     {@code handleInvalid} says what happens to invalid rows
   * @throws IllegalArgumentException if a column is missing or of another type, a row is not valid,
   *     or there are no rows of weight above 0
   * @throws java.util.concurrent.CancellationException if a job was cancelled, this thread was
   *     interrupted, or Spark was stopped
   */
  public CodeStatistics evaluate(Dataset<?> dataset) {
    requirePreparedColumn(dataset.schema());
    SparkContext context = dataset.sparkSession().sparkContext();
    ModelMemory.requireForTransform(spec, parameters.length, context);
    return SparkJobs.run(context, "evaluation", () -> ModelEvaluation.of(this, dataset));
  }

  private BlockEncoder encoder(Dataset<?> dataset, FeatureColumns read, List<StructField> added) {
    BlockEncoder.Outputs outputs =
        new BlockEncoder.Outputs(
            !getOutputCol().isEmpty(),
            outputCode(),
            !getReconstructionCol().isEmpty(),
            !getReconstructionErrorCol().isEmpty(),
            !getOutlierCol().isEmpty(),
            new StructType(added.toArray(StructField[]::new)),
            getActivationThreshold(),
            isDefined(outlierThreshold()) ? getOutlierThreshold() : Double.NaN);
    return new BlockEncoder(
        uid,
        encodingSpec(),
        decodingSpec(),
        shared.in(dataset.sparkSession().sparkContext(), parameters),
        read,
        outputs,
        getHandleInvalid().equals(Choices.SKIP));
  }

  @Override
  public M copy(ParamMap extra) {
    M copy = create(uid, spec, parameters);
    ((AutoencoderModel<?>) copy).shared = shared;
    return copyValues(copy, extra)
        .setSummary(summary)
        .setPreparation(preparation)
        .setParent(parent());
  }

  /** How the model was made, for its file; without times, so that equal models give equal files. */
  Map<String, String> provenance() {
    Map<String, String> provenance = new LinkedHashMap<>();
    String version = AutoencoderModel.class.getPackage().getImplementationVersion();
    provenance.put("libraryVersion", version == null ? "unpackaged" : version);
    if (hasSummary()) {
      provenance.put("rows", Long.toString(summary.statistics().rows()));
      provenance.put(
          "passes",
          summary.stages().stream()
              .map(stage -> Integer.toString(stage.totalIterations()))
              .collect(Collectors.joining(", ")));
      provenance.put("stopReason", summary.stopReason().name());
      provenance.put("kernelBackend", summary.kernelBackend());
    }
    if (!preparation.isEmpty()) {
      provenance.put(PREPARATION, preparation);
    }
    return provenance;
  }

  /**
   * Loads a saved model of either kind; warns if its rows must be prepared: see {@link
   * #preparation()}.
   *
   * @throws IllegalArgumentException naming the path, if it holds none or it cannot be loaded
   */
  public static AutoencoderModel<?> load(String path) {
    if (SavedPipeline.loadTransformer(path) instanceof AutoencoderModel<?> model) {
      return model.loadedAlone(path);
    }
    throw new IllegalArgumentException(
        Text.format(
            "%s holds no autoencoder; name the directory that its model was saved to", path));
  }

  @Override
  public MLWriter write() {
    return new ModelWriter(this, new ModelFile.Saved(spec, parameters, provenance()), summary);
  }

  @Override
  public String toString() {
    return Text.format(
        "%s: uid=%s, numFeatures=%d, codeSize=%d%s",
        getClass().getSimpleName(),
        uid,
        numFeatures(),
        codeSize(),
        preparation.isEmpty() ? "" : ", preparation=" + preparation);
  }
}
