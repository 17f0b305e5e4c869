package org.sparksae.spark.exchange.net;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkConf;
import org.sparksae.core.collective.Collective;

/**
 * How long a step's exchange takes, a sum that all ranks then have: two ranks at two servers of this
 * JVM, so over the loopback interface. Prints milliseconds, median and 90th percentile, 
 * gigabytes of parameters per second, and the time that all threads worked.
 *
 * <p>Arguments: numbers of floats; some typical ones if there are none.
 */
public final class ExchangeSpeed {
  private static final int[] TYPICAL = {3_304, 400_000, 4_000_000, 37_000_000};
  private static final long FLOATS_PER_CASE = 400_000_000;
  private static final int MAX_STEPS = 3000;
  private static final int MIN_STEPS = 12;

  private ExchangeSpeed() {}

  /** Prints one line per number of floats and kind of security. */
  public static void main(String[] arguments) throws Exception {
    int[] floats =
        arguments.length == 0
            ? TYPICAL
            : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    SparkConf plain = Executors.conf();
    SparkConf encrypted =
        plain
            .clone()
            .set("spark.authenticate", "true")
            .set("spark.authenticate.secret", "a secret")
            .set("spark.network.crypto.enabled", "true");
    for (int n : floats) {
      measure("plain", plain, n);
      measure("encrypted", encrypted, n);
    }
  }

  private static void measure(String name, SparkConf conf, int n) throws Exception {
    int steps = (int) Math.max(MIN_STEPS, Math.min(MAX_STEPS, FLOATS_PER_CASE / n));
    AtomicLong cpu = new AtomicLong();
    try (Executors executors = new Executors(conf, 0, 1)) {
      List<double[]> seconds = executors.run(collective -> steps(collective, n, steps, cpu));
      double[] sorted = seconds.get(0);
      Arrays.sort(sorted);
      double median = sorted[steps / 2];
      System.out.printf(
          "%10d floats %-9s %8.3f ms (10 %%: %8.3f ms, 90 %%: %8.3f ms) %6.2f GB/s, %.3f ms of CPU%n",
          n,
          name,
          median * 1e3,
          sorted[steps / 10] * 1e3,
          sorted[steps * 9 / 10] * 1e3,
          4e-9 * n / median,
          cpu.get() * 1e-6 / steps);
    }
  }

  private static double[] steps(Collective collective, int n, int steps, AtomicLong cpu) {
    OperatingSystemMXBean system =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long cpuBefore = 0;
    float[] values = new float[n];
    double[] seconds = new double[steps];
    for (int step = -steps / 2; step < steps; step++) {
      if (step == 0) {
        cpuBefore = system.getProcessCpuTime();
      }
      Arrays.fill(values, collective.rank());
      collective.allReduceSum(new double[1]);
      long start = System.nanoTime();
      collective.reduceScatterSum(values);
      collective.allGather(values);
      if (step >= 0) {
        seconds[step] = (System.nanoTime() - start) * 1e-9;
      }
    }
    cpu.set(system.getProcessCpuTime() - cpuBefore);
    return seconds;
  }
}
