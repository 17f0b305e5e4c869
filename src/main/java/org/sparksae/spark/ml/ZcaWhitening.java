package org.sparksae.spark.ml;

import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.train.Moments;
import org.sparksae.core.train.Whitening;

/**
 * ZCA whitening: rows with covariance 1, by the change that is least. Neighbouring pixels of
 * photographs are nearly equal, and features of few hundred units are spent on that, if it is not
 * taken out first.
 *
 * <pre>
 * covariance of the rows = E diag(lambda) E'
 * out = E diag(1 / sqrt(lambda + epsilon)) E' (x - mean)
 * </pre>
 *
 * <p>Mean and covariance are sums over the partitions, in double; the decomposition, O(d^3), is
 * made on the driver, so rows should have at most some thousand values. A row that is null, of
 * another size or not finite is an error.
 *
 * <p>Source: Bell and Sejnowski (1997); see {@link Whitening}.
 */
public final class ZcaWhitening extends Estimator<ZcaWhiteningModel>
    implements ColumnParams<ZcaWhitening>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ColumnParamSet columns;
  private final DoubleParam epsilon;

  /** An estimator with a uid of its own. */
  public ZcaWhitening() {
    this(Identifiable$.MODULE$.randomUID("zcaWhitening"));
  }

  /** An estimator with a given uid. */
  public ZcaWhitening(String uid) {
    this.uid = uid;
    columns = new ColumnParamSet(this);
    epsilon =
        new DoubleParam(
            this,
            "epsilon",
            "added to the variance in each direction, >= 0",
            Rules.atLeastZero("epsilon"));
    setDefault(columns.outputCol, uid + "__output");
    setDefault(epsilon, 1e-5);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public ColumnParamSet columns() {
    return columns;
  }

  /**
   * Added to the variance in each direction (an eigenvalue of the covariance, in the square of the
   * values' unit), 0 or more, default 1e-5. Directions of less variance, which is mostly noise, are
   * made smaller than 1; without it they are raised to 1 like all others.
   */
  public DoubleParam epsilon() {
    return epsilon;
  }

  /**
   * Takes mean and covariance of all rows.
   *
   * @throws IllegalArgumentException if there are fewer than 2 rows, or epsilon is too small for
   *     rows that do not vary in every direction
   */
  @Override
  public ZcaWhiteningModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Moments moments = RowMap.statistics(dataset, this, Moments::of);
    double[] mean = moments.mean();
    double[] matrix =
        Whitening.zca(moments.covariance(), mean.length, (double) getOrDefault(epsilon));
    return copyValues(new ZcaWhiteningModel(uid, mean, matrix), ParamMap.empty()).setParent(this);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Schemas.append(schema, this, -1);
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

  /** Sets {@link #epsilon()}. */
  public ZcaWhitening setEpsilon(double value) {
    set(epsilon, value);
    return this;
  }
}
