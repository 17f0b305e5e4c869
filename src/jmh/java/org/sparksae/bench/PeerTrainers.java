package org.sparksae.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.spark.ml.ReconstructionEvaluator;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/**
 * Trains wide models on a transformer's hidden states, for a comparison with what researchers use:
 * {@code src/jmh/python/peer_trainers.py} has dictionary_learning's trainers do the same.
 *
 * <pre>
 * PeerTrainers parquet steps kind:seed ...
 * </pre>
 *
 * <p>Contexts whose number ends in 9 measure, the others train. Prints a row of a Markdown table for
 * each model: kind, program, seed, steps, unexplained variance, active latents, dead latents, and
 * rows per second of the training.
 */
public final class PeerTrainers {
  private static final int LATENTS = 6144;
  private static final int K = 32;
  private static final int BATCH = 1024;
  private static final int WARM_UP = 100;
  private static final int AUX_K = 192;
  private static final long DEAD_AFTER = 100_000;
  private static final int[] WIDTHS = {384, 768, 1536, 3072, LATENTS};

  /** The step size that dictionary_learning takes for the width: 2e-4 (2^14 / latents)^(1/2). */
  private static final double STEP_SIZE = 2e-4 * Math.sqrt((1 << 14) / (double) LATENTS);

  private static final String CODE = "code";
  private static final String RECONSTRUCTION = "reconstruction";

  private PeerTrainers() {}

  private enum Kind {
    TOPK(
        e ->
            e.setK(K)
                .setTopKBy("value")
                .setActivation("relu")
                .setPreBias("geometricMedian")
                .setInitMode("tied")
                .setDecoderNorm("unit")
                .setRegParam(0)),
    BATCHTOPK(e -> e.setBatchTopK(K).setPreBias("geometricMedian")),
    MATRYOSHKA(e -> BATCHTOPK.params.apply(e).setMatryoshkaWidths(WIDTHS));

    private final UnaryOperator<SparseAutoencoder> params;

    Kind(UnaryOperator<SparseAutoencoder> params) {
      this.params = params;
    }

    SparseAutoencoder estimator(long seed, int steps) {
      SparseAutoencoder estimator =
          new SparseAutoencoder()
              .setInputCol("vector")
              .setOutputCol(CODE)
              .setReconstructionCol(RECONSTRUCTION)
              .setHiddenLayers(LATENTS)
              .setSolver("adam")
              .setStepSize(STEP_SIZE)
              .setWarmupSteps(WARM_UP)
              .setBatchSize(BATCH)
              .setMaxSteps(steps)
              .setGradientClip(1)
              .setAuxK(AUX_K)
              .setDeadAfterRows(DEAD_AFTER)
              .setTol(0)
              .setSeed(seed);
      return params.apply(estimator);
    }
  }

  public static void main(String[] arguments) {
    int steps = Integer.parseInt(arguments[1]);
    SparkSession spark = Sessions.local();
    try {
      Dataset<Row> rows = spark.read().parquet(arguments[0]);
      Dataset<Row> train = rows.where("context % 10 < 9").select("vector");
      Dataset<Row> test = rows.where("context % 10 = 9").select("vector");
      for (String model : List.of(arguments).subList(2, arguments.length)) {
        String[] parts = model.split(":");
        Kind kind = Kind.valueOf(parts[0].toUpperCase(Locale.ROOT));
        long seed = Long.parseLong(parts[1]);
        SparseAutoencoderModel trained = kind.estimator(seed, steps).fit(train);
        print(parts[0], seed, trained, metrics(trained, test));
      }
    } finally {
      spark.stop();
    }
  }

  private static ReconstructionMetrics metrics(SparseAutoencoderModel model, Dataset<Row> test) {
    return new ReconstructionEvaluator()
        .setInputCol("vector")
        .setReconstructionCol(RECONSTRUCTION)
        .setOutputCol(CODE)
        .getMetrics(model.transform(test));
  }

  private static void print(
      String kind, long seed, SparseAutoencoderModel model, ReconstructionMetrics metrics) {
    List<IterationRecord> history = model.summary().history();
    double rows = history.stream().mapToDouble(IterationRecord::rows).sum();
    double seconds = history.stream().mapToDouble(IterationRecord::seconds).sum();
    System.out.println(
        String.format(
            Locale.ROOT,
            "| %s | product | %d | %d | %.4f | %.1f | %.2f %% | %,.0f |",
            kind,
            seed,
            model.summary().totalSteps(),
            metrics.fvu(),
            metrics.l0(),
            100 * metrics.deadFraction(),
            rows / seconds));
  }
}
