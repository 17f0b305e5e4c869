package org.sparksae.spark.ml;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.Text;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.train.CodeForm;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;

/**
 * A trained autoencoder: adds the code of each row, and on request its reconstruction, its
 * reconstruction error and whether it is an outlier.
 *
 * <pre>
 * code = h_K, or h_outputLayer: a SparseVector of the entries of magnitude activationThreshold or more
 * reconstruction = x_hat;   reconstruction error = |x_hat - x|^2 / d
 * outlier = 1 where the error, as a float, is above outlierThreshold, else 0
 * </pre>
 *
 * <p>Of a model with {@code lifetimeSparsity} the code is the plain activation of ReLU: rows
 * compete in training only, so that what a row is encoded as does not depend on the others. It has
 * more active units than the decoder has seen at once, so that the reconstruction is not what was
 * trained: that is the reconstruction term of the summary's history.
 *
 * <p>{@link #transform} runs no job, works on batch and on streaming DataFrames, encodes rows by
 * the tile, and reads every column of the DataFrame: select those that are wanted beforehand. A row
 * that is null, of another size or not finite fails the job, or is left out, as {@code
 * handleInvalid} says. Executors get the parameters once, however often a model and its copies
 * transform.
 *
 * @param <M> the model's own class, which its setters return
 */
