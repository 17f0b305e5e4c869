package org.sparksae.spark.ml;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.fit.Outliers;
import org.sparksae.spark.ml.param.AutoencoderParams;
import org.sparksae.spark.ml.param.ParamSet;
import org.sparksae.spark.ml.param.SpecBuilder;
import org.sparksae.spark.ml.transform.OutputCode;
import org.sparksae.spark.ml.transform.Schemas;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the estimators of autoencoders share: everything except the shape of their models.
 *
 * @param <E> the estimator itself, which its setters return
 * @param <M> its model
 */
public abstract class AutoencoderEstimator<
        E extends AutoencoderEstimator<E, M>, M extends AutoencoderModel<M>>
    extends Estimator<M> implements AutoencoderParams.TrainingSetters<E>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamSet params;

  /** Not public: readers know the models of these subclasses only. */
  AutoencoderEstimator(String uid) {
    this.uid = uid;
    this.params = new ParamSet(this);
    params.makeAll();
  }

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

  /**
   * The model that the Params describe, for rows of a given size.
   *
   * @param inputSize values of a row, or 0 where it is not known yet
   * @param targetSize values of a target row, or 0 where there is none or it is not known yet
   * @throws IllegalArgumentException naming the Param, its value and the rule, if the Params do not
   *     make a model
   */
  abstract AutoencoderSpec spec(int inputSize, int targetSize);

  /** A trained model, without Params. */
  abstract M model(AutoencoderSpec spec, float[] parameters);

  @Override
  public StructType transformSchema(StructType schema) {
    AutoencoderSpec spec = spec(0, 0);
    SpecBuilder.corruption(this);
    Outliers.checkForFit(this);
    Schemas.checkTrainingColumns(this, schema);
    return Schemas.transform(this, schema, -1, -1, OutputCode.of(this, spec).size());
  }

  /**
   * Trains a model.
   *
   * @param dataset rows with {@code inputCol} and, if set, {@code targetCol}, {@code weightCol} and
   *     {@code validationIndicatorCol}
   * @throws IllegalArgumentException if a Param, a column or a row is not valid, {@code
   *     checkpointDir} has checkpoints of another training, or the memory is sure to be too small;
   *     before training begins
   * @throws java.io.UncheckedIOException if a checkpoint cannot be written
   * @throws org.sparksae.core.train.DivergedException if the objective stops being finite
   * @throws org.sparksae.spark.exchange.MissingSlotsException if {@code aggregation} is allReduce
   *     and the workers do not get their slots
   * @throws java.util.concurrent.CancellationException if a job was cancelled, this thread was
   *     interrupted, or Spark was stopped; no work continues then, and nothing is left behind
   */
  @Override
  public M fit(Dataset<?> dataset) {
    return fit(dataset, List.of(Candidate.alone(this))).get(0);
  }

  /**
   * Trains a model with each of several ParamMaps, and returns the models in the order of the maps.
   * See {@link #fitEach}.
   */
  @Override
  public Seq<M> fit(Dataset<?> dataset, Seq<ParamMap> paramMaps) {
    ParamMap[] maps = CollectionConverters.asJava(paramMaps).toArray(ParamMap[]::new);
    return CollectionConverters.asScala(fit(dataset, maps)).toSeq();
  }

  /**
   * Trains a model with each of several ParamMaps, such as those of a {@code ParamGridBuilder}, and
   * returns the models in the order of the maps. See {@link #fitEach}.
   */
  public List<M> fit(Dataset<?> dataset, ParamMap[] paramMaps) {
    return fit(dataset, candidates(paramMaps));
  }

  /**
   * Trains a model with each of several ParamMaps. Each model is that of {@code fit(dataset,
   * paramMap)}, bit for bit, but the rows are read once. Only models that store rows differently
   * have them read again: those with other columns, {@code handleInvalid} or numbers of workers,
   * and those with so many values in a row or in a code that their tiles have fewer rows.
   *
   * <p>Models that share rows and have the same {@code seed}, {@code batchSize}, {@code
   * shuffleWindow}, {@code corruption} and {@code corruptionLevel} are trained together by
   * all-reduce, as many as there is memory for: each batch is then read once for all of them.
   * Models that l-bfgs, a tree or layer-wise training makes are trained one after the other.
   *
   * <p>All ParamMaps are checked before rows are read, and before the first of the models that
   * share rows is trained, what depends on the rows. If one model fails, the call does, once the
   * models before it are trained. Exceptions are those of {@link #fit(Dataset)}, and name the
   * ParamMap and its index.
   *
   * @param fitted gets each model, and the index of its ParamMap, as soon as it and those before it
   *     are trained. Its summary's seconds begin when the model before it was done, so one of the
   *     models that share rows counts the time of reading, and one of those that are trained
   *     together the time of training; the seconds of its history are its own
   * @throws IllegalArgumentException also if two of the models have the same {@code checkpointDir}
   */
  public void fitEach(Dataset<?> dataset, ParamMap[] paramMaps, ObjIntConsumer<? super M> fitted) {
    fitEach(dataset, paramMaps, fitted, null);
  }

  /**
   * Trains a model with each of several ParamMaps, as {@link #fitEach(Dataset, ParamMap[],
   * ObjIntConsumer)} does, but if the training of one fails, for example because it diverges, goes
   * on with the others. What is refused, such as checkpoints of another training, or cancelled
   * still ends the call.
   *
   * @param failed gets what ended the training of a model, which names its ParamMap, and the index
   *     of that
   */
  public void fitEach(
      Dataset<?> dataset,
      ParamMap[] paramMaps,
      ObjIntConsumer<? super M> fitted,
      ObjIntConsumer<? super Exception> failed) {
    new Fits<>(dataset, candidates(paramMaps), false).run(fitted, failed);
  }

  private List<Candidate<M>> candidates(ParamMap[] paramMaps) {
    return IntStream.range(0, paramMaps.length)
        .mapToObj(index -> Candidate.of(this, paramMaps[index], index))
        .toList();
  }

  private List<M> fit(Dataset<?> dataset, List<Candidate<M>> candidates) {
    Map<Integer, M> models = new TreeMap<>();
    new Fits<>(dataset, candidates, true).run((model, index) -> models.put(index, model), null);
    return List.copyOf(models.values());
  }

  /**
   * Bytes of the parameters of the model that {@code fit} would return. A Spark Connect server asks
   * before a fit, since Spark 4.1, and refuses what exceeds its limits. May look at the first rows.
   *
   * @throws IllegalArgumentException if a Param or a column is not valid
   */
  public long estimateModelSize(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    int inputs = FeatureColumn.of(dataset, "inputCol", getInputCol()).size();
    int targets = hasTarget() ? FeatureColumn.of(dataset, "targetCol", getTargetCol()).size() : 0;
    return (long) Float.BYTES * spec(inputs, targets).trained().layout().size();
  }

  @Override
  public E copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
