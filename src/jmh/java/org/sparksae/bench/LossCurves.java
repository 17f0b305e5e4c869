package org.sparksae.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/**
 * Trains each kind of the modern family for some steps on the same rows, for a comparison with
 * PyTorch: {@code src/jmh/python/loss_curves.py} reads what this program writes and repeats the
 * trainings.
 *
 * <pre>
 * LossCurves directory
 *   directory/rows.f32         the rows, [{@value #ROWS}, {@value #COLUMNS}]
 *   directory/KIND/start         a model with the parameters before the first step
 *   directory/KIND/losses.json   the objective at each step, before its update
 * </pre>
 *
 * <p>Each step has all rows, so the order of rows is no part of the comparison.
 */
public final class LossCurves {
  private static final int ROWS = 2048;
  private static final int COLUMNS = 64;
  private static final int UNITS = 256;
  private static final int K = 8;
  private static final int STEPS = 200;
  private static final int DIRECTIONS = 128;
  private static final int ACTIVE = 6;

  private LossCurves() {}

  /** The kinds, each with the Params that the Python program knows by the kind's name. */
  private enum Kind {
    TOPK(e -> e.setK(K).setTopKBy("value").setActivation("relu")),
    TOPK_AUXK(e -> TOPK.params.apply(withDead(e))),
    BATCHTOPK(e -> e.setBatchTopK(K)),
    BATCHTOPK_AUXK(e -> BATCHTOPK.params.apply(withDead(e))),
    MATRYOSHKA_TOPK(e -> TOPK.params.apply(e).setMatryoshkaWidths(50, 150, UNITS)),
    MATRYOSHKA_BATCHTOPK(e -> BATCHTOPK.params.apply(e).setMatryoshkaWidths(50, 150, UNITS)),
    L1_UNIT(
        e ->
            e.setActivation("relu")
                .setSparsity("l1")
                .setSparsityWeights(0.1)
                .setRegParam(0)
                .setDecoderNorm("unit")),
    L1_NORMS(
        e ->
            e.setActivation("relu")
                .setSparsity("decoderL1")
                .setSparsityWeights(0.1)
                .setRegParam(0)
                .setGradientClip(1)),
    JUMPRELU(
        e ->
            e.setJumpReluThreshold(0.1)
                .setJumpReluBandwidth(0.1)
                .setSparsity("l0")
                .setSparsityWeights(0.05)),
    GATED(e -> e.setGated(true).setSparsity("l1").setSparsityWeights(0.1));

    private final UnaryOperator<SparseAutoencoder> params;

    Kind(UnaryOperator<SparseAutoencoder> params) {
      this.params = params;
    }

    /** Without a pre-bias, the offset of the rows makes latents die within some steps. */
    private static SparseAutoencoder withDead(SparseAutoencoder estimator) {
      return estimator.setPreBias("none").setAuxK(32).setDeadAfterRows(10L * ROWS);
    }

    SparseAutoencoder estimator(int steps) {
      SparseAutoencoder estimator =
          new SparseAutoencoder()
              .setInputCol(Sessions.INPUT)
              .setHiddenLayers(UNITS)
              .setPreBias("mean")
              .setInitMode("tied")
              .setSolver("adam")
              .setStepSize(3e-4)
              .setBatchSize(ROWS)
              .setMaxIter(steps)
              .setTol(0)
              .setSeed(1);
      return params.apply(estimator);
    }
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0]));
    BenchData data = mixtures();
    write(data.rows(), directory.resolve("rows.f32"));
    SparkSession spark = Sessions.local();
    try {
      Dataset<Row> rows = Sessions.cached(spark, data, 2);
      for (Kind kind : Kind.values()) {
        train(kind, rows, directory.resolve(kind.name().toLowerCase(Locale.ROOT)));
      }
    } finally {
      spark.stop();
    }
  }

  private static void train(Kind kind, Dataset<Row> rows, Path directory) throws IOException {
    kind.estimator(0).fit(rows).write().overwrite().save(directory.resolve("start").toString());
    SparseAutoencoderModel model = kind.estimator(STEPS).fit(rows);
    Files.writeString(
        directory.resolve("losses.json"),
        Arrays.toString(model.summary().objectiveHistory()),
        StandardCharsets.UTF_8);
    System.out.println(kind + " " + model.summary().statistics());
  }

  /** Rows that are sums of a few directions, around a common offset. */
  private static BenchData mixtures() {
    SplittableRandom random = new SplittableRandom(1);
    float[] directions = uniform(random, DIRECTIONS * COLUMNS);
    float[] offset = uniform(random, COLUMNS);
    float[] rows = new float[ROWS * COLUMNS];
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(offset, 0, rows, i * COLUMNS, COLUMNS);
      for (int direction = 0; direction < DIRECTIONS; direction++) {
        float share = random.nextInt(DIRECTIONS) < ACTIVE ? (float) random.nextDouble() : 0f;
        for (int j = 0; j < COLUMNS; j++) {
          rows[i * COLUMNS + j] += share * directions[direction * COLUMNS + j];
        }
      }
    }
    return new BenchData(rows, ROWS, COLUMNS);
  }

  private static float[] uniform(SplittableRandom random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }

  private static void write(float[] values, Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    Files.write(file, bytes.array());
  }
}
