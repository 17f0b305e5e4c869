package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.TopK.By;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;

/** The codes of a k-sparse model whose every number is worked out by hand, and of encodeK. */
@ExtendWith(LocalSpark.class)
class KSparseTransformTest {
  /**
   *
   *
   * <pre>
   * (-2, -3)      z = (-2, -3, 2, 3, -6)              by magnitude -6, then -3 before 3 of the same magnitude
   * (1, 1)        z = (1, 1, -1, -1, 1)               ties go to the units of lowest index
   * (0, 0)        z = (0, 0, 0, 0, -1)                a zero that is kept is none of the entries
   * (0.5, -0.25)  z = (0.5, -0.25, -0.5, 0.25, -0.75)
   * (0, 0.5)      z = (0, 0.5, 0, -0.5, -0.5)         only one is positive
   * </pre>
   */
  private static final float[][] ROWS = {{-2, -3}, {1, 1}, {0, 0}, {0.5f, -0.25f}, {0, 0.5f}};

  private static final List<SparseVector> BY_MAGNITUDE =
      List.of(
          code(new int[] {1, 4}, -3, -6),
          code(new int[] {0, 1}, 1, 1),
          code(new int[] {4}, -1),
          code(new int[] {0, 4}, 0.5, -0.75),
          code(new int[] {1, 3}, 0.5, -0.5));

  private static final List<SparseVector> BY_VALUE =
      List.of(
          code(new int[] {2, 3}, 2, 3),
          code(new int[] {0, 1}, 1, 1),
          code(new int[] {}),
          code(new int[] {0, 3}, 0.5, 0.25),
          code(new int[] {1}, 0.5));

  private static SparseVector code(int[] units, double... values) {
    return (SparseVector) Vectors.sparse(5, units, values);
  }

  private static SparseAutoencoderModel byMagnitude() {
    return Fixtures.kSparseModel("kSparse", Activation.LINEAR, By.MAGNITUDE);
  }

