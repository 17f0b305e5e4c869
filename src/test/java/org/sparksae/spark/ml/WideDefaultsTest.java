package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** A kind alone, with the Params of its field: what a first fit of somebody's rows is like. */
@ExtendWith(LocalSpark.class)
class WideDefaultsTest {
  private static final int INPUTS = 32;
  private static final int FEATURES = 96;
  private static final int ACTIVE = 4;

  /** Rows of four of 96 directions each and a common offset; their variance is scale^2. */
  private static Dataset<Row> frame(double scale) {
    SplittableRandom random = new SplittableRandom(1);
    double[][] directions = new double[FEATURES][];
    Arrays.setAll(directions, i -> random.doubles(INPUTS, -1, 1).toArray());
    float[][] rows = new float[1000][INPUTS];
    for (float[] row : rows) {
      Arrays.fill(row, (float) (5 * scale));
      for (int f = 0; f < ACTIVE; f++) {
        double[] direction = directions[random.nextInt(FEATURES)];
        double strength = random.nextDouble(0.5, 1) * scale;
        for (int j = 0; j < INPUTS; j++) {
          row[j] += (float) (strength * direction[j]);
        }
      }
    }
    return TestFrames.frame(rows, 2);
  }

  private static CodeStatistics fit(UnaryOperator<SparseAutoencoder> kind, double scale) {
    SparseAutoencoder estimator =
        new SparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setHiddenLayers(128)
            .setNumWorkers(2)
            .setMaxIter(20);
    return kind.apply(estimator).fit(frame(scale)).summary().statistics();
  }

  @Test
  void theScaleOfRowsIsNoMatterOfParams() {
    for (UnaryOperator<SparseAutoencoder> kind :
        List.<UnaryOperator<SparseAutoencoder>>of(
            e -> e.setJumpReluThreshold(1),
            e -> e.setGated(true),
            e -> e.setJumpReluThreshold(1).setSparsity("targetL0").setSparsityTargets(8))) {
      CodeStatistics usual = fit(kind, 0.01);
      CodeStatistics other = fit(kind, 100);
      assertEquals(usual.l0(), other.l0(), 0.1);
      assertEquals(usual.explainedVariance(), other.explainedVariance(), 0.002);
      assertTrue(usual.l0() > ACTIVE && usual.l0() < 20, usual.toString());
      assertTrue(usual.explainedVariance() > 0.6, usual.toString());
      assertTrue(usual.deadUnits().length < 3, usual.toString());
    }
  }
}
