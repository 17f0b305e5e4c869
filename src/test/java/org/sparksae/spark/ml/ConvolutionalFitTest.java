package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;

class ConvolutionalFitTest {
  private static final int SIDE = 6;

  @TempDir private Path directory;

  /** Images of a bright 2x2 square on dark noise. */
  private static Dataset<Row> images(int count) {
    SplittableRandom random = new SplittableRandom(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] image = new double[SIDE * SIDE];
      int at = random.nextInt(SIDE - 1) * SIDE + random.nextInt(SIDE - 1);
      for (int pixel = 0; pixel < image.length; pixel++) {
        image[pixel] = 0.1 * random.nextDouble();
      }
      for (int pixel : new int[] {at, at + 1, at + SIDE, at + SIDE + 1}) {
        image[pixel] += 0.9;
      }
      rows.add(RowFactory.create(Vectors.dense(image)));
    }
    StructType schema = new StructType().add("image", SQLDataTypes.VectorType());
    return LocalSpark.session().createDataFrame(rows, schema).repartition(3);
  }

  private static ConvolutionalSparseAutoencoder estimator() {
    return new ConvolutionalSparseAutoencoder("conv")
        .setInputCol("image")
        .setOutputCol("code")
        .setImageShape(1, SIDE, SIDE)
        .setFilters(4)
        .setKernelSizes(3)
        .setSolver("adam")
        .setBatchSize(20)
        .setStepSize(0.01)
        .setMaxIter(3)
        .setTol(0);
  }

  private static double[] objectives(ConvolutionalSparseAutoencoderModel model) {
    return model.summary().objectiveHistory();
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "true, true"})
  void allReduceAndTreeGoTheSameWay(boolean spatial, boolean lifetime) {
    Dataset<Row> images = images(50);
    ConvolutionalSparseAutoencoder estimator = estimator().setSpatialSparsity(spatial);
    if (lifetime) {
      estimator.setLifetimeSparsity(0.4);
    }
    ConvolutionalSparseAutoencoderModel exchanged =
        estimator.setAggregation("allReduce").setNumWorkers(2).fit(images);
    ConvolutionalSparseAutoencoderModel collected = estimator.setAggregation("tree").fit(images);
    assertArrayEquals(objectives(collected), objectives(exchanged), 1e-3);
    assertTrue(objectives(exchanged)[2] < objectives(exchanged)[0]);
    assertEquals(4, exchanged.summary().statistics().meanActivations().get(0).length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"allReduce", "tree"})
  void aFitThatWasCutOffGoesOn(String aggregation) {
    Dataset<Row> images = images(40);
    String checkpoints = directory.resolve("checkpoints").toString();
    ConvolutionalSparseAutoencoder estimator =
        estimator().setSpatialSparsity(true).setLifetimeSparsity(0.4).setAggregation(aggregation);
    float[] whole = estimator.setMaxIter(4).fit(images).parameters();
    estimator.setCheckpointDir(checkpoints).setCheckpointInterval(1);
    estimator.setMaxIter(2).fit(images);
    assertArrayEquals(whole, estimator.setMaxIter(4).fit(images).parameters());
    IllegalArgumentException other =
        assertThrows(IllegalArgumentException.class, () -> estimator.setKernelSizes(5).fit(images));
    assertTrue(other.getMessage().contains("kernelSizes"), other.getMessage());
  }

  @Test
  void fullBatchDeepAndGreedy() {
    Dataset<Row> images = images(30);
    ConvolutionalSparseAutoencoder estimator =
        estimator().setSolver("l-bfgs").setFilters(3, 2).setStrides(1, 2).setMaxIter(5);
    double[] joint = objectives(estimator.fit(images));
    assertTrue(joint[joint.length - 1] < 0.8 * joint[0]);
    ConvolutionalSparseAutoencoderModel greedy = estimator.setLayerTraining("greedy").fit(images);
    assertArrayEquals(new int[] {2, 3, 3}, greedy.outputShape());
    ConvolutionalSparseAutoencoderModel second = greedy.layer(2);
    assertArrayEquals(new int[] {3, SIDE, SIDE}, second.getImageShape());
    assertEquals(18, second.codeSize());
  }

  @Test
  void isSavedAndLoadedAsPartOfAPipeline() throws Exception {
    Dataset<Row> images = images(20);
    ConvolutionalSparseAutoencoder estimator =
        estimator().setSpatialSparsity(true).setLifetimeSparsity(0.5).setReconstructionCol("again");
    PipelineModel model = new Pipeline().setStages(new PipelineStage[] {estimator}).fit(images);
    String path = directory.resolve("pipeline").toString();
    model.save(path);
    PipelineModel loaded = PipelineModel.load(path);
    List<Row> expected = model.transform(images).select("code", "again").collectAsList();
    assertEquals(expected, loaded.transform(images).select("code", "again").collectAsList());
    Vector code = expected.get(0).getAs(0);
    assertEquals(4 * SIDE * SIDE, code.size());
    assertTrue(((SparseVector) code).numActives() > 4, "a code is the plain activation");
    ConvolutionalSparseAutoencoderModel stage =
        (ConvolutionalSparseAutoencoderModel) loaded.stages()[0];
    assertTrue(stage.getSpatialSparsity());
    assertArrayEquals(
        ((ConvolutionalSparseAutoencoderModel) model.stages()[0]).parameters(), stage.parameters());
    ConvolutionalSparseAutoencoder saved = estimator;
    saved.save(directory.resolve("estimator").toString());
    ConvolutionalSparseAutoencoder again =
        ConvolutionalSparseAutoencoder.load(directory.resolve("estimator").toString());
    assertArrayEquals(new int[] {1, SIDE, SIDE}, again.getImageShape());
  }

  @Test
  void aTrainingBeginsWithAModelThatFits() throws Exception {
    Dataset<Row> images = images(20);
    String path = directory.resolve("model").toString();
    estimator().fit(images).save(path);
    ConvolutionalSparseAutoencoder next = estimator().setInitialModel(path);
    assertTrue(objectives(next.fit(images))[0] < objectives(estimator().fit(images))[0]);
    String problem =
        assertThrows(IllegalArgumentException.class, () -> next.setKernelSizes(5).fit(images))
            .getMessage();
    assertTrue(problem.contains("kernel 5") && problem.contains("kernel 3"), problem);
    SparseAutoencoder dense =
        new SparseAutoencoder().setInputCol("image").setHiddenLayers(4 * SIDE * SIDE);
    String densePath = directory.resolve("dense").toString();
    dense.copy(ParamMap.empty()).setMaxIter(0).fit(images).save(densePath);
    problem =
        assertThrows(
                IllegalArgumentException.class,
                () -> estimator().setInitialModel(densePath).fit(images))
            .getMessage();
    assertTrue(
        problem.contains(
            "hiddenLayers is [maps], the model's is [144]; convolutions is [4 filters of 1x6x6, kernel 3, stride 1, padding same], the model's is none; set"),
        problem);
    dense.setInitialModel(path);
    problem = assertThrows(IllegalArgumentException.class, () -> dense.fit(images)).getMessage();
    assertTrue(
        problem.contains(
            "hiddenLayers is [144], the model's is [maps]; convolutions is none, the model's is [4 filters of 1x6x6, kernel 3, stride 1, padding same]"),
        problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imageShape [1, 6, 7]|imageShape 1x6x7 of hidden layer 1 has 42 values, but a row has 36",
        "kernelSizes [7]|kernelSizes must be at most the image's height and width, got 7",
        "strides [2]|lose the last 1 of 6 rows and 1 of 6 columns",
        "strides [4]|strides must be at most the kernel size 3, got 4: 1 of every 4 rows",
        "kernelSizes [3, 3]|kernelSizes must have 1 entry, or one for each of the 1 hidden layers that filters names, got [3, 3]; give as many as there are filters, or one for all",
        "imageShape [6, 6]|imageShape must be [channels, height, width], got [6, 6]; give three numbers, such as [1, 28, 28]",
        "imageShape [1, 6, 6, 1]|got [1, 6, 6, 1]; give three numbers",
        "filters [2, 2, 2]|hidden layer 3: kernelSizes must be at most the image's height and width, got 3 for an image of 2x2x2",
        "strides [1, 1, 1]|strides must have 1 entry, or one for each of the 1 hidden layers that filters names, got [1, 1, 1]"
      })
  void shapesThatDoNotFitAreRefused(String line) {
    String[] parts = line.split("\\|");
    String param = parts[0].substring(0, parts[0].indexOf(' '));
    int[] value =
        java.util.Arrays.stream(parts[0].replaceAll("[^0-9 ]", "").trim().split(" +"))
            .mapToInt(Integer::parseInt)
            .toArray();
    ConvolutionalSparseAutoencoder estimator = estimator().setPadding("valid");
    estimator.set(param, value);
    String problem =
        assertThrows(IllegalArgumentException.class, () -> estimator.fit(images(3))).getMessage();
    assertTrue(problem.contains(parts[1]), problem);
  }
}
