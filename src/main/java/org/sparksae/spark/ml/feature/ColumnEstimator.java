package org.sparksae.spark.ml.feature;

import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.types.StructType;
import org.sparksae.spark.ml.param.ColumnParams;
import org.sparksae.spark.ml.param.ParamSet;
import org.sparksae.spark.ml.transform.Schemas;

/**
 * An estimator whose model makes one column of rows of another, of the same size.
 *
 * @param <E> the estimator's own class
 * @param <M> its model
 */
public abstract class ColumnEstimator<E extends ColumnEstimator<E, M>, M extends Model<M>>
    extends Estimator<M> implements ColumnParams<E>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamSet params;

  protected ColumnEstimator(String uid) {
    this.uid = uid;
    this.params = new ParamSet(this);
    params.makeAll();
  }

  @Override
  public final String uid() {
    return uid;
  }

  @Override
  public final ParamSet paramSet() {
    return params;
  }

  @Override
  public String explainParam(Param<?> param) {
    return paramSet().explain(param);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Schemas.append(schema, this, -1);
  }
}
