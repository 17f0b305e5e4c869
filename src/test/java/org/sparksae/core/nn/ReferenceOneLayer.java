package org.sparksae.core.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Gated;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.TensorRole;

/**
 * The objective of a model of one layer that learns what its latents need to be active, and its
 * gradient: slow and obvious, in double, one row, one latent, one weight at a time. Rows of a
 * transcoder hold its input and its target. With products of bfloat16, both sides of {@code W x}
 * and {@code S x} are rounded, and of the gradient of S.
 */
public abstract class ReferenceOneLayer {
  final AutoencoderSpec spec;
  final int d;
  final int out;
  final int units;
  final int encoder;
  final int bias;
  final int decoder;
  final int outputBias;
  private final ReferenceRounding rounding;
  private final int skip;
  private final int preBias;

  /** The weights of the rows together. */
  private double n;

  /** The terms by name, and the gradient. */
  public record Result(Map<String, Double> terms, double[] gradient) {}

  ReferenceOneLayer(AutoencoderSpec spec) {
    this.spec = spec;
    this.rounding = new ReferenceRounding(spec);
    this.d = spec.inputSize();
    this.out = spec.outputSize();
    this.preBias = spec.preBias() ? offset(spec.preBiasTensor()) : -1;
    this.skip = spec.hasSkip() ? offset(ParameterLayout.SKIP) : -1;
    this.units = spec.codeSize();
    this.encoder = offset(ParameterLayout.encoderWeight(1));
    this.bias = offset(ParameterLayout.encoderBias(1));
    this.decoder = spec.tiedWeights() ? encoder : offset(ParameterLayout.decoderWeight(1));
    this.outputBias = offset(ParameterLayout.decoderBias(1));
  }

  /** The reference of a model. */
  public static ReferenceOneLayer of(AutoencoderSpec spec) {
    return spec.code().form() instanceof Gated
        ? new ReferenceGated(spec)
        : new ReferenceJumpRelu(spec);
  }

  private int offset(String name) {
    return spec.layout().tensor(name).offset();
  }

  int offset(TensorRole role) {
    return offset(ParameterLayout.ofCode(1, role));
  }

  /** Objective and gradient. */
  public final Result evaluate(double[] parameters, double[][] rows, double[] weights) {
    double[] gradient = new double[parameters.length];
    n = Arrays.stream(weights).sum();
    double[] shares = Arrays.stream(weights).map(weight -> weight / n).toArray();
    addGradient(parameters, rows, shares, gradient);
    for (int p = 0; p < gradient.length; p++) {
      gradient[p] += decays(p) ? spec.regParam() * parameters[p] : 0;
    }
    return new Result(terms(parameters, parameters, rows, weights), gradient);
  }

  /**
   * The terms, as a function whose derivatives at {@code held} are the gradient by definition. At
   * {@code held} they are the terms themselves.
   */
  public final Map<String, Double> terms(
      double[] parameters, double[] held, double[][] rows, double[] weights) {
    double n = Arrays.stream(weights).sum();
    double[] shares = Arrays.stream(weights).map(weight -> weight / n).toArray();
    double decay = 0;
    for (int p = 0; p < parameters.length; p++) {
      decay += decays(p) ? spec.regParam() / 2 * parameters[p] * parameters[p] : 0;
    }
    double[] means = null;
    for (int i = 0; i < rows.length; i++) {
      double[] ofRow = ofRow(parameters, held, rows[i]);
      means = means == null ? new double[ofRow.length] : means;
      for (int t = 0; t < means.length; t++) {
        means[t] += shares[i] * ofRow[t];
      }
    }
    Map<String, Double> terms = new LinkedHashMap<>();
    terms.put("reconstruction", means[0]);
    terms.put("weightDecay", decay);
    addTerms(means, terms);
    return terms;
  }

  /** Quantities at whose zero the gradient jumps. */
  public abstract double[] kinks(double[] parameters, double[][] rows);

