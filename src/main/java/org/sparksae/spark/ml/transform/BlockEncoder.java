package org.sparksae.spark.ml.transform;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.spark.data.FeatureColumns;
import org.sparksae.spark.data.PartitionMap;

/**
 * Encodes the rows of a partition tile by tile, and appends the columns of {@link Outputs} to each
 * row.
 *
 * @param name name in a query plan
 * @param spec the model that encodes
 * @param decodingSpec the model that reconstructs; if it differs from {@code spec}, it makes its
 *     own code
 * @param parameters the parameters of both
 * @param read the columns that are read: the input, and the target of a transcoder if it is
 *     compared with the prediction
 * @param outputs the columns to add
 * @param skipInvalid whether an invalid row is left out instead of ending the job
 */
public record BlockEncoder(
    String name,
    AutoencoderSpec spec,
    AutoencoderSpec decodingSpec,
    Broadcast<float[]> parameters,
    FeatureColumns read,
    Outputs outputs,
    boolean skipInvalid)
    implements PartitionMap {

  /**
   * The columns to add, in this order.
   *
   * @param code whether the code is one of them
   * @param output which code it is, and how it is pooled
   * @param reconstruction whether the reconstruction is one of them
   * @param error whether the reconstruction error is one of them
   * @param outlier whether the mark of outliers is one of them
   * @param columns their names and types
   * @param activationThreshold codes of smaller magnitude become 0
   * @param outlierThreshold rows with a larger error are outliers; NaN for no threshold
   */
  public record Outputs(
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
  public Iterator<InternalRow> apply(Iterator<InternalRow> rows, StructType columns, int[] inputs) {
    return new EncodedRows(this, rows, columns, inputs);
  }

  @Override
  public String toString() {
    return name;
  }
}
