package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.ChildJvm;

/**
 * A driver that is killed outright, at whatever moment of whatever stage, goes on where its last
 * checkpoint was, to the bits of an undisturbed fit.
 *
 * <p>{@code -Dsparksae.kills=10} kills as many drivers as asked for.
 */
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledDriverTest {
  private static final int KILLED = 128 + 9;
  private static final int KILLS = Integer.getInteger("sparksae.kills", 1);

  @TempDir private Path scratch;

  @Test
  void aNewDriverComesToTheSameModel() throws Exception {
    Process undisturbed = start("undisturbed");
    assertNotNull(awaitLine(undisturbed, FitProcess.BEGINS));
    long start = System.nanoTime();
    String expected = awaitLine(undisturbed, FitProcess.DONE);
    long nanos = System.nanoTime() - start;
    assertNotNull(expected);
    undisturbed.waitFor();
    SplittableRandom random = new SplittableRandom(7);
    int kills = 0;
    for (int run = 0; kills < KILLS; run++) {
      String directory = "killed-" + run;
      Process killed = start(directory);
      assertNotNull(awaitLine(killed, FitProcess.BEGINS));
      TimeUnit.NANOSECONDS.sleep((long) (0.9 * nanos * random.nextDouble()));
      // On a busy machine one fit takes longer than another: who was done is not counted.
      kills += killed.destroyForcibly().waitFor() == KILLED ? 1 : 0;
      Process next = start(directory);
      assertEquals(expected, awaitLine(next, FitProcess.DONE));
      next.waitFor();
    }
  }

  private Process start(String directory) throws IOException {
    List<String> command =
        ChildJvm.command(FitProcess.class, ChildJvm.BRIEF, scratch.resolve(directory).toString());
    return new ProcessBuilder(command)
        .redirectError(scratch.resolve(directory + ".log").toFile())
        .start();
  }

  /** The next line that begins so; null if the process ends without one. */
  private static String awaitLine(Process process, String start) throws IOException {
    BufferedReader reader = process.inputReader();
    String line = reader.readLine();
    while (line != null && !line.startsWith(start)) {
      line = reader.readLine();
    }
    return line;
  }
}