  abstract void addGradient(
      double[] parameters, double[][] rows, double[] shares, double[] gradient);

  /** What the terms of one row are computed from; first the loss of its reconstruction. */
  abstract double[] ofRow(double[] parameters, double[] held, double[] x);

  /** Adds sparsity1 and the terms after it, given the means of {@link #ofRow}. */
  abstract void addTerms(double[] means, Map<String, Double> terms);

  private boolean decays(int p) {
    return spec.layout().tensors().stream()
        .anyMatch(tensor -> tensor.role().decays() && p >= tensor.offset() && p < tensor.end());
  }

  private double input(double[] parameters, double[] x, int c) {
    return spec.preBias() ? x[c] - parameters[preBias + c] : x[c];
  }

  /** What a weight and a value contribute to W (x - c), of which only W x is rounded. */
  private double product(double[] parameters, int weight, double[] x, int c) {
    double moved = spec.preBias() ? parameters[weight] * parameters[preBias + c] : 0;
    return rounding.of(parameters[weight]) * rounding.of(x[c]) - moved;
  }

  /** W (x - c), without the bias. */
  double linear(double[] parameters, double[] x, int j) {
    double z = 0;
    for (int c = 0; c < d; c++) {
      z += product(parameters, encoder + j * d + c, x, c);
    }
    return z;
  }

  /** What rounding adds to z. */
  double roundingOf(double[] parameters, double[] x, int j) {
    double exact = 0;
    for (int c = 0; c < d; c++) {
      exact += parameters[encoder + j * d + c] * input(parameters, x, c);
    }
    return linear(parameters, x, j) - exact;
  }

  double z(double[] parameters, double[] x, int j) {
    return linear(parameters, x, j) + parameters[bias + j];
  }

  /** x_hat - x, with the decoder of {@code parameters}. */
  double[] error(double[] parameters, double[] code, double[] x) {
    double[] error = new double[out];
    for (int c = 0; c < out; c++) {
      error[c] = parameters[outputBias + c] - x[spec.cut() + c];
      for (int in = 0; skip >= 0 && in < d; in++) {
        error[c] += product(parameters, skip + c * d + in, x, in);
      }
      for (int j = 0; j < units; j++) {
        error[c] += code[j] * parameters[decoder + j * out + c];
      }
    }
    return error;
  }

  double alongDecoder(double[] parameters, int j, double[] error) {
    double sum = 0;
    for (int c = 0; c < out; c++) {
      sum += parameters[decoder + j * out + c] * error[c];
    }
    return sum;
  }

  void addDecoderGradient(
      double share,
      double[] parameters,
      double[] code,
      double[] error,
      double[] x,
      double[] gradient) {
    for (int c = 0; c < out; c++) {
      gradient[outputBias + c] += share * error[c];
      // The sums over rows are divided by N after the products.
      double side = rounding.of(n * share * error[c]) / n;
      for (int in = 0; skip >= 0 && in < d; in++) {
        int weight = skip + c * d + in;
        gradient[weight] += side * rounding.of(x[in]);
        if (spec.preBias()) {
          gradient[weight] -= share * error[c] * parameters[preBias + in];
          gradient[preBias + in] -= share * error[c] * parameters[weight];
        }
      }
      for (int j = 0; j < units; j++) {
        gradient[decoder + j * out + c] += share * code[j] * error[c];
      }
    }
  }

  /** What a slope of W (x - c) of a latent adds. */
  void addLinearGradient(double[] parameters, double[] x, int j, double slope, double[] gradient) {
    for (int c = 0; c < d; c++) {
      gradient[encoder + j * d + c] += slope * input(parameters, x, c);
      if (spec.preBias()) {
        gradient[preBias + c] -= slope * parameters[encoder + j * d + c];
      }
    }
  }

  static double half(double[] error) {
    return 0.5 * Arrays.stream(error).map(value -> value * value).sum();
  }
}
