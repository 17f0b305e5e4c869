package org.sparksae.spark.ml;

import com.esotericsoftware.kryo.DefaultSerializer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.sparksae.core.Text;
import org.sparksae.core.stats.Moments;
import org.sparksae.core.stats.Whitening;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.ml.feature.ColumnEstimator;
import org.sparksae.spark.ml.feature.VectorAppender;
import org.sparksae.spark.ml.file.ParamsReader;
import org.sparksae.spark.ml.file.StageSerializer;
import org.sparksae.spark.ml.param.ZcaWhiteningParams;

/**
 * ZCA whitening: gives rows a covariance of 1 with the smallest possible change. Neighbouring
 * pixels of photographs are nearly equal; unless that is removed first, a few hundred units are
 * spent on it.
 *
 * <pre>
 * covariance of the rows = E diag(lambda) E'
 * out = E diag(1 / sqrt(lambda + epsilon)) E' (x - mean)
 * </pre>
 *
 * <p>Mean and covariance are sums over the partitions, in double; the decomposition, O(d^3), runs
 * on the driver, so rows should have a few thousand values at most. Rows too long for the driver's
 * memory are refused. A row that is null, of another size or not finite is an error.
 *
 * <p>Source: Bell and Sejnowski (1997); see {@link Whitening}.
 */
@DefaultSerializer(StageSerializer.class)
public final class ZcaWhitening extends ColumnEstimator<ZcaWhitening, ZcaWhiteningModel>
    implements ZcaWhiteningParams.TrainingSetters<ZcaWhitening> {
  private static final long serialVersionUID = 1L;

  /** An estimator with a uid of its own. */
  public ZcaWhitening() {
    this(Identifiable$.MODULE$.randomUID("zcaWhitening"));
  }

  /** An estimator with a given uid. */
  public ZcaWhitening(String uid) {
    super(uid);
  }

  /**
   * Computes mean and covariance of all rows.
   *
   * @throws IllegalArgumentException if there are fewer than 2 rows, or the matrices do not fit the
   *     driver's memory, or epsilon is too small for rows that do not vary in every direction
   */
  @Override
  public ZcaWhiteningModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    FeatureColumn column = VectorAppender.input(dataset, this);
    requireMemory(column, Runtime.getRuntime().maxMemory());
    Moments moments = VectorAppender.statistics(dataset, column, Moments::of);
    double[] mean = moments.mean();
    double[] matrix = Whitening.zca(moments.covariance(), mean.length, getEpsilon());
    return copyValues(new ZcaWhiteningModel(uid(), mean, matrix), ParamMap.empty()).setParent(this);
  }

  /** Refuses, before the first row is read, what would end in an OutOfMemoryError. */
  private static void requireMemory(FeatureColumn column, long available) {
    int most = Whitening.mostColumns(available);
    if (column.size() > most) {
      throw new IllegalArgumentException(
          Text.format(
              "inputCol: column '%s' has rows of %d values, whose whitening takes %.1f GB of memory on the driver, which has %.1f GB; whiten rows of at most %d values, give the driver more by spark.driver.memory, or shorten the rows first, for example with MLlib's PCA",
              column.name(),
              column.size(),
              Whitening.bytes(column.size()) / 1e9,
              available / 1e9,
              most));
    }
  }

  @Override
  public ZcaWhitening copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write()} saved. */
  public static MLReader<ZcaWhitening> read() {
    return new ParamsReader<>(ZcaWhitening.class, ZcaWhitening::new);
  }

  /** Loads a saved estimator. */
  public static ZcaWhitening load(String path) {
    return read().load(path);
  }
}
