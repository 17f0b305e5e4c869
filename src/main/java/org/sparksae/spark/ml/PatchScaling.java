package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.stats.PatchScale;
import org.sparksae.spark.ml.feature.ColumnEstimator;
import org.sparksae.spark.ml.feature.VectorAppender;
import org.sparksae.spark.ml.file.ParamsReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.PatchScalingParams;

/**
 * Prepares patches of photographs for sigmoid units: subtracts each patch's mean, clips the rest at
 * a few standard deviations, and scales it to a range within (0, 1).
 *
 * <pre>
 * y = x - mean_j x_j;   sigma = sqrt(mean of y^2 over all rows and values);   c = clip sigma
 * out = min + (max - min) (clip(y, -c, c) / c + 1) / 2
 * </pre>
 *
 * <p>A value equal to its patch's mean becomes (min + max) / 2. A row that is null, of another size
 * or not finite is an error.
 *
 * <p>Source: Ng, CS294A lecture notes (2011), the exercise on natural images: clip 3, range [0.1,
 * 0.9].
 */
@DefaultSerializer(StageSerializer.class)
public final class PatchScaling extends ColumnEstimator<PatchScaling, PatchScalingModel>
    implements PatchScalingParams.TrainingSetters<PatchScaling> {
  private static final long serialVersionUID = 1L;

  /** An estimator with a uid of its own. */
  public PatchScaling() {
    this(Identifiable$.MODULE$.randomUID("patchScaling"));
  }

  /** An estimator with a given uid. */
  public PatchScaling(String uid) {
    super(uid);
  }

  /**
   * Computes sigma over all rows.
   *
   * @throws IllegalArgumentException if no row has values that differ, or min is not below max
   */
  @Override
  public PatchScalingModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Learned learned =
        VectorAppender.statistics(
            dataset,
            VectorAppender.input(dataset, this),
            (rows, d) -> new Learned(d, PatchScale.sigma(rows, d)));
    double sigma = learned.sigma();
    if (!(sigma > 0)) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: in column '%s' all values of a row are equal in every row, so there is no standard deviation to scale by",
              getInputCol()));
    }
    double limit = getClip() * sigma;
    return copyValues(
            new PatchScalingModel(uid(), learned.numFeatures(), limit, getMin(), getMax()),
            ParamMap.empty())
        .setParent(this);
  }

  private record Learned(int numFeatures, double sigma) {}

  @Override
  public StructType transformSchema(StructType schema) {
    if (getMin() >= getMax()) {
      throw new IllegalArgumentException(
          Text.format("min must be below max, got min = %s, max = %s", getMin(), getMax()));
    }
    return super.transformSchema(schema);
  }

  @Override
  public PatchScaling copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<PatchScaling> read() {
    return new ParamsReader<>(PatchScaling.class, PatchScaling::new);
  }

  /** Loads a saved estimator. */
  public static PatchScaling load(String path) {
    return read().load(path);
  }
}
