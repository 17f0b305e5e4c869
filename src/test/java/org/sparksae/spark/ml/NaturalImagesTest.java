package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/**
 * The exercise of Ng's CS294A notes: 8 x 8 patches of photographs, 64-25-64, rho = 0.01, lambda =
 * 1e-4, beta = 3, L-BFGS; with fewer patches and iterations.
 */
@ExtendWith(LocalSpark.class)
class NaturalImagesTest {
  private static final List<String> PHOTOGRAPHS =
      List.of(
          "aitzgorri",
          "friends",
          "life",
          "picosdeeuropa",
          "picture-0b",
          "picture-1a",
          "seeding",
          "wine");
  private static final int SIDE = 8;

  @Test
  void learnsASparseCodeOfPatches() throws IOException {
    float[][] patches = patches(4000, 1);
    SparseAutoencoderModel model =
        new SparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setHiddenLayers(25)
            .setOutputActivation("sigmoid")
            .setSparsityTargets(0.01)
            .setSparsityWeights(3)
            .setRegParam(1e-4)
            .setMaxIter(60)
            .setTol(0)
            .setSeed(1)
            .fit(TestFrames.frame(patches, 2));
    double[] objectives = model.summary().objectiveHistory();
    assertEquals(60, objectives.length);
    for (int iteration = 1; iteration < 60; iteration++) {
      assertTrue(objectives[iteration] <= objectives[iteration - 1], Arrays.toString(objectives));
    }
    assertEquals(List.of(), model.summary().warnings());
    CodeStatistics statistics = model.summary().statistics();
    assertTrue(objectives[59] < objectives[0] / 20, Arrays.toString(objectives));
    for (double rho : statistics.meanActivations().get(0)) {
      assertTrue(rho > 0.005 && rho < 0.02, "mean activation " + rho);
    }
    assertTrue(
        statistics.explainedVariance() > 0.25,
        "explained variance " + statistics.explainedVariance());
  }

  /**
   * Patches at seeded places, [n, 64], prepared as in the exercise: each patch's own mean removed,
   * clipped at three standard deviations of all values, scaled to [0.1, 0.9].
   */
  private static float[][] patches(int n, long seed) throws IOException {
    List<Raster> photographs = new ArrayList<>();
    for (String name : PHOTOGRAPHS) {
      photographs.add(
          ImageIO.read(NaturalImagesTest.class.getResource("/photographs/" + name + ".png"))
              .getRaster());
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[][] patches = new double[n][];
    double squares = 0;
    for (int i = 0; i < n; i++) {
      Raster photograph = photographs.get(i % photographs.size());
      int x = random.nextInt(photograph.getWidth() - SIDE + 1);
      int y = random.nextInt(photograph.getHeight() - SIDE + 1);
      double[] patch = photograph.getSamples(x, y, SIDE, SIDE, 0, (double[]) null);
      double mean = Arrays.stream(patch).average().orElseThrow();
      patches[i] = Arrays.stream(patch).map(value -> value - mean).toArray();
      squares += Arrays.stream(patches[i]).map(value -> value * value).sum();
    }
    double limit = 3 * Math.sqrt(squares / (n * SIDE * SIDE));
    float[][] scaled = new float[n][SIDE * SIDE];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < SIDE * SIDE; j++) {
        double clipped = Math.max(-limit, Math.min(limit, patches[i][j]));
        scaled[i][j] = (float) ((clipped / limit + 1) * 0.4 + 0.1);
      }
    }
    return scaled;
  }
}
