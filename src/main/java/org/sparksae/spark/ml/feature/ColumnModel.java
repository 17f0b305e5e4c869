package org.sparksae.spark.ml.feature;

import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.types.StructType;
import org.sparksae.spark.ml.param.ColumnParams;
import org.sparksae.spark.ml.param.ParamSet;
import org.sparksae.spark.ml.transform.Schemas;

/**
 * A model that makes one column of rows of another, of the same size.
 *
 * @param <M> the model's own class
 */
public abstract class ColumnModel<M extends ColumnModel<M>> extends Model<M>
    implements ColumnParams<M>, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamSet params;

  protected ColumnModel(String uid) {
    this.uid = uid;
    this.params = ParamSet.withoutDefaults(this);
  }

  /** Values of a row; -1 if that is not known. */
  public abstract int numFeatures();

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
    return Schemas.append(schema, this, numFeatures());
  }
}
