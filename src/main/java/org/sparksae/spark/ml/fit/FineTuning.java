package org.sparksae.spark.ml.fit;

import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vectors;
import org.sparksae.core.Text;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout.Tensor;

/**
 * An encoder and a softmax layer as the start of MLlib's multilayer perceptron, which trains all of
 * their weights with labels.
 *
 * <pre>
 * h_k = sigmoid(W_k h_(k-1) + b_k);   P(class c | x) = softmax(B h_K + a)_c
 * initialWeights = for each layer: W column by column, then b
 * </pre>
 */
public final class FineTuning {
  private FineTuning() {}

  /**
   * See {@code SparseAutoencoderModel.toMultilayerPerceptron}.
   *
   * @param parameters of the model, [p]
   */
  public static MultilayerPerceptronClassifier network(
      AutoencoderSpec spec, float[] parameters, LogisticRegressionModel softmax) {
    requireSigmoid(spec);
    if (softmax.numFeatures() != spec.codeSize()) {
      throw new IllegalArgumentException(
          Text.format(
              "the softmax layer must take the %d units of the code, but it has %d features; learn it from the last layer's code",
              spec.codeSize(), softmax.numFeatures()));
    }
    int classes = softmax.numClasses();
    int[] layers = new int[spec.depth() + 2];
    for (int k = 0; k <= spec.depth(); k++) {
      layers[k] = spec.size(k);
    }
    layers[spec.depth() + 1] = classes;
    return new MultilayerPerceptronClassifier()
        .setLayers(layers)
        .setInitialWeights(Vectors.dense(weights(spec, parameters, softmax)));
  }

  /**
   * Refuses a model that such a network cannot hold.
   *
   * @throws IllegalArgumentException naming the layer and its activation
   */
  public static void requireSigmoid(AutoencoderSpec spec) {
    for (int k = 0; k < spec.depth(); k++) {
      Activation activation = spec.hiddenLayers().get(k).activation();
      if (activation != Activation.SIGMOID) {
        throw new IllegalArgumentException(
            Text.format(
                "MLlib's multilayer perceptron has sigmoid hidden layers, but hidden layer %d has activation '%s'; train with activation = sigmoid",
                k + 1, activation.paramName()));
      }
    }
  }

  private static double[] weights(
      AutoencoderSpec spec, float[] parameters, LogisticRegressionModel softmax) {
    int classes = softmax.numClasses();
    int size = classes * (spec.codeSize() + 1);
    for (int k = 1; k <= spec.depth(); k++) {
      size += spec.size(k) * (spec.size(k - 1) + 1);
    }
    double[] weights = new double[size];
    int at = 0;
    for (int k = 0; k < spec.depth(); k++) {
      at = putLayer(spec, parameters, "encoder." + k, weights, at);
    }
    putSoftmax(softmax, weights, at);
    return weights;
  }

  private static int putLayer(
      AutoencoderSpec spec, float[] parameters, String name, double[] weights, int from) {
    Tensor w = spec.layout().tensor(name + ".weight");
    Tensor b = spec.layout().tensor(name + ".bias");
    int at = from;
    for (int in = 0; in < w.columns(); in++) {
      for (int out = 0; out < w.rows(); out++) {
        weights[at++] = parameters[w.offset() + out * w.columns() + in];
      }
    }
    for (int out = 0; out < b.rows(); out++) {
      weights[at++] = parameters[b.offset() + out] - moved(spec, parameters, w, out);
    }
    return at;
  }

  /** With a pre-bias c, the perceptron's first layer has {@code b - W c}. */
  private static double moved(AutoencoderSpec spec, float[] parameters, Tensor w, int out) {
    double sum = 0;
    if (spec.preBias()) {
      int c = spec.layout().tensor(spec.preBiasTensor()).offset();
      int row = w.offset() + out * w.columns();
      for (int in = 0; in < w.columns(); in++) {
        sum += (double) parameters[row + in] * parameters[c + in];
      }
    }
    return sum;
  }

  /**
   * A model of two classes may have only one row, that of a logistic function; the other row is
   * then 0.
   */
  private static void putSoftmax(LogisticRegressionModel softmax, double[] weights, int from) {
    int classes = softmax.numClasses();
    Matrix coefficients = softmax.coefficientMatrix();
    int without = classes - coefficients.numRows();
    int at = from;
    for (int in = 0; in < coefficients.numCols(); in++) {
      for (int row = 0; row < classes; row++) {
        weights[at++] = row < without ? 0 : coefficients.apply(row - without, in);
      }
    }
    for (int row = 0; row < classes; row++) {
      weights[at++] = row < without ? 0 : softmax.interceptVector().apply(row - without);
    }
  }
}