public abstract class AutoencoderModel<M extends AutoencoderModel<M>> extends Model<M>
    implements AutoencoderParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(AutoencoderModel.class);

  /** Key of {@link #preparation()} in the model's file. */
  static final String PREPARATION = "preparation";

  private final String uid;
  private final AutoencoderSpec spec;
  private final float[] parameters;
  private SharedValue<float[]> shared = new SharedValue<>();
  private transient SparseAutoencoderTrainingSummary summary;
  private String preparation = "";

  AutoencoderModel(String uid, AutoencoderSpec spec, float[] parameters) {
    this.uid = uid;
    this.spec = spec;
    this.parameters = parameters;
  }

  /** A model of this kind, without Params. */
  abstract M create(String uid, AutoencoderSpec spec, float[] parameters);

  /** Sets the Params that say the shape of a model, as an estimator of it would have them. */
  abstract void setShape(AutoencoderSpec spec);

  @Override
  public String uid() {
    return uid;
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
   * The model as {@code transform} encodes by it: with {@code encodeK} units of a code, if that is
   * set, and all of a map.
   *
   * @throws IllegalArgumentException if the model is not k-sparse, or has fewer units
   */
  AutoencoderSpec encodingSpec() {
    return decodingSpec().withAllOfMaps();
  }

  /**
   * The model as {@code transform} reconstructs by it: of a map, too, what the decoder learnt from.
   *
   * @throws IllegalArgumentException if the model is not k-sparse, or has fewer units
   */
  AutoencoderSpec decodingSpec() {
    if (!isDefined(encodeK())) {
      return spec;
    }
    if (spec.topK() == null) {
      throw new IllegalArgumentException(
          "encodeK is of k-sparse models, but this one keeps all units: clear it, or train with k");
    }
    int units = spec.units(spec.depth());
    if (getEncodeK() > units) {
      throw new IllegalArgumentException(
          Text.format(
              "encodeK must be in [1, %d], the units of the code; got %d", units, getEncodeK()));
    }
    return spec.withK(getEncodeK());
  }

  /** What {@code transform} gives of a row, before pooling. */
  CodeForm codeForm() {
    return new CodeForm(encodingSpec(), decodingSpec(), codeLayer(), getActivationThreshold());
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

  /** Values of a vector in {@code outputCol}: those of {@link #codeLayer()}, pooled if they are. */
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
   * <p>Of {@code layer(1)} the input is that of this model, and {@code inputCol} is kept. Of
   * another it is the code of the layer before (see {@code outputLayer}), [n, units], and {@code
   * inputCol} is to be set. The columns that it adds are to be named anew. It has no summary and no
   * parent.
   *
   * @param k the layer, from 1 at the input to the number of hidden layers
   * @throws IllegalArgumentException if there is no such layer
   */
  public M layer(int k) {
    return LayerModel.of(self(), k);
  }

  /**
   * A weight matrix by its name in {@link AutoencoderSpec#layout()}, such as {@code
   * encoder.0.weight}, [out, in]; [in, out] for the matrix that decodes a k-sparse code.
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

  /** Whether {@link #summary()} is there: on the model that fit gave, not on a loaded one. */
  public boolean hasSummary() {
    return summary != null;
  }

  /**
   * How the fit went.
   *
   * @throws IllegalStateException if the model was loaded
   */
  public SparseAutoencoderTrainingSummary summary() {
    return Optional.ofNullable(summary)
        .orElseThrow(
            () -> new IllegalStateException("a loaded model has no summary; only fit gives one"));
  }

  M setSummary(SparseAutoencoderTrainingSummary value) {
    this.summary = value;
    return self();
  }

  @SuppressWarnings("unchecked") // M is the model's own class.
  private M self() {
    return (M) this;
  }

  /**
   * What was done to the rows before the model was trained on them, in words; empty if nothing is
   * known of it. The model takes rows that were prepared alike; its reconstructions, errors and
   * {@code outlierThreshold} are on their scale.
   */
  public String preparation() {
    return preparation;
  }

  /**
   * Says what rows the model takes, for those who load it: it is saved with the model, logged as a
   * warning when the model is loaded alone, and part of {@link #toString}. It prepares nothing.
   */
  public M setPreparation(String value) {
    preparation = Objects.requireNonNull(value, "preparation must not be null; empty for none");
    return self();
  }

  /** This model, which a user has loaded alone, without what prepares its rows. */
  final M loadedAlone(String path) {
    if (!preparation.isEmpty()) {
      LOG.warn(
          "the model in {} was trained on rows prepared by {}: give it only rows prepared alike;"
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
    Outliers.check(this);
    return Schemas.transform(this, schema, spec.inputSize(), outputSize());
  }

  /** Rows as they were before they were prepared do not have the column. */
  private void requirePreparedColumn(StructType schema) {
    if (!preparation.isEmpty()
        && isDefined(inputCol())
        && !Arrays.asList(schema.fieldNames()).contains(getInputCol())) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: there is no column '%s' of rows prepared by %s; prepare the rows alike, or"
                  + " transform them by the pipeline that the model was saved in; the columns are %s",
              getInputCol(), preparation, String.join(", ", schema.fieldNames())));
    }
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructField[] result = transformSchema(schema).fields();
    List<StructField> added = Arrays.asList(result).subList(schema.size(), result.length);
    MemoryNeed.requireForTransform(spec, parameters.length, dataset.sparkSession().sparkContext());
    return CatalystRows.append(dataset, added, encoder(dataset, schema, added));
  }

  private BlockEncoder encoder(Dataset<?> dataset, StructType schema, List<StructField> added) {
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
        encodingSpec(),
        decodingSpec(),
        shared.in(dataset.sparkSession().sparkContext(), parameters),
        FeatureColumn.ofSize(getInputCol(), spec.inputSize()),
        ColumnPath.of(schema, "inputCol", getInputCol()),
        outputs,
        getHandleInvalid().equals(AutoencoderParamSet.SKIP));
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

  /**
   * How the model came to be, for its file; without wall-clock, so that equal models give equal
   * files.
   */
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

  @Override
  public MLWriter write() {
    return new ModelWriter(this);
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

  /** Sets {@link #inputCol()}. */
  public M setInputCol(String value) {
    set(inputCol(), value);
    return self();
  }

  /** Sets {@link #outputCol()}. */
  public M setOutputCol(String value) {
    set(outputCol(), value);
    return self();
  }

  /** Sets {@link #reconstructionCol()}. */
  public M setReconstructionCol(String value) {
    set(reconstructionCol(), value);
    return self();
  }

  /** Sets {@link #reconstructionErrorCol()}. */
  public M setReconstructionErrorCol(String value) {
    set(reconstructionErrorCol(), value);
    return self();
  }

  /** Sets {@link #handleInvalid()}. */
  public M setHandleInvalid(String value) {
    set(handleInvalid(), value);
    return self();
  }

  /** Sets {@link #activationThreshold()}. */
  public M setActivationThreshold(double value) {
    set(activationThreshold(), value);
    return self();
  }

  /** Sets {@link #encodeK()}. */
  public M setEncodeK(int value) {
    set(encodeK(), value);
    return self();
  }

  /** Sets {@link #outputLayer()}. */
  public M setOutputLayer(int value) {
    set(outputLayer(), value);
    return self();
  }

  /** Sets {@link #outlierThreshold()}. */
  public M setOutlierThreshold(double value) {
    set(outlierThreshold(), value);
    return self();
  }

  /** Sets {@link #outlierCol()}. */
  public M setOutlierCol(String value) {
    set(outlierCol(), value);
    return self();
  }
}
