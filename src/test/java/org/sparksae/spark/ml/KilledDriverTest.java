package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.ChildJvm;
import org.sparksae.spark.LocalSpark;

/**
 * When a driver is killed outright, at whatever moment of whatever stage, another one, which is
 * this process, goes on where its last checkpoint was, to the bits of an undisturbed fit.
 *
 * <p>{@code -Dsparksae.kills=10} kills as many drivers as asked for.
 */
@ExtendWith(LocalSpark.class)
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledDriverTest {
  private static final int KILLED = 128 + 9;

  /** A round, between two checkpoints, takes about as long. */
  private static final int BETWEEN_CHECKPOINTS_MS = 200;

  private static final int KILLS = Integer.getInteger("sparksae.kills", 1);

  @TempDir private Path scratch;

  @Test
  void aNewDriverComesToTheSameModel() throws Exception {
    String expected =
        FitProcess.fit(LocalSpark.session(), scratch.resolve("undisturbed").toString());
    SplittableRandom random = new SplittableRandom(7);
    int kills = 0;
    for (int run = 0; kills < KILLS; run++) {
      Path directory = Files.createDirectory(scratch.resolve("killed-" + run));
      Process killed = start(directory);
      awaitCheckpoints(killed, directory, random.nextInt(1, FitProcess.CHECKPOINTS));
      TimeUnit.MILLISECONDS.sleep(random.nextInt(BETWEEN_CHECKPOINTS_MS));
      // Who was done meanwhile is not counted.
      int code = killed.destroyForcibly().waitFor();
      assertTrue(code == KILLED || code == 0, () -> "exit code " + code);
      kills += code == KILLED ? 1 : 0;
      assertEquals(expected, FitProcess.fit(LocalSpark.session(), directory.toString()));
    }
  }

  /**
   * Waits until a process has written so many checkpoints, of which only the last ones are kept.
   */
  private static void awaitCheckpoints(Process process, Path directory, int count)
      throws IOException, InterruptedException {
    Set<Path> seen = new HashSet<>();
    while (seen.size() < count && process.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(1);
      try (Stream<Path> files = Files.walk(directory)) {
        files.filter(file -> file.toString().endsWith(".safetensors")).forEach(seen::add);
      } catch (UncheckedIOException deleted) {
        // Seen before, or with the next look.
        continue;
      }
    }
  }

  private Process start(Path directory) throws IOException {
    List<String> command = ChildJvm.command(FitProcess.class, ChildJvm.BRIEF, directory.toString());
    return new ProcessBuilder(command).redirectError(scratch.resolve("log").toFile()).start();
  }
}
