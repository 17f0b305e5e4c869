package org.sparksae.spark.ml;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.data.CatalystRows;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;

/**
 * Encodes the rows of a partition a tile at a time: each row with its columns, followed by those of
 * {@link Outputs}.
 *
 * @param spec the model that encodes
 * @param decodingSpec the model that reconstructs, from a code of its own if it is another
 * @param parameters its parameters
 * @param column the input column
 * @param input where it lies in the rows that come in
 * @param outputs the columns to add
 * @param skipInvalid whether a row that is not valid is left out; else it is an error
 */
record BlockEncoder(
    AutoencoderSpec spec,
    AutoencoderSpec decodingSpec,
    Broadcast<float[]> parameters,
    FeatureColumn column,
    ColumnPath input,
    Outputs outputs,
    boolean skipInvalid)
    implements CatalystRows.PartitionMap {

  /**
   * The columns to add, in this order.
   *
   * @param code whether the code is one of them
   * @param output what of it
   * @param columns their types
   * @param activationThreshold codes of smaller magnitude are zeros
   * @param outlierThreshold rows of larger errors are outliers; NaN if there is none
   */
  record Outputs(
      boolean code,
      OutputCode output,
      boolean reconstruction,
      boolean error,
      boolean outlier,
      StructType columns,
      double activationThreshold,
      double outlierThreshold)
      implements Serializable {

    /** Whether the decoder is needed. */
    boolean decoded() {
      return reconstruction || error || outlier;
    }
  }

  @Override
  public Iterator<InternalRow> apply(Iterator<InternalRow> rows, StructType columns) {
    return new EncodedRows(this, rows, columns);
  }
}
