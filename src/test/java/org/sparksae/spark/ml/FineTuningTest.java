package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;

/** MLlib's multilayer perceptron goes on where encoder and softmax layer are. */
@ExtendWith(LocalSpark.class)
class FineTuningTest {
  private static final int INPUTS = 5;
  private static final float[][] ROWS = TestFrames.rows(90, INPUTS, 4);

  /** Labels by the size of a value. */
  private static Dataset<Row> frame(int classes) {
    List<Row> rows = new ArrayList<>();
    for (float[] row : ROWS) {
      double label =
          Math.max(0, Math.min(classes - 1, Math.floor((row[2] - 0.33) / 0.36 * classes)));
      rows.add(RowFactory.create(Vectors.dense(TestFrames.doubles(row)), label));
    }
    return LocalSpark.session()
        .createDataFrame(
            rows,
            new StructType()
                .add(TestFrames.FEATURES, SQLDataTypes.VectorType())
                .add("label", DataTypes.DoubleType));
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setHiddenLayers(7, 4).setMaxIter(2);
  }

  private static LogisticRegressionModel softmax(
      SparseAutoencoderModel model, Dataset<Row> frame, String family) {
    return new LogisticRegression()
        .setFeaturesCol("code")
        .setMaxIter(8)
        // Large coefficients, of codes that differ little, would show the rounding of codes.
        .setRegParam(0.01)
        .setStandardization(false)
        .setFamily(family)
        .fit(model.transform(frame));
  }

  private static MultilayerPerceptronClassificationModel tuned(
      MultilayerPerceptronClassifier network, Dataset<Row> frame, int iterations) {
    return network
        .setFeaturesCol(TestFrames.FEATURES)
        .setMaxIter(iterations)
        .setTol(1e-9)
        .fit(frame);
  }

  /** Two classes have one row of coefficients, by a logistic function, or two, by softmax. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"2 binomial", "2 multinomial", "3 multinomial", "5 auto"})
  void beforeItsFirstStepTheNetworkPredictsWhatTheSoftmaxOfCodesDoes(String of) {
    Dataset<Row> frame = frame(Integer.parseInt(of.substring(0, 1)));
    assertPredictsLikeSoftmax(estimator().fit(frame), frame, of.substring(2));
  }

  @Test
  void aPreBiasBecomesPartOfTheNetworksBias() {
    Dataset<Row> frame = frame(3);
    SparseAutoencoder estimator = estimator().setHiddenLayers(7).setPreBias("mean");
    assertPredictsLikeSoftmax(estimator.fit(frame), frame, "auto");
  }

  private static void assertPredictsLikeSoftmax(
      SparseAutoencoderModel model, Dataset<Row> frame, String family) {
    LogisticRegressionModel softmax = softmax(model, frame, family);
    MultilayerPerceptronClassificationModel network =
        tuned(model.toMultilayerPerceptron(softmax), frame, 0);
    List<Row> expected = softmax.transform(model.transform(frame)).collectAsList();
    List<Row> actual = network.transform(frame).collectAsList();
    for (int i = 0; i < ROWS.length; i++) {
      Vector probabilities = expected.get(i).getAs("probability");
      Vector of0 = actual.get(i).getAs("probability");
      assertArrayEquals(probabilities.toArray(), of0.toArray(), 1e-5);
    }
  }

  @Test
  void trainingGoesOnFromThere() {
    Dataset<Row> frame = frame(3);
    SparseAutoencoderModel model = estimator().fit(frame);
    LogisticRegressionModel softmax = softmax(model, frame, "auto");
    MultilayerPerceptronClassifier network = model.toMultilayerPerceptron(softmax);
    assertArrayEquals(new int[] {INPUTS, 7, 4, 3}, network.getLayers());
    assertTrue(errors(tuned(network, frame, 60), frame) < 0.7 * errors(softmax, model, frame));
  }

  private static long errors(
      LogisticRegressionModel softmax, SparseAutoencoderModel model, Dataset<Row> frame) {
    return softmax.transform(model.transform(frame)).where("prediction != label").count();
  }

  private static long errors(MultilayerPerceptronClassificationModel network, Dataset<Row> frame) {
    return network.transform(frame).where("prediction != label").count();
  }

  @Test
  void whatSuchANetworkCannotHoldIsRefused() {
    Dataset<Row> frame = frame(3);
    SparseAutoencoderModel model = estimator().fit(frame);
    LogisticRegressionModel first = softmax(model.setOutputLayer(1), frame, "auto");
    assertEquals(
        "the softmax layer must take the 4 units of the code, but it has 7 features; learn it from"
            + " the last layer's code",
        refusal(model, first));
    SparseAutoencoderModel tanh =
        estimator().setActivation("tanh").setSparsity("none").setMaxIter(0).fit(frame);
    String message =
        "MLlib's multilayer perceptron has sigmoid hidden layers, but hidden layer 1 has activation"
            + " 'tanh'; train with activation = sigmoid";
    assertEquals(message, refusal(tanh, first));
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, tanh::requireMultilayerPerceptron)
            .getMessage());
  }

  private static String refusal(SparseAutoencoderModel model, LogisticRegressionModel softmax) {
    return assertThrows(IllegalArgumentException.class, () -> model.toMultilayerPerceptron(softmax))
        .getMessage();
  }
}
