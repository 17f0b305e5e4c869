package org.sparksae.spark.ml.feature;

import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.sparksae.spark.ml.param.Choices;
import org.sparksae.spark.ml.param.ParamSet;
import org.sparksae.spark.ml.param.VectorizerParams;

/**
 * A stage that makes Vectors of another column, without learning anything.
 *
 * @param <S> the stage's own class
 */
public abstract class Vectorizer<S extends Vectorizer<S>> extends Transformer
    implements VectorizerParams<S>, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final ParamSet params;

  protected Vectorizer(String uid) {
    this.uid = uid;
    this.params = new ParamSet(this);
    params.makeAll();
  }

  /** Whether rows that are not valid are left out. */
  protected final boolean skipsInvalid() {
    return getHandleInvalid().equals(Choices.SKIP);
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
}