  /** {@code equals} of vectors compares what they hold; indices and values are to be equal, too. */
  private static void assertCodes(List<SparseVector> expected, Dataset<Row> encoded) {
    List<Row> rows = encoded.select("code").collectAsList();
    assertEquals(expected.size(), rows.size());
    for (int i = 0; i < expected.size(); i++) {
      SparseVector code = (SparseVector) rows.get(i).get(0);
      assertEquals(5, code.size());
      assertArrayEquals(expected.get(i).indices(), code.indices(), "row " + i);
      assertArrayEquals(expected.get(i).values(), code.values(), "row " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(InputType.class)
  void linearCodesByMagnitude(InputType type) {
    assertCodes(
        BY_MAGNITUDE, byMagnitude().transform(TestFrames.frame(type, TestFrames.split(ROWS, 2))));
  }

  @ParameterizedTest
  @EnumSource(InputType.class)
  void linearCodesByValue(InputType type) {
    SparseAutoencoderModel model = Fixtures.kSparseModel("kSparse", Activation.LINEAR, By.VALUE);
    assertCodes(BY_VALUE, model.transform(TestFrames.frame(type, TestFrames.split(ROWS, 2))));
  }

  /** The values above 0 among the k largest: those that the linear code by value has, here. */
  @ParameterizedTest
  @EnumSource(By.class)
  void reluCodesAreByValueEitherWay(By by) {
    SparseAutoencoderModel model = Fixtures.kSparseModel("kSparse", Activation.RELU, by);
    assertCodes(BY_VALUE, model.transform(TestFrames.frame(ROWS, 2)));
  }

  /**
   * (-2, -3): -3 (0, 1) - 6 (0.5, 0.5) + (0.25, -0.25) = (-2.75, -6.25), error (0.75^2 + 3.25^2) /
   * 2. (0, 0): -(0.5, 0.5) + (0.25, -0.25) = (-0.25, -0.75).
   */
  @Test
  void theReconstructionIsThatOfTheKeptUnits() {
    List<Row> rows =
        byMagnitude()
            .setReconstructionCol("reconstruction")
            .setReconstructionErrorCol("error")
            .transform(TestFrames.frame(ROWS, 2))
            .collectAsList();
    assertEquals(Vectors.dense(-2.75, -6.25), rows.get(0).getAs("reconstruction"));
    assertEquals(5.5625, rows.get(0).<Double>getAs("error"));
    assertEquals(Vectors.dense(-0.25, -0.75), rows.get(2).getAs("reconstruction"));
    assertEquals(0.3125, rows.get(2).<Double>getAs("error"));
  }

  @Test
  void theThresholdDropsSmallOnesOfTheKeptUnits() {
    assertCodes(
        List.of(
            code(new int[] {1, 4}, -3, -6),
            code(new int[] {0, 1}, 1, 1),
            code(new int[] {4}, -1),
            code(new int[] {4}, -0.75),
            code(new int[] {})),
        byMagnitude().setActivationThreshold(0.75).transform(TestFrames.frame(ROWS, 2)));
  }

  /** Of (-2, -3) the third and fourth are 3 and, of -2 and 2, the one of lower index. */
  @Test
  void encodeKKeepsMoreUnitsThanTrainingDid() {
    assertCodes(
        List.of(
            code(new int[] {0, 1, 3, 4}, -2, -3, 3, -6),
            code(new int[] {0, 1, 2, 3}, 1, 1, -1, -1),
            code(new int[] {4}, -1),
            code(new int[] {0, 1, 2, 4}, 0.5, -0.25, -0.5, -0.75),
            code(new int[] {1, 3, 4}, 0.5, -0.5, -0.5)),
        byMagnitude().setEncodeK(4).transform(TestFrames.frame(ROWS, 2)));
  }

  @Test
  void encodeKOfOneKeepsTheLargestAndOfAllUnitsEach() {
    Dataset<Row> frame = TestFrames.frame(new float[][] {{-2, -3}}, 1);
    SparseAutoencoderModel model = byMagnitude();
    assertCodes(List.of(code(new int[] {4}, -6)), model.setEncodeK(1).transform(frame));
    assertCodes(
        List.of(code(new int[] {0, 1, 2, 3, 4}, -2, -3, 2, 3, -6)),
        model.setEncodeK(5).transform(frame));
    model.clear(model.encodeK());
    assertCodes(BY_MAGNITUDE.subList(0, 1), model.transform(frame));
  }

  /** All five: (-2, -3) + (-2, -3) - (3, 3) + (0.25, -0.25) = (-6.75, -9.25). */
  @Test
  void encodeKIsOfTheReconstructionToo() {
    Row row =
        byMagnitude()
            .setEncodeK(5)
            .setReconstructionCol("reconstruction")
            .transform(TestFrames.frame(new float[][] {{-2, -3}}, 1))
            .head();
    assertEquals(Vectors.dense(-6.75, -9.25), row.getAs("reconstruction"));
  }

  @Test
  void copiesAndSavedModelsKeepEncodeK(@TempDir Path folder) throws Exception {
    Dataset<Row> frame = TestFrames.frame(ROWS, 2);
    SparseAutoencoderModel model = byMagnitude().setEncodeK(4);
    List<Row> codes = model.transform(frame).collectAsList();
    assertEquals(codes, model.copy(ParamMap.empty()).transform(frame).collectAsList());
    model.save(folder.resolve("model").toString());
    SparseAutoencoderModel loaded = SparseAutoencoderModel.load(folder.resolve("model").toString());
    assertEquals(4, loaded.getEncodeK());
    assertEquals(codes, loaded.transform(frame).collectAsList());
    // What was trained stays what it was.
    assertEquals(2, loaded.spec().code().form().unitsKept().getAsInt());
    ParamMap three = ParamMap.empty().put(model.encodeK(), (Object) 3);
    assertEquals(3, model.copy(three).encodingSpec().code().form().unitsKept().getAsInt());
    assertEquals(4, model.encodingSpec().code().form().unitsKept().getAsInt());
  }

  @ParameterizedTest
  @ValueSource(ints = {6, Integer.MAX_VALUE})
  void encodeKBeyondTheCodeIsRefused(int encodeK) {
    assertRefused(
        byMagnitude().setEncodeK(encodeK),
        "encodeK must be in [1, 5], the units of the code; got " + encodeK);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1"})
  void encodeKBelowOneIsRefusedWhenSet(int encodeK) {
    SparseAutoencoderModel model = byMagnitude();
    assertEquals(
        "encodeK must be 1 or more, got " + encodeK,
        assertThrows(IllegalArgumentException.class, () -> model.setEncodeK(encodeK)).getMessage());
    assertFalse(model.isDefined(model.encodeK()));
  }

  @Test
  void encodeKOfADenseModelIsRefused() {
    assertRefused(
        Fixtures.handModel("hand").setEncodeK(2),
        "encodeK is for k-sparse models, but this model keeps all units: clear encodeK, or train with k");
  }

  /** The last of them gives the reconstruction of the whole code. */
  @Test
  void widthsOfAnotherCodeAreRefused() {
    SparseAutoencoderModel model = byMagnitude();
    model.set(model.matryoshkaWidths(), new int[] {1, 3});
    assertEquals(
        "the last of matryoshkaWidths must be 5, the units of the last of the hiddenLayers; got"
            + " [1, 3]",
        assertThrows(
                IllegalArgumentException.class, () -> model.evaluate(TestFrames.frame(ROWS, 1)))
            .getMessage());
  }

  private static void assertRefused(SparseAutoencoderModel model, String message) {
    Dataset<Row> frame = TestFrames.frame(ROWS, 1);
    for (Runnable use :
        Arrays.<Runnable>asList(
            () -> model.transform(frame), () -> model.transformSchema(frame.schema()))) {
      assertEquals(message, assertThrows(IllegalArgumentException.class, use::run).getMessage());
    }
  }
}
