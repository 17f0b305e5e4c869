package org.sparksae.cli.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.core.stats.CodeStatistics;
import org.sparksae.core.stats.ReconstructionMetrics;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;

@ExtendWith(LocalSpark.class)
class ReconstructionTest {

  @Test
  void theFiguresOfTheTrainingRowsAreThoseOfTheSummary() {
    Dataset<Row> rows =
        TestFrames.frame(TestFrames.rows(80, 6, 3), 2)
            .withColumn("weight", functions.expr("cast(rand(5) * 3 as int)"));
    SparseAutoencoderModel model =
        new SparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setOutputCol("code")
            .setReconstructionCol("reconstruction")
            .setWeightCol("weight")
            .setHiddenLayers(8)
            .setK(2)
            .setEncodeK(3)
            .setMatryoshkaWidths(4, 8)
            .setActivation("relu")
            .setMaxIter(4)
            .fit(rows);
    CodeStatistics statistics = model.summary().statistics();
    Reconstruction reconstruction = Reconstruction.of(model, model.transform(rows));
    ReconstructionMetrics metrics = reconstruction.metrics();
    assertEquals(80, metrics.rows());
    assertEquals(statistics.l0(), metrics.l0(), 1e-12);
    assertEquals(statistics.l1(), metrics.l1(), 1e-9);
    assertArrayEquals(statistics.firing().shares(), metrics.firing().shares(), 1e-12);
    assertEquals(statistics.fvu(), metrics.fvu(), 1e-6);
    assertEquals(statistics.cosine(), metrics.cosine(), 1e-6);
    assertEquals(statistics.meanSquaredError(), metrics.meanSquaredError(), 1e-9);
    assertEquals(statistics.nested().get(0).fvu(), reconstruction.nested().get(0).fvu(), 1e-9);
    List<double[]> means = statistics.meanActivations();
    assertEquals(
        Arrays.stream(means.get(0)).average().orElseThrow(), metrics.meanActivation(), 1e-9);
    Dataset<Row> withoutWeights = model.transform(rows).drop("weight");
    Reconstruction plain = Reconstruction.of(model, withoutWeights);
    assertEquals(80, plain.metrics().rows());
    assertEquals(plain.metrics().fvu(), plain.nested().get(1).fvu(), 1e-6);
  }
}
