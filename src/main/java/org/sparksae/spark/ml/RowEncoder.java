package org.sparksae.spark.ml;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.nn.Autoencoder;
import org.sparksae.core.nn.AutoencoderSpec;
import org.sparksae.core.nn.Codes;
import org.sparksae.core.train.Errors;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.exchange.KernelBackend;

/**
 * Row by row: input value to (code, reconstruction, error); null for a row that is to be skipped.
 */
final class RowEncoder implements UDF1<Object, Row> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(RowEncoder.class);

  static final StructType RESULT =
      new StructType()
          .add("code", SQLDataTypes.VectorType())
          .add("reconstruction", SQLDataTypes.VectorType())
          .add("error", DataTypes.DoubleType);

  /**
   * What to compute.
   *
   * @param reconstruct whether reconstruction and error are asked for; else they are null
   * @param skipInvalid whether a row that is not valid gives null; else it is an error
   */
  record Options(boolean reconstruct, boolean skipInvalid, double activationThreshold)
      implements Serializable {}

  private final AutoencoderSpec spec;
  private final Broadcast<float[]> parameters;
  private final FeatureColumn column;
  private final Options options;
  private transient ThreadLocal<Autoencoder> autoencoders;
  private transient Map<Long, Long> skipped;

  RowEncoder(
      AutoencoderSpec spec, Broadcast<float[]> parameters, FeatureColumn column, Options options) {
    this.spec = spec;
    this.parameters = parameters;
    this.column = column;
    this.options = options;
  }

  @Override
  public Row call(Object value) {
    float[] input = new float[column.size()];
    String problem = column.read(value, input, 0);
    if (problem != null) {
      if (options.skipInvalid()) {
        countSkipped(problem);
        return null;
      }
      throw new IllegalArgumentException(
          "inputCol: a row of column '%s' %s; set handleInvalid to 'skip' to leave such rows out"
              .formatted(column.name(), problem));
    }
    return encode(DenseRows.of(input, 1, input.length));
  }

  /** Says at the task's end how many rows it left out. */
  private synchronized void countSkipped(String problem) {
    TaskContext task = TaskContext.get();
    if (skipped == null) {
      skipped = new HashMap<>();
    }
    if (task != null && skipped.merge(task.taskAttemptId(), 1L, Long::sum) == 1) {
      TaskCompletionListener report = ended -> reportSkipped(ended, problem);
      task.addTaskCompletionListener(report);
    }
  }

  private synchronized void reportSkipped(TaskContext task, String problem) {
    LOG.warn(
        "partition {}: skipped {} invalid rows of column '{}'; the first {}",
        task.partitionId(),
        skipped.remove(task.taskAttemptId()),
        column.name(),
        problem);
  }

  private Row encode(DenseRows x) {
    Autoencoder autoencoder = autoencoder();
    if (!options.reconstruct()) {
      autoencoder.encode(parameters.value(), x);
      return RowFactory.create(sparse((DenseRows) autoencoder.code()), null, null);
    }
    autoencoder.reconstruct(parameters.value(), x);
    DenseRows reconstruction = autoencoder.reconstruction();
    double error = Errors.squared(reconstruction, x, 0) / x.columns();
    return RowFactory.create(sparse((DenseRows) autoencoder.code()), dense(reconstruction), error);
  }

  /** Buffers of one row: a UDF may be shared by threads. */
  private synchronized Autoencoder autoencoder() {
    if (autoencoders == null) {
      KernelBackend.log();
      autoencoders = ThreadLocal.withInitial(() -> new Autoencoder(spec, 1));
    }
    return autoencoders.get();
  }

  private Vector sparse(DenseRows code) {
    int[] indices = new int[code.columns()];
    double[] values = new double[code.columns()];
    int count = 0;
    for (int j = 0; j < code.columns(); j++) {
      float value = code.get(0, j);
      if (Codes.isActive(value, options.activationThreshold())) {
        indices[count] = j;
        values[count++] = value;
      }
    }
    return Vectors.sparse(
        code.columns(), Arrays.copyOf(indices, count), Arrays.copyOf(values, count));
  }

  private static Vector dense(DenseRows row) {
    double[] values = new double[row.columns()];
    for (int j = 0; j < values.length; j++) {
      values[j] = row.get(0, j);
    }
    return Vectors.dense(values);
  }
}
