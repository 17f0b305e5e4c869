package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.ChildJvm;

/**
 * Rows need no heap: 128 MB of them are fitted with a heap of 200 MB, of which Spark takes the
 * greater part. The collector is that of executors, G1, which gives large arrays whole regions.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SmallHeapTest {
  @TempDir private Path scratch;

  @Test
  void rowsMayBeMoreThanTheHeap() throws IOException, InterruptedException {
    // Batches of dense and of sparse rows, and passes over all of them, whoever adds them up.
    List<String> fits =
        List.of(
            "adam/allReduce/dense",
            "adam/allReduce/sparse",
            "adam/tree/dense",
            "l-bfgs/tree/dense",
            "l-bfgs/tree/sparse");
    List<String> command =
        ChildJvm.command(
            SmallHeap.class,
            List.of("-Xmx200m", "-XX:-UseSerialGC", "-XX:+UseG1GC", "-Djava.io.tmpdir=" + scratch),
            fits.toArray(String[]::new));
    Path log = scratch.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(log);
    assertEquals(
        fits.stream().map(fit -> SmallHeap.DONE + fit + " 1").toList(),
        lines.stream().filter(line -> line.startsWith(SmallHeap.DONE)).toList(),
        () -> String.join("\n", lines));
  }
}
