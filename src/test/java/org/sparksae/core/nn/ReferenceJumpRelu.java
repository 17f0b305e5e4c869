package org.sparksae.core.nn;

import java.util.Map;
import java.util.stream.DoubleStream;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.TensorRole;

/**
 * The objective of JumpReLU.
 *
 * <p>Its gradient is by definition that of a function with a ramp {@code R(u) = clamp(u / epsilon +
 * 1/2, 0, 1)} in place of the step, as far as the threshold is concerned:
 *
 * <pre>
 * h_j  = z_j H(z_j - theta0_j) + theta0_j (R(z0_j - theta_j) - R(z0_j - theta0_j))
 * l0_j =     H(z_j - theta0_j) +           R(z0_j - theta_j) - R(z0_j - theta0_j)
 * </pre>
 */
final class ReferenceJumpRelu extends ReferenceOneLayer {
  private final double bandwidth;
  private final int threshold;
  private final Sparsity sparsity;

  ReferenceJumpRelu(AutoencoderSpec spec) {
    super(spec);
    this.bandwidth = ((JumpReluTraining) spec.code().form()).bandwidth();
    this.threshold = offset(TensorRole.THRESHOLD);
    this.sparsity = spec.code().sparsity();
  }

  private double ramp(double u) {
    return Math.min(1, Math.max(0, u / bandwidth + 0.5));
  }

  private boolean isNear(double u) {
    return Math.abs(u) < bandwidth / 2;
  }

  @Override
  public double[] kinks(double[] parameters, double[][] rows) {
    DoubleStream.Builder kinks = DoubleStream.builder();
    for (double[] x : rows) {
      for (int j = 0; j < units; j++) {
        double distance = z(parameters, x, j) - parameters[threshold + j];
        kinks.add(distance);
        kinks.add(distance - bandwidth / 2);
        kinks.add(distance + bandwidth / 2);
      }
    }
    return kinks.build().toArray();
  }

  @Override
  void addTerms(
      double[] parameters,
      double[] held,
      double[][] rows,
      double[] shares,
      Map<String, Double> terms) {
    double reconstruction = 0;
    double l0 = 0;
    double tanh = 0;
    for (int i = 0; i < rows.length; i++) {
      double[] code = new double[units];
      for (int j = 0; j < units; j++) {
        double z0 = z(held, rows[i], j);
        double theta0 = held[threshold + j];
        double moved = ramp(z0 - parameters[threshold + j]) - ramp(z0 - theta0);
        code[j] = (z0 > theta0 ? z(parameters, rows[i], j) : 0) + theta0 * moved;
        l0 += shares[i] * ((z0 > theta0 ? 1 : 0) + moved);
        tanh += shares[i] * Math.tanh(4 * code[j] * norm(parameters, j));
      }
      reconstruction += shares[i] * half(error(parameters, code, rows[i]));
    }
    terms.put("reconstruction", reconstruction);
    terms.put("sparsity1", isTanh() ? sparsity.weight() * tanh : penalty(l0));
  }

  private boolean isTanh() {
    return sparsity.kind() == SparsityKind.TANH;
  }

  private double norm(double[] parameters, int j) {
    double squares = 0;
    for (int c = 0; c < d; c++) {
      squares += Math.pow(parameters[decoder + j * d + c], 2);
    }
    return Math.sqrt(squares);
  }

  /** The slope of the hyperbolic tangent's argument, without its factors. */
  private double tanhSlope(double[] parameters, double h, int j) {
    double tanh = Math.tanh(4 * h * norm(parameters, j));
    return isTanh() ? sparsity.weight() * 4 * (1 - tanh * tanh) : 0;
  }

  private double penalty(double l0) {
    if (sparsity.kind() == SparsityKind.NONE) {
      return 0;
    }
    return sparsity.kind() == SparsityKind.L0
        ? sparsity.weight() * l0
        : sparsity.weight() * Math.pow(l0 / sparsity.target() - 1, 2);
  }

  private double penaltySlope(double l0) {
    if (sparsity.kind() == SparsityKind.NONE || isTanh()) {
      return 0;
    }
    return sparsity.kind() == SparsityKind.L0
        ? sparsity.weight()
        : 2 * sparsity.weight() * (l0 / sparsity.target() - 1) / sparsity.target();
  }

  @Override
  void addGradient(double[] parameters, double[][] rows, double[] shares, double[] gradient) {
    double[][] codes = new double[rows.length][units];
    double l0 = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < units; j++) {
        double z = z(parameters, rows[i], j);
        codes[i][j] = z > parameters[threshold + j] ? z : 0;
        l0 += z > parameters[threshold + j] ? shares[i] : 0;
      }
    }
    for (int i = 0; i < rows.length; i++) {
      double[] error = error(parameters, codes[i], rows[i]);
      addDecoderGradient(shares[i], codes[i], error, gradient);
      for (int j = 0; j < units; j++) {
        double ofTanh = shares[i] * tanhSlope(parameters, codes[i][j], j);
        double norm = norm(parameters, j);
        for (int c = 0; c < d; c++) {
          gradient[decoder + j * d + c] +=
              ofTanh * codes[i][j] * parameters[decoder + j * d + c] / norm;
        }
        double slope = shares[i] * alongDecoder(parameters, j, error) + ofTanh * norm;
        double theta = parameters[threshold + j];
        double distance = z(parameters, rows[i], j) - theta;
        if (isNear(distance)) {
          gradient[threshold + j] -= (theta * slope + penaltySlope(l0) * shares[i]) / bandwidth;
        }
        if (distance > 0) {
          gradient[bias + j] += slope;
          addLinearGradient(parameters, rows[i], j, slope, gradient);
        }
      }
    }
  }
}
