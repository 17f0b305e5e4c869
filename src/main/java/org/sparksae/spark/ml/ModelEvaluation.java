package org.sparksae.spark.ml;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.MeasuredCode;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.data.RowStore;
import org.sparksae.spark.exchange.TreeSum;
import org.sparksae.spark.ml.param.Choices;
import org.sparksae.spark.ml.transform.Schemas;
import org.sparksae.spark.ml.transform.TargetColumn;

/** Measures a model on any rows, by the pass over them that ends a fit. */
final class ModelEvaluation {
  private ModelEvaluation() {}

  /** The statistics of {@link AutoencoderModel#evaluate}. */
  static CodeStatistics of(AutoencoderModel<?> model, Dataset<?> dataset) {
    StructType schema = dataset.schema();
    AutoencoderSpec spec = model.spec();
    Schemas.checkInput(model, schema, spec.inputSize());
    Schemas.checkWeightCol(schema, model.getWeightCol());
    MeasuredCode code = model.measuredCode();
    FeatureColumns columns = TargetColumn.compared(model, spec, schema);
    boolean skip = model.getHandleInvalid().equals(Choices.SKIP);
    try (RowStore rows =
        RowStore.read(dataset, columns, model.getWeightCol(), spec.blockRows(), skip, 0)) {
      if (rows.weight() == 0) {
        throw new IllegalArgumentException(
            "there are no valid rows of weight above 0 to evaluate the model on");
      }
      TreeSum data = new TreeSum(rows, model.getAggregationDepth(), code.encoder().precision());
      return CodeStatistics.of(code, model.sharedParameters(), data);
    }
  }
}
