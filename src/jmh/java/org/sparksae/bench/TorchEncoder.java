package org.sparksae.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/**
 * PyTorch's forward pass within a Spark task, as DJL's users write it: rows are gathered into
 * batches, each batch is encoded and its codes are copied to the Java heap.
 */
final class TorchEncoder {
  private static final int BATCH_ROWS = 1024;

  private TorchEncoder() {}

  /**
   * Encodes the rows of a partition.
   *
   * @param rows rows with a Vector of {@code c.inputs()} values first
   * @return number of rows
   */
  static long encode(Case c, Iterator<Row> rows) {
    float[] batch = new float[BATCH_ROWS * c.inputs()];
    long encoded = 0;
    try (TorchModel model = new TorchModel(c, BenchData.initialParameters(c))) {
      while (rows.hasNext()) {
        int filled = 0;
        while (filled < BATCH_ROWS && rows.hasNext()) {
          copy(rows.next().getAs(0), batch, filled++ * c.inputs());
        }
        encoded += encodeBatch(c, model, batch, filled);
      }
    }
    return encoded;
  }

  private static void copy(Vector vector, float[] batch, int from) {
    double[] values = vector.toArray();
    for (int i = 0; i < values.length; i++) {
      batch[from + i] = (float) values[i];
    }
  }

  private static int encodeBatch(Case c, TorchModel model, float[] batch, int rows) {
    float[] filled = rows == BATCH_ROWS ? batch : Arrays.copyOf(batch, rows * c.inputs());
    try (NDManager step = model.manager().newSubManager()) {
      NDArray x = step.create(filled, new Shape(rows, c.inputs()));
      return model.encode(x).toFloatArray().length / c.hidden();
    }
  }
}
