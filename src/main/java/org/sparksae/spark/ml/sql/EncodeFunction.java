package org.sparksae.spark.ml.sql;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.FunctionTableSubqueryArgumentExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataTypes;
import org.sparksae.core.Text;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.ml.SavedPipeline;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/**
 * The rows of a table as a saved model's {@code transform} gives them:
 *
 * <pre>
 * SELECT label, code FROM sae_encode(TABLE(images), '/models/digits')
 * </pre>
 *
 * <p>Each row is encoded alone, so PARTITION BY and ORDER BY of the table have no effect. The plan
 * is that of {@code transform}, with the columns that the model has been saved with. The model is
 * loaded whenever a query is analysed.
 */
final class EncodeFunction extends AbstractFunction1<Seq<Expression>, LogicalPlan> {
  static final String NAME = "sae_encode";

  private static final String USE = "use " + NAME + "(TABLE(rows), 'path of a saved model')";

  @Override
  public LogicalPlan apply(Seq<Expression> arguments) {
    if (arguments.size() != 2) {
      throw new IllegalArgumentException(
          Text.format("%s takes two arguments, but got %d: %s", NAME, arguments.size(), USE));
    }
    LogicalPlan rows = rows(arguments.apply(0));
    String path = path(arguments.apply(1));
    return SavedPipeline.loadTransformer(path)
        .transform(CatalystRows.of(SparkSession.active(), rows))
        .queryExecution()
        .analyzed();
  }

  private static LogicalPlan rows(Expression argument) {
    if (!(argument instanceof FunctionTableSubqueryArgumentExpression table)) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: the first argument must be a table, but is %s: %s", NAME, argument.sql(), USE));
    }
    return table.plan();
  }

  private static String path(Expression argument) {
    if (!argument.foldable() || !argument.dataType().equals(DataTypes.StringType)) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: the second argument must be a constant text, but is %s: %s",
              NAME, argument.sql(), USE));
    }
    Object value = argument.eval(null);
    if (value == null) {
      throw new IllegalArgumentException(Text.format("%s: the path is null: %s", NAME, USE));
    }
    return value.toString();
  }
}
