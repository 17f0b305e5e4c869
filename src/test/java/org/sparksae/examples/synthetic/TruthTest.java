package org.sparksae.examples.synthetic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.cli.job.JobConfig;
import org.sparksae.cli.job.JobFile;
import org.sparksae.cli.job.Section;
import org.sparksae.examples.ExamplesRunner;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.data.FeatureColumn;

@ExtendWith(LocalSpark.class)
class TruthTest extends ExamplesRunner {

  /** Features e1, e2 and e3; latents along 2 e1, -e1 + 0.1 e2 and e3, and one that is 0. */
  private static final Truth TRUTH = new Truth(new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}});

  private static final float[] DECODER = {2, 0, 0, -1, 0.1f, 0, 0, 0, 1, 0, 0, 0};

  /** Latents 0 and 1 are both nearest to e1, but only one of them may have it. */
  @Test
  void latentsArePairedByTheirDirections() {
    Truth.Pairs pairs = TRUTH.pairs(DECODER);
    assertArrayEquals(new int[] {0, 0, 2, 0}, pairs.nearest());
    assertArrayEquals(new int[] {0, 1, 2, -1}, pairs.matched());
    assertEquals((1 + 0.1 / Math.sqrt(1.01) + 1) / 3, pairs.mcc(), 1e-6);
  }

  /** As other programs write them. */
  @Test
  void featuresMayHaveLongNumbersAndDoubles() {
    Dataset<Row> rows =
        LocalSpark.session()
            .range(0, 2)
            .selectExpr("1 - id as feature", "array(id, 2.5D) as vector");
    assertArrayEquals(new float[][] {{1, 2.5f}, {0, 2.5f}}, Truth.read(rows).features());
  }

  @Test
  void featuresOfOtherRowsAreRefused() {
    TRUTH.checkSize(FeatureColumn.ofSize("vector", 3));
    assertEquals(
        "truth.features must have vectors of 4 values, as the rows of column 'vector' have, but has"
            + " one of 3; name the features that these rows were made of",
        assertThrows(
                IllegalArgumentException.class,
                () -> TRUTH.checkSize(FeatureColumn.ofSize("vector", 4)))
            .getMessage());
  }

  /**
   *
   *
   * <pre>
   * rows: e1 on, latents 0 and 1;  e1 and e3 on, latents 0 and 2;  nothing on, latent 2;  e2 on, latent 1
   * nearest: latent 0 of e1: 2 * 2 / (2 + 2) = 1;  latent 1 of e1: 2 * 1 / (2 + 2) = 1/2
   *          latent 2 of e3: 2 * 1 / (2 + 1) = 2/3;  latent 3 of e1: 0
   * matched: latent 0 of e1: 1;  latent 1 of e2: 2 * 1 / (2 + 1) = 2/3;  latent 2 of e3: 2/3
   * </pre>
   */
  @Test
  void scoresAreThoseWorkedByHand() {
    StructType schema =
        new StructType()
            .add("code", SQLDataTypes.VectorType())
            .add("active", DataTypes.createArrayType(DataTypes.IntegerType));
    Dataset<Row> coded =
        TestFrames.frame(
            schema,
            List.of(
                List.of(row(new double[] {1, 2, 0, 0}, 0), row(new double[] {-1, 0, 3, 0}, 0, 2)),
                List.of(row(new double[] {0, 0, 1, 0}), row(new double[] {0, 1, 0, 0}, 1))));
    Truth.Scores scores = TRUTH.scores(DECODER, coded);
    assertEquals((1 + 0.5 + 2 / 3.0 + 0) / 4, scores.f1(), 1e-15);
    assertEquals((1 + 2 / 3.0 + 2 / 3.0) / 3, scores.matchedF1(), 1e-15);
    assertEquals(0.5, scores.unique());
  }

  private static Row row(double[] code, Integer... active) {
    return RowFactory.create(Vectors.dense(code), active);
  }

  @Test
  void rowsDoNotDependOnPartitions() {
    SparkSession spark = LocalSpark.session();
    World world =
        new World(
            new World.Settings(
                20, 4, new World.Probabilities(0.5, 0.1, 0.5), new Hierarchy(2, 2, 1), 1, 3));
    Broadcast<World> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(world);
    List<Row> rows = MakeSynthetic.test(spark, 7, shared).collectAsList();
    assertEquals(rows.subList(0, 3), MakeSynthetic.test(spark, 3, shared).collectAsList());
    List<Float> first = rows.get(0).getList(0);
    assertEquals(world.row(-1).vector()[0], first.get(0));
  }

  /** Orthogonal features, one or two of eight in a row: k-sparse finds them, chance does not. */
  @Test
  void aTrainedModelFindsTheFeatures() throws IOException {
    Path data = dir.resolve("data");
    assertEquals(
        0,
        run(
            "make-synthetic",
            "--output",
            data.toString(),
            "--rows",
            "600",
            "--test-rows",
            "300",
            "--features",
            "12",
            "--dimensions",
            "24",
            "--roots",
            "0",
            "--largest-probability",
            "0.2",
            "--least-probability",
            "0.05"),
        error);
    assertTrue(said.contains("600 rows to train on, 300 to test on; "), said);
    String text =
        """
        input { path = "%1$s/train.parquet", columns = [vector] }
        model { hiddenLayers = [12], activation = relu, topKBy = value, solver = adam, batchSize = 30, stepSize = 0.01, tol = 0, aggregation = allReduce }
        truth {
          features.path = "%1$s/features.parquet", input.path = "%1$s/test.parquet"
          seeds = [1, 2]
          kinds { random { k = 2, maxIter = 0 }, topk { k = 2, maxIter = 20, tiedWeights = true } }
        }
        output.dir = "%2$s"
        """;
    Path job = Files.writeString(dir.resolve("job.conf"), text.formatted(data, out));
    assertEquals(0, run("truth", job.toString()), error);
    assertTrue(said.startsWith("kind              f1"), said);
    JsonNode kinds = json("truth.json").get("kinds");
    assertEquals("random", kinds.get(0).get("kind").asText());
    assertEquals(2, kinds.get(0).get("f1").size());
    double chance = kinds.get(0).get("mcc").get(0).asDouble();
    double found = kinds.get(1).get("mcc").get(0).asDouble();
    assertTrue(found > 0.8 && found > chance + 0.2, kinds.toString());

    assertEquals(2, run("train", job.toString(), "--overwrite"));
    assertEquals(2, run("truth", job.toString(), "--overwrite", "--set", "truth.kinds.topk.kk=1"));
    assertTrue(error.contains("model.kk (--set) is not a key; did you mean k?"), error);
    assertEquals(
        2, run("truth", job.toString(), "--overwrite", "--set", "model.hiddenLayers=[4,3]"));
    assertTrue(error.contains("set model.hiddenLayers to one number"), error);
  }

  @Test
  void theJobOfThisRepositoryIsValid() throws IOException {
    Section file = JobFile.read("jobs/synthetic-truth/job.conf", List.of());
    JobConfig job = JobConfig.of(file.without(TruthSettings.SECTION));
    Set<String> kinds = TruthSettings.of(file, job).kinds().keySet();
    assertTrue(kinds.containsAll(Set.of("l1", "random", "topk")), kinds.toString());
  }
}
