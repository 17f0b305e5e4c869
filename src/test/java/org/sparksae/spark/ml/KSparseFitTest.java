package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.TopK;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.TrainingResult;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** Training of k-sparse autoencoders. */
@ExtendWith(LocalSpark.class)
class KSparseFitTest {
  private static final int INPUTS = 9;
  private static final int UNITS = 12;
  private static final int K = 3;
  private static final float[][] ROWS = TestFrames.rows(120, INPUTS, 2);
  private static final List<float[][]> PARTITIONS = TestFrames.splitBySize(ROWS, 70, 0, 50);

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setHiddenLayers(UNITS).setK(K);
  }

  private static Dataset<Row> frame() {
    return TestFrames.frame(InputType.DENSE_VECTOR, PARTITIONS);
  }

  @Test
  void kAloneGivesALinearCodeByMagnitudeWithoutAPenalty() {
    SparseAutoencoderModel model = estimator().fit(frame());
    assertEquals(
        List.of(
            new HiddenLayer(
                UNITS, Activation.LINEAR, Sparsity.NONE, new TopK(K, TopK.By.MAGNITUDE))),
        model.spec().hiddenLayers());
    for (IterationRecord iteration : model.summary().history()) {
      assertEquals(0, iteration.terms().get("sparsity1"));
    }
  }

  /** Of any two units the one that is kept has the larger |z|, up to the rounding of floats. */
  @Test
  void aRowHasTheLargestOfItsUnitsByFallingMagnitude() {
    SparseAutoencoderModel model = estimator().setSolver("adam").fit(frame());
    Matrix weight = model.weights("encoder.0.weight");
    float[] parameters = model.parameters();
    int bias = UNITS * INPUTS;
    List<Row> rows = model.transform(frame()).collectAsList();
    for (int i = 0; i < ROWS.length; i++) {
      double[] z = weight.multiply(Vectors.dense(TestFrames.doubles(ROWS[i]))).toArray();
      for (int j = 0; j < UNITS; j++) {
        z[j] += parameters[bias + j];
      }
      SparseVector code = (SparseVector) rows.get(i).getAs("code");
      assertEquals(K, code.indices().length);
      assertTrue(code.indices()[0] < code.indices()[1] && code.indices()[1] < code.indices()[2]);
      double[] dropped = z.clone();
      double smallest = Double.POSITIVE_INFINITY;
      for (int p = 0; p < K; p++) {
        int unit = code.indices()[p];
        assertEquals(z[unit], code.values()[p], 1e-6);
        smallest = Math.min(smallest, Math.abs(z[unit]));
        dropped[unit] = 0;
      }
      double largest = Arrays.stream(dropped).map(Math::abs).max().orElseThrow();
      assertTrue(largest <= smallest + 1e-6, largest + " was dropped, " + smallest + " kept");
    }
  }

  @ParameterizedTest(name = "{0}, tied {1}, kStart {2}, {3} by {4}")
  @CsvSource({
    "l-bfgs, false, 0, linear, magnitude",
    "l-bfgs, true, 0, linear, value",
    "adam, false, 0, linear, value",
    "adam, true, 0, relu, value",
    "adam, false, 9, relu, magnitude",
    "adam, true, 9, linear, magnitude"
  })
  void trainsToTheBitsOfTheSparkFreeLoop(
      String solver, boolean tied, int kStart, String activation, String by) {
    SparseAutoencoder estimator =
        estimator()
            .setSolver(solver)
            .setAggregation("tree")
            .setTiedWeights(tied)
            .setActivation(activation)
            .setTopKBy(by)
            .setMaxIter(6);
    if (kStart > 0) {
      estimator.setKStart(kStart);
    }
    SparseAutoencoderModel model = estimator.fit(frame());
    assertFallen(model);
    assertSparkFree(estimator, model);
    assertArrayEquals(model.parameters(), estimator.fit(frame()).parameters());
  }

  private static void assertSparkFree(SparseAutoencoder estimator, SparseAutoencoderModel model) {
    TrainingResult sparkFree = Fixtures.sparkFree(estimator, PARTITIONS);
    assertArrayEquals(sparkFree.parameters(), model.parameters());
    assertArrayEquals(
        sparkFree.history().stream().mapToDouble(iteration -> iteration.terms().total()).toArray(),
        model.summary().objectiveHistory());
  }

  private static void assertFallen(SparseAutoencoderModel model) {
    double[] objectives = model.summary().objectiveHistory();
    assertTrue(objectives[objectives.length - 1] < objectives[0], Arrays.toString(objectives));
  }

  /**
   * More units explain more of the first iteration; the code that comes of it has k all the same.
   */
  @Test
  void kStartTrainsWithMoreUnitsAtFirst() {
    SparseAutoencoder estimator = estimator().setSolver("adam").setMaxIter(6);
    SparseAutoencoderModel plain = estimator.fit(frame());
    SparseAutoencoderModel falling = estimator.setKStart(UNITS).fit(frame());
    assertFalse(Arrays.equals(plain.parameters(), falling.parameters()));
    assertEquals(K, falling.spec().code().form().unitsKept().getAsInt());
    assertEquals(K, falling.summary().statistics().l0());
    SparseAutoencoderModel all = estimator.setK(UNITS).setKStart(UNITS).fit(frame());
    assertEquals(all.summary().objectiveHistory()[0], falling.summary().objectiveHistory()[0]);
    assertTrue(all.summary().objectiveHistory()[1] != falling.summary().objectiveHistory()[1]);
  }

  /** All units of a linear code are the linear code that there is without k. */
  @ParameterizedTest
  @ValueSource(strings = {"l-bfgs", "adam"})
  void kOfAllUnitsIsTheDenseModel(String solver) {
    SparseAutoencoder estimator =
        estimator().setTiedWeights(true).setSolver(solver).setK(UNITS).setRegParam(1e-4);
    float[] sparse = estimator.fit(frame()).parameters();
    estimator.clear(estimator.k());
    estimator.setActivation("linear").setSparsity("none");
    assertArrayEquals(estimator.fit(frame()).parameters(), sparse, 1e-5f);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLastOfTwoLayersIsSparse(boolean tied) {
    SparseAutoencoder estimator =
        estimator()
            .setHiddenLayers(7, UNITS)
            .setActivation("relu")
            .setSparsity("l1", "none")
            .setSparsityWeights(0.01)
            .setTiedWeights(tied);
    SparseAutoencoderModel model = estimator.fit(frame());
    assertEquals(SparsityKind.L1, model.spec().hiddenLayers().get(0).sparsity().kind());
    assertEquals(CodeForm.ALL, model.spec().hiddenLayers().get(0).form());
    assertEquals(new TopK(K, TopK.By.MAGNITUDE), model.spec().code().form());
    assertTrue(model.summary().history().get(0).terms().get("sparsity1") > 0);
    assertEquals(0, model.summary().history().get(0).terms().get("sparsity2"));
    assertFallen(model);
    assertSparkFree(estimator, model);
    for (Row row : model.transform(frame()).collectAsList()) {
      SparseVector code = (SparseVector) row.getAs("code");
      assertEquals(UNITS, code.size());
      assertTrue(code.indices().length <= K, code.toString());
    }
  }

  @Test
  void theMatrixThatDecodesIsByUnit() {
    SparseAutoencoderModel model = estimator().setHiddenLayers(7, UNITS).fit(frame());
    assertEquals(UNITS, model.weights("decoder.1.weight").numRows());
    assertEquals(7, model.weights("decoder.1.weight").numCols());
    assertEquals(INPUTS, model.weights("decoder.0.weight").numRows());
    assertEquals(7, model.weights("decoder.0.weight").numCols());
  }

  @Test
  void aRowOfWeightTwoIsTheRowTwiceAndOneOfWeightZeroIsNone() {
    List<float[]> repeated = new ArrayList<>();
    List<Row> weighted = new ArrayList<>();
    for (int i = 0; i < ROWS.length; i++) {
      for (int copy = 0; copy < i % 3; copy++) {
        repeated.add(ROWS[i]);
      }
      weighted.add(RowFactory.create(Vectors.dense(TestFrames.doubles(ROWS[i])), i % 3));
    }
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, InputType.DENSE_VECTOR.type())
            .add("weight", DataTypes.IntegerType);
    Dataset<Row> frame =
        TestFrames.frame(schema, List.of(weighted.subList(0, 60), weighted.subList(60, 120)));
    SparseAutoencoder estimator = estimator();
    float[] twice =
        estimator.fit(TestFrames.frame(repeated.toArray(float[][]::new), 2)).parameters();
    SparseAutoencoderModel model = estimator.setWeightCol("weight").fit(frame);
    assertEquals(120, model.summary().statistics().weight());
    assertArrayEquals(twice, model.parameters(), 1e-5f);
    float[] plain = estimator.setWeightCol("").fit(frame).parameters();
    assertFalse(Arrays.equals(plain, model.parameters()));
  }

  /**
   * The validation objective is {@code (1/n) sum of 1/2 |x_hat - x|^2} of the held-out rows with k
   * units kept, and the weights' decay, whatever k the iteration was made with.
   */
  @Test
  void validationIsOfTheFinalK() {
    StructType schema =
        new StructType()
            .add(TestFrames.FEATURES, InputType.DENSE_VECTOR.type())
            .add("held", DataTypes.BooleanType);
    List<List<Row>> partitions = List.of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < ROWS.length; i++) {
      Row row = RowFactory.create(Vectors.dense(TestFrames.doubles(ROWS[i])), i % 4 == 3);
      partitions.get(i % 2).add(row);
    }
    Dataset<Row> frame = TestFrames.frame(schema, partitions);
    SparseAutoencoderModel model =
        estimator()
            .setSolver("adam")
            .setKStart(UNITS)
            .setMaxIter(4)
            .setRegParam(1e-4)
            .setValidationIndicatorCol("held")
            .setReconstructionErrorCol("error")
            .fit(frame);
    assertEquals(90, model.summary().statistics().rows());
    double errors =
        model.transform(frame.filter("held")).select("error").collectAsList().stream()
            .mapToDouble(row -> row.getDouble(0))
            .average()
            .orElseThrow();
    double squares = 0;
    for (String name : List.of("encoder.0.weight", "decoder.0.weight")) {
      squares += Arrays.stream(model.weights(name).toArray()).map(w -> w * w).sum();
    }
    double expected = errors * INPUTS / 2 + 0.5e-4 * squares;
    double best =
        model.summary().history().stream()
            .mapToDouble(IterationRecord::validationObjective)
            .min()
            .orElseThrow();
    assertEquals(expected, best, 1e-6 * expected);
  }

  @Test
  void theSummaryCountsKUnitsARowAndTheDeadOnes() {
    SparseAutoencoderModel model = estimator().setHiddenLayers(40).setMaxIter(1).fit(frame());
    CodeStatistics statistics = model.summary().statistics();
    assertEquals(K, statistics.l0());
    boolean[] alive = new boolean[40];
    double[] means = new double[40];
    for (Row row : model.transform(frame()).collectAsList()) {
      SparseVector code = (SparseVector) row.getAs("code");
      for (int p = 0; p < code.indices().length; p++) {
        alive[code.indices()[p]] = true;
        means[code.indices()[p]] += code.values()[p] / ROWS.length;
      }
    }
    int[] dead = IntStream.range(0, 40).filter(j -> !alive[j]).toArray();
    assertTrue(dead.length > 0 && dead.length < 40 - K, "dead " + dead.length);
    assertArrayEquals(dead, statistics.deadUnits());
    assertArrayEquals(means, statistics.meanActivations().get(0), 1e-6);
  }

  @Test
  void encodeKOfTheEstimatorIsTheModelsAndNotTheTrainings() {
    SparseAutoencoderModel plain = estimator().fit(frame());
    SparseAutoencoderModel more = estimator().setEncodeK(2 * K).fit(frame());
    assertArrayEquals(plain.parameters(), more.parameters());
    assertEquals(K, plain.summary().statistics().l0());
    assertEquals(2 * K, more.summary().statistics().l0());
    List<Row> wider = more.copy(ParamMap.empty()).transform(frame()).collectAsList();
    for (Row row : wider) {
      assertEquals(2 * K, ((SparseVector) row.getAs("code")).indices().length);
    }
    assertEquals(wider, plain.setEncodeK(2 * K).transform(frame()).collectAsList());
  }
}
