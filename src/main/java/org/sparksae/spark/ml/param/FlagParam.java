package org.sparksae.spark.ml.param;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Params;
import scala.Function1;

/** True or false, and not null: MLlib's own BooleanParam takes no rule. */
final class FlagParam extends BooleanParam {
  private static final long serialVersionUID = 1L;

  FlagParam(Params parent, String name, String doc) {
    super(parent, name, doc);
  }

  @Override
  public Function1<Object, Object> isValid() {
    return Rules.flag(name());
  }
}
