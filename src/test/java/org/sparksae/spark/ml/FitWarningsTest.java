package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.TrainingWarning.Kind;

/**
 * A user who sets the input column and the hidden layers alone gets a useful model, or a warning
 * with the cause.
 */
@ExtendWith(LocalSpark.class)
class FitWarningsTest {
  private static final int UNITS = 24;
  private static final String CENTRE = "StandardScaler (withMean = true)";
  private static final UnaryOperator<SparseAutoencoder> DEFAULTS = estimator -> estimator;

  /** 300 images of clothes, 7 x 7 means of 16 pixels each, in [0, 1]. */
  private static float[][] pixels;

  private static final Map<Data, Dataset<Row>> FRAMES = new EnumMap<>(Data.class);
  private static final Map<Data, SparseAutoencoderTrainingSummary> BY_DEFAULT =
      new EnumMap<>(Data.class);

  /** Real data, and some that a test can make. */
  enum Data {
    WINE(FitWarningsTest::wine),
    WINE_STANDARDISED(null),
    PIXELS(() -> pixels),
    BYTES(() -> mapped(pixels, 255, 0)),
    SHIFTED(() -> mapped(pixels, 1, 100)),
    /** At 1e10, rounding decides whether l-bfgs finds a first step. */
    HUGE(() -> mapped(pixels, 1e15f, 0)),
    TINY(() -> mapped(pixels, 0.01f, 0)),
    ONE_LARGE_COLUMN(FitWarningsTest::withLargeColumn),
    WORDS(FitWarningsTest::words),
    UNIFORM(() -> uniform(1000)),
    FEW_ROWS(() -> uniform(30));

    private final Supplier<float[][]> rows;

    Data(Supplier<float[][]> rows) {
      this.rows = rows;
    }

    Dataset<Row> frame() {
      return FRAMES.computeIfAbsent(this, Data::make);
    }

    private static Dataset<Row> make(Data data) {
      if (data == WINE_STANDARDISED) {
        Dataset<Row> wine = WINE.frame();
        return new StandardScaler()
            .setWithMean(true)
            .setInputCol(TestFrames.FEATURES)
            .setOutputCol("scaled")
            .fit(wine)
            .transform(wine)
            .select("scaled")
            .withColumnRenamed("scaled", TestFrames.FEATURES);
      }
      InputType type = data == WORDS ? InputType.SPARSE_VECTOR : InputType.DENSE_VECTOR;
      return TestFrames.frame(type, TestFrames.split(data.rows.get(), 2));
    }
  }

  /** Fits with defaults, or nearly so, of which the result is useful: above a bound, no warning. */
  enum Useful {
    WINE_STANDARDISED(Data.WINE_STANDARDISED, 0.9, DEFAULTS),
    WINE_BY_ADAM(Data.WINE_STANDARDISED, 0.5, e -> e.setSolver("adam")),
    PIXELS(Data.PIXELS, 0.7, DEFAULTS),
    PIXELS_BY_ADAM(Data.PIXELS, 0.3, e -> e.setSolver("adam")),
    PIXELS_K_SPARSE(Data.PIXELS, 0.7, e -> e.setSolver("adam").setK(8).setTiedWeights(true)),
    PIXELS_LIFETIME(Data.PIXELS, -1e9, e -> e.setSolver("adam").setLifetimeSparsity(0.1)),
    SHIFTED_WITH_PRE_BIAS(Data.SHIFTED, 0.7, e -> e.setPreBias("mean")),
    PIXELS_BY_TARGET_L1(Data.PIXELS, 0.6, e -> e.setSparsity("targetL1"));

    private final Data data;
    private final double explained;
    private final UnaryOperator<SparseAutoencoder> params;

    Useful(Data data, double explained, UnaryOperator<SparseAutoencoder> params) {
      this.data = data;
      this.explained = explained;
      this.params = params;
    }
  }

  /** Fits that are not, each with what it must be warned of and the remedy. */
  enum Warned {
    WINE(Data.WINE, Kind.COLUMNS, "column 12 of 13", CENTRE),
    /** The explained variance is anything from 0 to 0.3, as rounding decides. */
    BYTES(Data.BYTES, Kind.UNITS, "far above 1", "MinMaxScaler"),
    SHIFTED(Data.SHIFTED, Kind.EXPLAINED_VARIANCE, "share an offset", "preBias = mean"),
    HUGE(Data.HUGE, Kind.CONVERGENCE, "after 0 iterations", "far above 1"),
    TINY(Data.TINY, Kind.EXPLAINED_VARIANCE, "far below 1", CENTRE),
    ONE_LARGE_COLUMN(
        Data.ONE_LARGE_COLUMN, Kind.COLUMNS, "column 3 of 49", CENTRE, e -> e.setMaxIter(10)),
    WORDS(Data.WORDS, Kind.EXPLAINED_VARIANCE, "far below 1", "keep vectors sparse"),
    FEW_STEPS(
        Data.PIXELS, Kind.STEPS, "made only 100 steps", "smaller batchSize", by("adam", 1024)),
    FEW_ROWS(
        Data.FEW_ROWS,
        Kind.STEPS,
        "made only 200 steps",
        "set a larger maxIter than 100",
        e -> e.setSolver("adam")),
    STILL_FALLING(
        Data.UNIFORM,
        Kind.EXPLAINED_VARIANCE,
        "still lowered the objective",
        "larger maxIter",
        e -> e.setSolver("adam").setHiddenLayers(12)),
    GREEDY(
        Data.PIXELS,
        Kind.EXPLAINED_VARIANCE,
        "penalties outweigh",
        "sparsityWeights",
        e -> e.setHiddenLayers(UNITS, UNITS / 2).setLayerTraining("greedy").setMaxIter(20)),
    SHIFTED_OUT_OF_REACH(Data.SHIFTED, Kind.PENALTY, "% of the objective", "share an offset"),
    ALL_DEAD(
        Data.PIXELS,
        Kind.UNITS,
        "dead",
        "lower sparsityWeights",
        e -> e.setActivation("relu").setSparsity("l1").setSparsityWeights(100));

