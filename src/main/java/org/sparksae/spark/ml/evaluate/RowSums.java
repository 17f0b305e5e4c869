package org.sparksae.spark.ml.evaluate;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.nn.Errors;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.Cosine;
import org.sparksae.core.stats.FiringShares;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.FeatureReader;
import org.sparksae.spark.data.InvalidRowException;

/**
 * Sums over the rows of a partition from which {@link ReconstructionMetrics} are computed, with w
 * the weight of a row:
 *
 * <pre>
 * [sum of w, rows, sum of w |x_hat - x|^2, sum of w cos(x, x_hat), sum of w |x|^2,
 *  sum of w |z|_1, sum of w z over the code's values, sum of w x (d), sum of w [z is not 0] (n)]
 * </pre>
 *
 * <p>Without reconstructions d is 0, and without codes n is 0. The rows hold the weight, then the
 * columns that are measured.
 *
 * @param schema the rows' schema
 * @param reconstructed columns of inputs and reconstructions, or none
 * @param coded column of codes, or none
 */
record RowSums(StructType schema, List<FeatureColumn> reconstructed, List<FeatureColumn> coded)
    implements FlatMapFunction<Iterator<InternalRow>, double[]> {
  static final int WEIGHT = 0;
  private static final int ROWS = 1;
  private static final int SQUARED_ERROR = 2;
  private static final int COSINE = 3;
  private static final int SQUARED_INPUT = 4;
  private static final int L1 = 5;
  private static final int ACTIVATION = 6;
  private static final int INPUTS = 7;

  private int inputs() {
    return reconstructed.isEmpty() ? 0 : reconstructed.get(0).size();
  }

  private int units() {
    return coded.isEmpty() ? 0 : coded.get(0).size();
  }

  /** Offset of the sums of the code's values. */
  private int units0() {
    return INPUTS + inputs();
  }

  @Override
  public Iterator<double[]> call(Iterator<InternalRow> rows) {
    double[] sums = new double[units0() + units()];
    Column input = reconstructed.isEmpty() ? null : column(reconstructed.get(0), 1);
    Column reconstruction = reconstructed.isEmpty() ? null : column(reconstructed.get(1), 2);
    Column code = coded.isEmpty() ? null : column(coded.get(0), 1 + reconstructed.size());
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      double weight = weight(row);
      sums[WEIGHT] += weight;
      sums[ROWS]++;
      if (input != null) {
        addReconstruction(input.read(row), reconstruction.read(row), weight, sums);
      }
      if (code != null) {
        addCode(code.read(row).values(), weight, sums);
      }
    }
    return List.of(sums).iterator();
  }

  private static double weight(InternalRow row) {
    double weight = row.isNullAt(0) ? Double.NaN : row.getDouble(0);
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          Text.format(
              "a row of weightCol has the weight %s; it must be 0 or more and finite",
              Double.isNaN(weight) ? "null or NaN" : weight));
    }
    return weight;
  }

  private static void addReconstruction(DenseRows x, DenseRows xHat, double weight, double[] sums) {
    double squaredError = Errors.squared(x, xHat, 0);
    double squaredInput = Kernels.squaredNorm(x.values(), 0, x.columns());
    double squaredReconstruction = Kernels.squaredNorm(xHat.values(), 0, xHat.columns());
    sums[SQUARED_ERROR] += weight * squaredError;
    sums[COSINE] += weight * Cosine.of(squaredInput, squaredReconstruction, squaredError);
    sums[SQUARED_INPUT] += weight * squaredInput;
    Kernels.addWeightedColumnSums(x, new float[] {(float) weight}, sums, INPUTS);
  }

  private void addCode(float[] z, double weight, double[] sums) {
    double l1 = 0;
    double sum = 0;
    int at = units0();
    for (int j = 0; j < z.length; j++) {
      l1 += Math.abs(z[j]);
      sum += z[j];
      sums[at + j] += z[j] != 0f ? weight : 0;
    }
    sums[L1] += weight * l1;
    sums[ACTIVATION] += weight * sum;
  }

  private Column column(FeatureColumn column, int ordinal) {
    FeatureReader reader = new FeatureReader(column, schema.apply(ordinal).dataType(), ordinal);
    return new Column(column, reader, DenseRows.zeros(1, column.size()));
  }

  /** Reads a column's rows, each into the same array. */
  private record Column(FeatureColumn column, FeatureReader reader, DenseRows values) {

    DenseRows read(InternalRow row) {
      String problem = reader.open(row);
      problem = problem == null ? reader.read(values.values(), 0) : problem;
      if (problem != null) {
        throw new InvalidRowException(
            Text.format("a row of column '%s' %s", column.name(), problem));
      }
      return values;
    }
  }

  /** Computes the metrics from the sums over all rows. */
  ReconstructionMetrics metrics(double[] sums) {
    double weight = sums[WEIGHT];
    FiringShares firing = FiringShares.of(sums, units0(), units(), weight);
    double active = Arrays.stream(sums, units0(), units0() + units()).sum();
    boolean hasCodes = !coded.isEmpty();
    boolean hasReconstructions = !reconstructed.isEmpty();
    return new ReconstructionMetrics(
        (long) sums[ROWS],
        sums[SQUARED_ERROR] / (weight * inputs()),
        hasReconstructions ? CodeStatistics.fvu(sums[SQUARED_ERROR], variance(sums)) : Double.NaN,
        hasReconstructions ? sums[COSINE] / weight : Double.NaN,
        hasCodes ? active / weight : Double.NaN,
        hasCodes ? sums[L1] / weight : Double.NaN,
        sums[ACTIVATION] / (weight * units()),
        firing);
  }

  private double variance(double[] sums) {
    double squaredMean = 0;
    for (int j = INPUTS; j < units0(); j++) {
      squaredMean += sums[j] * sums[j];
    }
    return CodeStatistics.variance(sums[SQUARED_INPUT], squaredMean / sums[WEIGHT]);
  }
}
