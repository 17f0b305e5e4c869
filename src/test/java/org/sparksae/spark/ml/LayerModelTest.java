package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.Activation;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** The layers of a model: their codes, and each as a model. */
@ExtendWith(LocalSpark.class)
class LayerModelTest {
  private static final float[][] ROWS = TestFrames.rows(50, 6, 51);
  private static Dataset<Row> frame;
  private static SparseAutoencoderModel model;
  private static SparseAutoencoderModel kSparse;

  @TempDir private Path folder;

  @BeforeAll
  static void fit() {
    frame = TestFrames.frame(ROWS, 2);
    SparseAutoencoder estimator =
        Fixtures.estimator()
            .setHiddenLayers(7, 5, 4)
            .setActivation("tanh")
            .setSparsity("l1", "targetL2", "none")
            .setSparsityWeights(0.1, 0.2, 0.3)
            .setSparsityTargets(0.1, 0.2, 0.3)
            .setReconstructionCol("reconstruction");
    model = estimator.fit(frame);
    kSparse =
        Fixtures.estimator()
            .setHiddenLayers(6, 9)
            .setActivation("relu")
            .setSolver("adam")
            .setK(3)
            .setEncodeK(4)
            .fit(frame);
  }

  private static List<Vector> column(SparseAutoencoderModel by, Dataset<Row> rows, String name) {
    List<Vector> column = new ArrayList<>();
    by.transform(rows).select(name).collectAsList().forEach(row -> column.add(row.getAs(0)));
    return column;
  }

  private static SparseAutoencoderModel withOutput(SparseAutoencoderModel of, int layer) {
    return of.copy(ParamMap.empty()).setOutputLayer(layer).setOutputCol("h" + layer);
  }

  @Test
  void theCodeOfALayerIsThatOfTheLayerBeforeEncodedByItAlone() {
    Dataset<Row> rows = frame;
    for (int k = 1; k <= 3; k++) {
      SparseAutoencoderModel layer = model.layer(k).setOutputCol("alone");
      if (k > 1) {
        layer.setInputCol("h" + (k - 1));
      }
      assertEquals(column(withOutput(model, k), frame, "h" + k), column(layer, rows, "alone"));
      rows = layer.setOutputCol("h" + k).transform(rows);
    }
    assertEquals(column(model, frame, "code"), column(withOutput(model, 3), frame, "h3"));
  }

  @Test
  void theReconstructionIsOfTheWholeModelWhicheverCodeIsGiven() {
    for (int k = 1; k <= 3; k++) {
      assertEquals(
          column(model, frame, "reconstruction"),
          column(withOutput(model, k), frame, "reconstruction"));
    }
  }

  @Test
  void theSizeOfTheColumnIsThatOfTheLayer() {
    int[] sizes = {7, 5, 4};
    for (int k = 1; k <= 3; k++) {
      SparseAutoencoderModel one = withOutput(model, k);
      Dataset<Row> encoded = one.transform(frame);
      assertEquals(
          sizes[k - 1], AttributeGroup.fromStructField(encoded.schema().apply("h" + k)).size());
      assertEquals(sizes[k - 1], one.outputSize());
      assertEquals(4, one.codeSize());
      assertEquals(sizes[k - 1], encoded.select("h" + k).head().<Vector>getAs(0).size());
    }
    SparseAutoencoder estimator = Fixtures.estimator().setHiddenLayers(7, 5).setOutputLayer(1);
    assertEquals(
        7,
        AttributeGroup.fromStructField(estimator.transformSchema(frame.schema()).apply("code"))
            .size());
  }

  @Test
  void aLayerHasTheParamsOfAnEstimatorOfItsOwn() {
    SparseAutoencoderModel second = model.layer(2);
    assertArrayEquals(new int[] {5}, second.getHiddenLayers());
    assertArrayEquals(new String[] {"targetL2"}, second.getSparsity());
    assertArrayEquals(new double[] {0.2}, second.getSparsityTargets());
    assertEquals("tanh", second.getOutputActivation());
    assertEquals(Activation.TANH, second.spec().outputActivation());
    assertEquals(7, second.numFeatures());
    assertEquals(5, second.codeSize());
    assertFalse(second.isDefined(second.inputCol()));
    assertEquals(model.uid() + "_layer2__output", second.getOutputCol());
    assertEquals("", second.getReconstructionCol());
    assertFalse(second.hasSummary());
    assertEquals(TestFrames.FEATURES, model.layer(1).getInputCol());
    assertEquals("linear", model.layer(1).getOutputActivation());
    assertArrayEquals(
        model.weights("encoder.1.weight").toArray(), second.weights("encoder.0.weight").toArray());
    assertArrayEquals(second.parameters(), second.layer(1).parameters());
  }

  @Test
  void onlyTheLastLayerKeepsK() {
    SparseAutoencoderModel first = kSparse.layer(1);
    assertFalse(first.isDefined(first.k()) || first.isDefined(first.encodeK()));
    SparseAutoencoderModel last = kSparse.layer(2).setInputCol("h1").setOutputCol("alone");
    assertEquals(4, last.getEncodeK());
    assertEquals(3, last.spec().topK().k());
    List<Vector> whole = column(kSparse, frame, "code");
    List<Vector> alone = column(last, withOutput(kSparse, 1).transform(frame), "alone");
    for (int i = 0; i < whole.size(); i++) {
      assertArrayEquals(whole.get(i).toArray(), alone.get(i).toArray(), 1e-6);
    }
  }

  @Test
  void layersAndTheirChoiceAreSavedAndLoaded() throws IOException {
    for (int k = 1; k <= 3; k++) {
      SparseAutoencoderModel layer =
          model.layer(k).setInputCol(k == 1 ? TestFrames.FEATURES : "h" + (k - 1));
      String path = folder.resolve("layer-" + k).toString();
      layer.save(path);
      SparseAutoencoderModel loaded = SparseAutoencoderModel.load(path);
      assertEquals(layer.spec(), loaded.spec());
      assertArrayEquals(layer.parameters(), loaded.parameters());
      assertEquals(Fixtures.values(layer), Fixtures.values(loaded));
    }
    SparseAutoencoderModel first = withOutput(model, 1);
    first.save(folder.resolve("first").toString());
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(folder.resolve("first").toString());
    assertEquals(1, loaded.getOutputLayer());
    assertEquals(column(first, frame, "h1"), column(loaded, frame, "h1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void thereAreNoOtherLayers(int k) {
    assertEquals(
        "the layer must be in [1, 3], got " + k,
        assertThrows(IllegalArgumentException.class, () -> model.layer(k)).getMessage());
  }

  @Test
  void anOutputLayerThatIsNotThereIsRefused() {
    SparseAutoencoderModel beyond = model.copy(ParamMap.empty()).setOutputLayer(4);
    String message =
        "outputLayer must be in [1, 3], the hidden layers from the input inwards; got 4";
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> beyond.transform(frame)).getMessage());
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> beyond.transformSchema(frame.schema()))
            .getMessage());
  }
}
