package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.Padding;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.TopK;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** Codes of a convolutional model that are pooled: of 3 maps of 6x6, and then 2 of 3x3. */
@ExtendWith(LocalSpark.class)
class PooledCodeTest {
  private static final ImageShape IMAGE = new ImageShape(1, 6, 6);

  @TempDir private Path directory;

  private static Dataset<Row> images() {
    return TestFrames.frame(TestFrames.rows(9, IMAGE.size(), 4), 2);
  }

  /** Two layers, with weights that are small, of both signs, and all different. */
  private static ConvolutionalSparseAutoencoderModel model(TopK topK) {
    Convolution first = new Convolution(IMAGE, 3, 3, 1, Padding.SAME, false);
    Convolution second = new Convolution(first.output(), 2, 3, 2, Padding.SAME, false);
    AutoencoderSpec spec =
        new AutoencoderSpec(
            IMAGE.size(),
            List.of(
                new HiddenLayer(first, Activation.RELU, Sparsity.NONE, null, null),
                new HiddenLayer(second, Activation.LINEAR, Sparsity.NONE, topK, null)),
            Activation.LINEAR,
            false,
            0);
    float[] parameters = new float[spec.layout().size()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) Math.sin(3.7 * i) / 3;
    }
    return new ConvolutionalSparseAutoencoderModel("pooled", spec, parameters)
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code");
  }

  private static List<Vector> codes(ConvolutionalSparseAutoencoderModel model) {
    return model.transform(images()).select("code").collectAsList().stream()
        .map(row -> row.<Vector>getAs(0))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "max, 2, 2, 1",
    "average, 2, 2, 1",
    "max, 4, 1, 1",
    "max, 3, , 2",
    "average, 2, 1, 2"
  })
  void aCodeIsWhatTheWindowsOfItsMapsHold(String kind, int size, Integer stride, int layer) {
    for (TopK topK : new TopK[] {null, new TopK(1, TopK.By.MAGNITUDE)}) {
      ConvolutionalSparseAutoencoderModel model = model(topK).setOutputLayer(layer);
      List<Vector> whole = codes(model);
      int side = layer == 1 ? 6 : 3;
      model.setPooling(kind).setPoolSize(size);
      if (stride != null) {
        model.setPoolStride(stride);
      }
      int step = stride == null ? size : stride;
      List<Vector> pooled = codes(model);
      int across = (side - size) / step + 1;
      assertArrayEquals(new int[] {layer == 1 ? 3 : 2, across, across}, model.outputShape());
      for (int row = 0; row < whole.size(); row++) {
        double[] expected = pool(whole.get(row).toArray(), side, kind.equals("max"), size, step);
        assertEquals(expected.length, model.outputSize());
        assertTrue(pooled.get(row) instanceof SparseVector);
        assertArrayEquals(expected, pooled.get(row).toArray(), 1e-6);
      }
    }
  }

  private static double[] pool(double[] maps, int side, boolean max, int size, int stride) {
    int across = (side - size) / stride + 1;
    double[] pooled = new double[maps.length / (side * side) * across * across];
    for (int w = 0; w < pooled.length; w++) {
      int map = w / (across * across);
      double sum = 0;
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < size * size; i++) {
        int y = w / across % across * stride + i / size;
        int x = w % across * stride + i % size;
        double value = maps[(map * side + y) * side + x];
        sum += value;
        largest = Math.max(largest, value);
      }
      pooled[w] = max ? largest : sum / (size * size);
    }
    return pooled;
  }

  @Test
  void theColumnKnowsItsSizeAndZerosAreNotStored() {
    ConvolutionalSparseAutoencoderModel model =
        model(null).setOutputLayer(1).setPooling("max").setPoolSize(2);
    Dataset<Row> encoded = model.transform(images());
    assertEquals(27, AttributeGroup.fromStructField(encoded.schema().apply("code")).size());
    for (Vector code : codes(model)) {
      assertEquals(code.numNonzeros(), code.numActives());
      assertTrue(code.numNonzeros() < 27, "ReLU leaves zeros in this case");
    }
    double threshold = 0.4;
    for (Vector code : codes(model.setActivationThreshold(threshold))) {
      for (double value : ((SparseVector) code).values()) {
        assertTrue(value >= threshold);
      }
    }
  }

  @Test
  void isKeptByCopiesAndFilesAndPipelinesButNotByALayer() throws Exception {
    ConvolutionalSparseAutoencoder estimator =
        new ConvolutionalSparseAutoencoder("conv")
            .setInputCol(TestFrames.FEATURES)
            .setOutputCol("code")
            .setImageShape(1, 6, 6)
            .setFilters(2)
            .setKernelSizes(3)
            .setPooling("average")
            .setPoolSize(4)
            .setPoolStride(2)
            .setMaxIter(2);
    int size = 2 * 2 * 2;
    assertEquals(
        size,
        AttributeGroup.fromStructField(estimator.transformSchema(images().schema()).apply("code"))
            .size());
    estimator.save(directory.resolve("estimator").toString());
    ConvolutionalSparseAutoencoder again =
        ConvolutionalSparseAutoencoder.load(directory.resolve("estimator").toString());
    PipelineModel fitted = new Pipeline().setStages(new PipelineStage[] {again}).fit(images());
    fitted.save(directory.resolve("pipeline").toString());
    PipelineModel loaded = PipelineModel.load(directory.resolve("pipeline").toString());
    List<Row> expected = fitted.transform(images()).select("code").collectAsList();
    assertEquals(expected, loaded.transform(images()).select("code").collectAsList());
    assertEquals(size, expected.get(0).<Vector>getAs(0).size());
    ConvolutionalSparseAutoencoderModel stage =
        (ConvolutionalSparseAutoencoderModel) loaded.stages()[0];
    assertEquals(2, stage.copy(ParamMap.empty()).getPoolStride());
    ConvolutionalSparseAutoencoderModel layer = stage.layer(1);
    assertEquals("none", layer.getPooling());
    assertFalse(layer.isDefined(layer.poolSize()));
    assertEquals(72, layer.outputSize());
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeTraining() {
    ConvolutionalSparseAutoencoderModel model = model(null);
    assertRefused(
        model.copy(ParamMap.empty()).setPoolSize(2),
        "poolSize = 2 needs pooling = max or average, got none; set pooling, or clear poolSize");
    assertRefused(
        model.copy(ParamMap.empty()).setPoolStride(1),
        "poolStride = 1 needs pooling = max or average");
    assertRefused(
        model.copy(ParamMap.empty()).setPooling("max"), "poolSize must be set with pooling = max");
    assertRefused(
        model.copy(ParamMap.empty()).setPooling("max").setPoolSize(4),
        "poolSize must be at most the height and width of the maps, got 4 for maps of 2x3x3");
    assertRefused(
        model.copy(ParamMap.empty()).setPooling("max").setPoolSize(2),
        "loses the last 1 of 3 rows and 1 of 3 columns");
    ConvolutionalSparseAutoencoder estimator =
        new ConvolutionalSparseAutoencoder()
            .setInputCol(TestFrames.FEATURES)
            .setImageShape(1, 6, 6)
            .setFilters(2)
            .setKernelSizes(3)
            .setPooling("max")
            .setPoolSize(7);
    String problem =
        assertThrows(
                IllegalArgumentException.class, () -> estimator.transformSchema(images().schema()))
            .getMessage();
    assertTrue(problem.contains("got 7 for maps of 2x6x6"), problem);
    problem =
        assertThrows(IllegalArgumentException.class, () -> estimator.setPooling("sum"))
            .getMessage();
    assertEquals("pooling must be one of none, max, average, got 'sum'", problem);
    problem =
        assertThrows(IllegalArgumentException.class, () -> estimator.setPoolStride(0)).getMessage();
    assertEquals("poolStride must be 1 or more, got 0", problem);
  }

  private static void assertRefused(ConvolutionalSparseAutoencoderModel model, String says) {
    String problem =
        assertThrows(IllegalArgumentException.class, () -> model.transformSchema(images().schema()))
            .getMessage();
    assertTrue(problem.contains(says), problem);
  }
}
