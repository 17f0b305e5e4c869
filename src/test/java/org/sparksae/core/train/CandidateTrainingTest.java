package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Trainings that select codes from candidates, and trainings that do not, in JVMs of their own. */
class CandidateTrainingTest {
  private static final int STEPS = 4;

  @Test
  void candidatesChangeATrainingByRoundingOnly() throws Exception {
    List<String[]> without = steps("float32");
    List<String[]> with = steps("emulated");
    assertEquals(6 * 2 * STEPS, without.size());
    assertEquals(without.size(), with.size());
    boolean rounded = false;
    for (int i = 0; i < without.size(); i++) {
      String[] wanted = without.get(i);
      String[] found = with.get(i);
      String line = String.join(" ", wanted) + " | " + String.join(" ", found);
      assertEquals(wanted[0], found[0], line);
      assertEquals(objective(wanted), objective(found), 1e-5 * objective(wanted), line);
      assertEquals("0/0", wanted[3], line);
      assertEquals(counts(found[0], i % STEPS), found[3], line);
      rounded |= !wanted[2].equals(found[2]);
    }
    assertTrue(rounded, "values that are computed alone are summed in another order");
  }

  /** A search counts the same values on workers and in a tree, so both find the same threshold. */
  @Test
  void workersAndTreeAgree() throws Exception {
    List<String[]> all = steps("emulated");
    for (int i = 0; i < all.size(); i += 2 * STEPS) {
      for (int step = 0; step < STEPS; step++) {
        String[] workers = all.get(i + step);
        String[] tree = all.get(i + STEPS + step);
        assertEquals("workers tree", workers[1] + " " + tree[1]);
        assertEquals(objective(workers), objective(tree), 1e-6 * objective(workers), workers[0]);
      }
    }
  }

  private static double objective(String[] line) {
    return Double.parseDouble(line[2]);
  }

  private static String counts(String kind, int step) {
    // All latents are computed where some are dead, which they are from the second step on.
    boolean ranksDead = kind.equals("topK+auxK") && step > 0;
    // Without a threshold of the last batch, the counts of all activations are needed.
    boolean countsAll = kind.startsWith("batchTopK") && step == 0;
    return ranksDead ? "0/0" : countsAll ? "2500/2500" : "2500/0";
  }

  private static List<String[]> steps(String products) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--add-modules=jdk.incubator.vector",
                "-Dorg.sparksae.gemm=" + products,
                "-cp",
                System.getProperty("java.class.path"),
                CandidateProbe.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the JVM does not end");
    assertEquals(0, process.exitValue());
    return lines.stream().map(line -> line.split(" ")).toList();
  }
}
