package org.sparksae.spark.ml.transform;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.nn.Errors;
import org.sparksae.core.nn.PooledMaps;
import org.sparksae.spark.data.VectorStruct;

/** Makes the added columns of the rows of an encoded tile, in Spark's internal form. */
final class OutputColumns {
  private final BlockEncoder.Outputs asked;
  private final PooledMaps pooled;
  private final CodeEntries entries;
  private final VectorStruct code;
  private final VectorStruct reconstruction;
  private final SpecificInternalRow row;
  private Rows codes;
  private DenseRows reconstructions;
  private Rows targets;

  OutputColumns(AutoencoderSpec spec, BlockEncoder.Outputs asked) {
    this.asked = asked;
    OutputCode output = asked.output();
    this.pooled = output.pooling() == null ? null : new PooledMaps(output.pooling());
    this.entries = new CodeEntries(output.size(), asked.activationThreshold());
    this.code = new VectorStruct(output.size());
    this.reconstruction = new VectorStruct(spec.outputSize());
    this.row = new SpecificInternalRow(asked.columns());
  }

  /**
   * Moves on to the next tile.
   *
   * @param codes codes of the rows, [n, units], if they are asked for
   * @param reconstructions reconstructions, [n, outputSize], if they or their errors are asked for
   * @param targets what they are compared with, [n, outputSize], if errors are asked for
   */
  void take(Rows codes, DenseRows reconstructions, Rows targets) {
    this.codes = codes;
    this.reconstructions = reconstructions;
    this.targets = targets;
  }

  /** Returns the columns of a row of the tile, valid until the next call. */
  InternalRow of(int index) {
    int column = 0;
    if (asked.code()) {
      readCode(index);
      row.update(column++, code.sparse(entries.columns(), entries.values(), entries.count()));
    }
    if (asked.reconstruction()) {
      int at = reconstructions.rowOffset(index);
      row.update(column++, reconstruction.dense(reconstructions.values(), at));
    }
    if (asked.error() || asked.outlier()) {
      double error = Errors.meanSquared(reconstructions, targets, index);
      if (asked.error()) {
        row.setDouble(column++, error);
      }
      if (asked.outlier()) {
        // Rounded to a float, because the threshold is the error of a training row as a float.
        row.setDouble(column, (float) error > asked.outlierThreshold() ? 1 : 0);
      }
    }
    return row;
  }

  private void readCode(int index) {
    if (pooled == null) {
      entries.read(codes, index);
    } else {
      entries.read(pooled.of(codes, index), 0);
    }
  }
}