    private final Data data;
    private final Kind kind;
    private final String figure;
    private final String remedy;
    private final UnaryOperator<SparseAutoencoder> params;

    Warned(Data data, Kind kind, String figure, String remedy) {
      this(data, kind, figure, remedy, DEFAULTS);
    }

    Warned(
        Data data,
        Kind kind,
        String figure,
        String remedy,
        UnaryOperator<SparseAutoencoder> params) {
      this.data = data;
      this.kind = kind;
      this.figure = figure;
      this.remedy = remedy;
      this.params = params;
    }

    private static UnaryOperator<SparseAutoencoder> by(String solver, int batchSize) {
      return e -> e.setSolver(solver).setBatchSize(batchSize);
    }
  }

  @ParameterizedTest
  @EnumSource
  void usefulModelsHaveNoWarnings(Useful fit) {
    SparseAutoencoderTrainingSummary summary = fit(fit.data, fit.params);
    assertEquals(List.of(), summary.warnings());
    double explained = summary.statistics().explainedVariance();
    assertTrue(explained > fit.explained, "explained variance " + explained);
  }

  @ParameterizedTest
  @EnumSource
  void uselessModelsAreWarnedOfWithTheCause(Warned fit) {
    List<TrainingWarning> warnings = fit(fit.data, fit.params).warnings();
    TrainingWarning warning =
        warnings.stream()
            .filter(one -> one.kind() == fit.kind)
            .findFirst()
            .orElseThrow(() -> new AssertionError("only " + warnings));
    assertTrue(warning.message().contains(fit.figure), warning.message());
    assertTrue(warning.message().contains(fit.remedy), warning.message());
    assertFalse(warning.message().contains("\n"), warning.message());
  }

  @Test
  void aFitWithoutIterationsIsNotJudged() {
    assertEquals(List.of(), fit(Data.BYTES, e -> e.setMaxIter(0)).warnings());
  }

  /** The summary of a fit, which is made once of each. */
  private static SparseAutoencoderTrainingSummary fit(
      Data data, UnaryOperator<SparseAutoencoder> params) {
    return params == DEFAULTS
        ? BY_DEFAULT.computeIfAbsent(data, of -> made(of, params))
        : made(data, params);
  }

  private static SparseAutoencoderTrainingSummary made(
      Data data, UnaryOperator<SparseAutoencoder> params) {
    SparseAutoencoder autoencoder =
        new SparseAutoencoder().setInputCol(TestFrames.FEATURES).setHiddenLayers(UNITS);
    return params.apply(autoencoder).fit(data.frame()).summary();
  }

  private static float[][] wine() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                FitWarningsTest.class.getResourceAsStream("/wine/wine.csv"),
                StandardCharsets.UTF_8))) {
      return lines.lines().skip(1).map(FitWarningsTest::measurements).toArray(float[][]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] measurements(String line) {
    String[] fields = line.split(",");
    float[] row = new float[fields.length - 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = Float.parseFloat(fields[j]);
    }
    return row;
  }

  private static float[][] uniform(int rows) {
    SplittableRandom random = new SplittableRandom(1);
    float[][] values = new float[rows][20];
    for (float[] row : values) {
      for (int j = 0; j < row.length; j++) {
        row[j] = (float) random.nextDouble();
      }
    }
    return values;
  }

  @BeforeAll
  static void readPixels() {
    List<Row> images =
        LocalSpark.session()
            .read()
            .parquet("jobs/fashion-mnist/data/train.parquet")
            .select("image")
            .limit(300)
            .collectAsList();
    pixels = images.stream().map(image -> reduced(image.getList(0))).toArray(float[][]::new);
  }

  private static float[] reduced(List<? extends Number> image) {
    float[] row = new float[7 * 7];
    for (int j = 0; j < 28 * 28; j++) {
      row[j / 112 * 7 + j % 28 / 4] += image.get(j).floatValue() / 16;
    }
    return row;
  }

  private static float[][] mapped(float[][] rows, float factor, float offset) {
    float[][] mapped = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      mapped[i] = rows[i].clone();
      for (int j = 0; j < mapped[i].length; j++) {
        mapped[i][j] = factor * rows[i][j] + offset;
      }
    }
    return mapped;
  }

  private static float[][] withLargeColumn() {
    SplittableRandom random = new SplittableRandom(5);
    float[][] rows = mapped(pixels, 1, 0);
    for (float[] row : rows) {
      row[3] = (float) random.nextDouble(-1000, 1000);
    }
    return rows;
  }

  /** Texts of 20 words each out of 1000, as unit vectors. */
  private static float[][] words() {
    SplittableRandom random = new SplittableRandom(6);
    float[][] rows = new float[400][1000];
    for (float[] row : rows) {
      for (int word = 0; word < 20; word++) {
        row[random.nextInt(row.length)] = (float) Math.sqrt(1 / 20.0);
      }
    }
    return rows;
  }
}
