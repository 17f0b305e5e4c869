package org.sparksae.core.nn;

import java.util.Map;
import java.util.stream.DoubleStream;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.DecoderNorm;
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
 *
 * <p>With {@code auxiliary = w (1/N) sum_i v_i sum_j max(0, theta_j - z_ij) |V_j|}; a length that
 * is always 1 is a constant there.
 */
final class ReferenceJumpRelu extends ReferenceOneLayer {
  private final double bandwidth;
  private final int threshold;
  private final Sparsity sparsity;
  private final double ofInactive;

  ReferenceJumpRelu(AutoencoderSpec spec) {
    super(spec);
    this.bandwidth = ((JumpReluTraining) spec.code().form()).bandwidth();
    this.threshold = offset(TensorRole.THRESHOLD);
    this.sparsity = spec.code().sparsity();
    this.ofInactive = ((JumpReluTraining) spec.code().form()).preActivationWeight();
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
  double[] ofRow(double[] parameters, double[] held, double[] x) {
    double[] code = new double[units];
    double l0 = 0;
    double tanh = 0;
    double below = 0;
    for (int j = 0; j < units; j++) {
      double z0 = z(held, x, j);
      double theta0 = held[threshold + j];
      double moved = ramp(z0 - parameters[threshold + j]) - ramp(z0 - theta0);
      code[j] = (z0 > theta0 ? z(parameters, x, j) : 0) + theta0 * moved;
      l0 += (z0 > theta0 ? 1 : 0) + moved;
      tanh += Math.tanh(4 * code[j] * norm(parameters, j));
      double distance = parameters[threshold + j] - z(parameters, x, j);
      double loss = Math.max(0, distance) + roundingOf(parameters, x, j);
      below += loss * norm(isUnit() ? held : parameters, j);
    }
    return new double[] {half(error(parameters, code, x)), l0, tanh, below};
  }

  @Override
  void addTerms(double[] means, Map<String, Double> terms) {
    terms.put("sparsity1", isTanh() ? sparsity.weight() * means[2] : penalty(means[1]));
    if (ofInactive > 0) {
      terms.put("auxiliary", ofInactive * means[3]);
    }
  }

  private boolean isUnit() {
    return spec.decoderNorm() == DecoderNorm.UNIT;
  }

  private boolean isTanh() {
    return sparsity.kind() == SparsityKind.TANH;
  }

  private double norm(double[] parameters, int j) {
    double squares = 0;
    for (int c = 0; c < out; c++) {
      squares += Math.pow(parameters[decoder + j * out + c], 2);
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
      addDecoderGradient(shares[i], parameters, codes[i], error, rows[i], gradient);
      for (int j = 0; j < units; j++) {
        double ofTanh = shares[i] * tanhSlope(parameters, codes[i][j], j);
        double norm = norm(parameters, j);
        for (int c = 0; c < out; c++) {
          gradient[decoder + j * out + c] +=
              ofTanh * codes[i][j] * parameters[decoder + j * out + c] / norm;
        }
        double slope = shares[i] * alongDecoder(parameters, j, error) + ofTanh * norm;
        double theta = parameters[threshold + j];
        double distance = z(parameters, rows[i], j) - theta;
        if (isNear(distance)) {
          gradient[threshold + j] -= (theta * slope + penaltySlope(l0) * shares[i]) / bandwidth;
        }
        double slopeOfZ = distance > 0 ? slope : -ofInactive * shares[i] * norm;
        gradient[bias + j] += slopeOfZ;
        addLinearGradient(parameters, rows[i], j, slopeOfZ, gradient);
        gradient[threshold + j] += distance < 0 ? ofInactive * shares[i] * norm : 0;
        double below = Math.max(0, -distance) + roundingOf(parameters, rows[i], j);
        for (int c = 0; c < out && !isUnit(); c++) {
          gradient[decoder + j * out + c] +=
              ofInactive * shares[i] * below * parameters[decoder + j * out + c] / norm;
        }
      }
    }
  }
}
