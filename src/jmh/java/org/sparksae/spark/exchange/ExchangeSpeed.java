package org.sparksae.spark.exchange;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.sparksae.bench.Sessions;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.LocalRanks;

/**
 * How long a step's exchange takes, a sum that all ranks then have: of ranks in one process, and of
 * two executors, over the loopback interface. Prints a Markdown table: milliseconds, and gigabytes
 * of parameters a second that each rank has exchanged; medians.
 *
 * <p>{@code --quick} for a smoke run.
 */
public final class ExchangeSpeed {
  private static final int[] FLOATS = {3_000, 400_000, 4_000_000, 37_000_000};
  private static final int[] RANKS = {2, 4, 8, 16, 32};
  private static final long FLOATS_PER_CASE = 400_000_000;
  private static final int MAX_STEPS = 3000;
  private static final int MIN_STEPS = 9;
  private static final double WARM_UP_SECONDS = 4;

  /** What all ranks of a process hold, in floats: some two gigabytes. */
  private static final long MAX_FLOATS = 1L << 29;

  private ExchangeSpeed() {}

  /** Prints one row for each kind of exchange. */
  public static void main(String[] arguments) throws Exception {
    boolean quick = List.of(arguments).contains("--quick");
    int[] sizes = quick ? Arrays.copyOf(FLOATS, 2) : FLOATS;
    StringBuilder header = new StringBuilder("| exchange |");
    for (int n : sizes) {
      header.append(String.format(Locale.ROOT, " %,d floats |", n));
    }
    System.out.println(header + "\n|---|" + "---|".repeat(sizes.length));
    for (int ranks : RANKS) {
      row(
          ranks + " ranks, one process",
          sizes,
          n -> (long) ranks * n > MAX_FLOATS ? Double.NaN : inProcess(ranks, n, quick));
    }
    onExecutors("2 executors, over loopback", Map.of(), sizes, quick);
    onExecutors(
        "the same, authenticated and encrypted",
        Map.of(
            "spark.authenticate", "true",
            "spark.authenticate.secret", "a secret",
            "spark.network.crypto.enabled", "true"),
        sizes,
        quick);
  }

  private interface Measurement {
    /** Median seconds of an exchange of n floats; NaN for none. */
    double of(int n) throws Exception;
  }

  private static void row(String name, int[] sizes, Measurement measurement) throws Exception {
    StringBuilder row = new StringBuilder("| " + name + " |");
    for (int n : sizes) {
      double seconds = measurement.of(n);
      row.append(
          Double.isNaN(seconds)
              ? " – |"
              : String.format(
                  Locale.ROOT, " %.2f ms, %.1f GB/s |", 1e3 * seconds, 4e-9 * n / seconds));
    }
    System.out.println(row);
  }

  private static double inProcess(int ranks, int n, boolean quick) {
    return LocalRanks.run(ranks, collective -> median(collective, n, quick)).get(0);
  }

  private static void onExecutors(
      String name, Map<String, Object> conf, int[] sizes, boolean quick) throws Exception {
    SparkSession spark = Sessions.executors(2, conf);
    try {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      for (int warmUp = 0; warmUp < 3; warmUp++) {
        ExecutorExchange.median(context, sizes[sizes.length - 1], quick);
      }
      row(name, sizes, n -> ExecutorExchange.median(context, n, quick));
    } finally {
      spark.stop();
    }
  }

  /** Median seconds of an exchange, once the JIT compiler's last tier is through. */
  static double median(Collective collective, int n, boolean quick) {
    int steps = (int) Math.max(MIN_STEPS, Math.min(MAX_STEPS, FLOATS_PER_CASE / n));
    steps = quick ? 1 : steps;
    float[] values = new float[n];
    double[] warmUp = {0};
    while (!quick && warmUp[0] < WARM_UP_SECONDS) {
      warmUp[0] += exchange(collective, values);
      collective.allReduceMax(warmUp);
    }
    double[] seconds = new double[steps];
    for (int step = 0; step < steps; step++) {
      seconds[step] = exchange(collective, values);
    }
    // Others may still read this rank's array.
    collective.allReduceSum(new double[1]);
    Arrays.sort(seconds);
    return seconds[steps / 2];
  }

  private static double exchange(Collective collective, float[] values) {
    collective.allReduceSum(new double[1]);
    long start = System.nanoTime();
    collective.reduceScatterSum(values);
    collective.allGather(values);
    return (System.nanoTime() - start) * 1e-9;
  }
}
