package org.sparksae.spark.data;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Replaces a {@link ColumnGenerator} by an operator that takes many rows at a time. */
final class PartitionStrategy extends SparkStrategy {

  /**
   * Adds the strategy to a session that does not have it yet. Sessions cloned from it, for example
   * by streams, have it too.
   */
  static void addTo(SparkSession session) {
    ExperimentalMethods methods = session.experimental();
    synchronized (methods) {
      List<SparkStrategy> strategies = CatalystRows.list(methods.extraStrategies());
      if (strategies.stream().noneMatch(PartitionStrategy.class::isInstance)) {
        List<SparkStrategy> more = new ArrayList<>(strategies);
        more.add(new PartitionStrategy());
        methods.extraStrategies_$eq(CatalystRows.seq(more));
      }
    }
  }

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    return plan instanceof Generate generate
            && generate.generator() instanceof ColumnGenerator columns
        ? CatalystRows.seq(List.of(planLater(operator(generate, columns))))
        : CatalystRows.seq(List.of());
  }

  private static LogicalPlan operator(Generate generate, ColumnGenerator columns) {
    return new PartitionOperator(
            CatalystRows.list(generate.requiredChildOutput()),
            CatalystRows.list(columns.children()),
            CatalystRows.list(generate.generatorOutput()))
        .on(generate.child(), columns.map());
  }
}
