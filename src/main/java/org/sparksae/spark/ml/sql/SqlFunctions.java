package org.sparksae.spark.ml.sql;

import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Tuple3;
import scala.runtime.BoxedUnit;

/**
 * Gives every session that has this library on its class path the table function {@value
 * EncodeFunction#NAME}. Spark finds this class by itself.
 */
public final class SqlFunctions implements SparkSessionExtensionsProvider {
  private static final String USAGE =
      EncodeFunction.NAME
          + "(TABLE(rows), path) - Returns all columns of the rows and those that the saved"
          + " model or pipeline in the path adds.";

  /** For Spark. */
  public SqlFunctions() {}

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectTableFunction(
        new Tuple3<>(
            new FunctionIdentifier(EncodeFunction.NAME), describe(), new EncodeFunction()));
    return BoxedUnit.UNIT;
  }

  /** What DESCRIBE FUNCTION shows. */
  private static ExpressionInfo describe() {
    String type = EncodeFunction.class.getName();
    return new ExpressionInfo(type, null, EncodeFunction.NAME, USAGE, "", "", "", "", "", "", "");
  }
}
