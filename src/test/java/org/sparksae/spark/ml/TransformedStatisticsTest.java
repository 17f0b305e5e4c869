package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** The summary and the evaluator say what {@code transform} gives, by the weights of the rows. */
@ExtendWith(LocalSpark.class)
class TransformedStatisticsTest {
  private static final int SIDE = 6;
  private static final double[] WEIGHTS = {1, 0, 2, 0.5, 0};

  private static Dataset<Row> frame;

  /** Models whose training has another code than {@code transform}, or other rows. */
  enum Form {
    THRESHOLD(e -> e.setActivationThreshold(0.53)),
    ENCODE_K(e -> e.setK(1).setEncodeK(3)),
    LIFETIME(e -> e.setLifetimeSparsity(0.2)),
    BATCH_TOP_K(e -> e.setSolver("adam").setBatchTopK(1.5)),
    OUTPUT_LAYER(e -> e.setHiddenLayers(5, 3).setOutputLayer(1).setActivationThreshold(0.51)),
    SPATIAL(null);

    private final UnaryOperator<SparseAutoencoder> form;

    Form(UnaryOperator<SparseAutoencoder> form) {
      this.form = form;
    }

    AutoencoderModel<?> fit() {
      return form == null
          ? named(maps()).fit(frame)
          : named(form.apply(Fixtures.estimator().setHiddenLayers(4))).fit(frame);
    }

    private static ConvolutionalSparseAutoencoder maps() {
      return new ConvolutionalSparseAutoencoder()
          .setInputCol(TestFrames.FEATURES)
          .setImageShape(1, SIDE, SIDE)
          .setFilters(3)
          .setKernelSizes(3)
          .setActivation("relu")
          .setSpatialSparsity(true)
          .setMaxIter(2);
    }

    private static <E extends AutoencoderEstimator<E, ?>> E named(E estimator) {
      return estimator
          .setOutputCol("code")
          .setReconstructionCol("reconstruction")
          .setWeightCol("weight");
    }
  }

  /** The rows of weight 0 are four times as large, and would excite units that others do not. */
  @BeforeAll
  static void rows() {
    float[][] values = TestFrames.rows(60, SIDE * SIDE, 4);
    List<List<Row>> partitions = new ArrayList<>(List.of(new ArrayList<>(), new ArrayList<>()));
    for (int i = 0; i < values.length; i++) {
      double weight = WEIGHTS[i % WEIGHTS.length];
      double[] row = TestFrames.doubles(values[i]);
      for (int j = 0; weight == 0 && j < row.length; j++) {
        row[j] *= -4;
      }
      partitions.get(i * 2 / values.length).add(RowFactory.create(Vectors.dense(row), weight));
    }
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, SQLDataTypes.VectorType())
            .add("weight", DataTypes.DoubleType);
    frame = TestFrames.frame(schema, partitions);
  }

  @ParameterizedTest
  @EnumSource
  void areThoseOfTheTransformedRows(Form form) {
    AutoencoderModel<?> model = form.fit();
    Dataset<Row> transformed = model.transform(frame);
    List<Row> rows = transformed.collectAsList();
    int size = rows.get(0).<Vector>getAs("code").size();
    int units = model.spec().units(model.codeLayer());
    double weight = 0;
    double active = 0;
    double error = 0;
    double[] activeOfUnit = new double[units];
    double[] means = new double[units];
    for (Row row : rows) {
      double w = row.<Double>getAs("weight");
      double[] code = row.<Vector>getAs("code").toArray();
      weight += w;
      error += w * distance(row.getAs(TestFrames.FEATURES), row.getAs("reconstruction"));
      for (int j = 0; j < size; j++) {
        int unit = j * units / size;
        active += code[j] != 0 ? w : 0;
        activeOfUnit[unit] += code[j] != 0 ? w : 0;
        means[unit] += w * code[j] * units / size;
      }
    }
    double total = weight;
    CodeStatistics statistics = model.summary().statistics();
    assertEquals(60, statistics.rows());
    assertEquals(weight, statistics.weight(), 1e-12);
    assertEquals(active / weight, statistics.l0(), 1e-12);
    assertArrayEquals(
        IntStream.range(0, units).filter(j -> activeOfUnit[j] == 0).toArray(),
        statistics.deadUnits());
    assertArrayEquals(
        IntStream.range(0, units).mapToDouble(j -> means[j] / total).toArray(),
        statistics.meanActivations().get(model.codeLayer() - 1),
        1e-9);
    assertEquals(error / weight / (SIDE * SIDE), statistics.meanSquaredError(), 1e-7);
    CodeStatistics measured = model.evaluate(transformed);
    assertEquals(statistics.toString(), measured.toString());
    assertEquals(statistics.fvu(), measured.fvu(), 1e-9);
    assertArrayEquals(statistics.firing().shares(), measured.firing().shares(), 1e-12);
    for (String metric : List.of("l0", "l1", "mse", "fvu", "explainedVariance", "cosine")) {
      assertEquals(ofSummary(statistics, metric), ofEvaluator(metric, transformed), 1e-6, metric);
    }
    if (units == size) {
      assertEquals(
          statistics.deadUnits().length / (double) units, ofEvaluator("deadFraction", transformed));
      assertEquals(
          statistics.denseUnits().length / (double) units,
          ofEvaluator("denseFraction", transformed));
    }
  }

  private static double distance(Vector a, Vector b) {
    return Vectors.sqdist(a, b);
  }

  private static double ofSummary(CodeStatistics statistics, String metric) {
    return switch (metric) {
      case "l0" -> statistics.l0();
      case "l1" -> statistics.l1();
      case "mse" -> statistics.meanSquaredError();
      case "fvu" -> statistics.fvu();
      case "cosine" -> statistics.cosine();
      default -> statistics.explainedVariance();
    };
  }

  private static double ofEvaluator(String metric, Dataset<Row> transformed) {
    return new ReconstructionEvaluator()
        .setMetricName(metric)
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setReconstructionCol("reconstruction")
        .setWeightCol("weight")
        .evaluate(transformed);
  }
}
