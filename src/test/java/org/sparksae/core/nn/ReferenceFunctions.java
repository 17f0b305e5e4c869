package org.sparksae.core.nn;

import org.sparksae.core.model.Activation;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;

/** The scalar functions of {@link ReferenceAutoencoder}, as textbooks write them. */
final class ReferenceFunctions {
  private ReferenceFunctions() {}

  static double target(Sparsity sparsity, double mean) {
    double rho = sparsity.target();
    if (sparsity.kind() == SparsityKind.KL) {
      return rho * (Math.log(rho) - Math.log(mean))
          + (1 - rho) * (Math.log(1 - rho) - Math.log(1 - mean));
    }
    double epsilon = sparsity.rounding();
    double distance = Math.sqrt(Math.pow(rho - mean, 2) + epsilon * epsilon) - epsilon;
    return sparsity.kind() == SparsityKind.TARGET_L1 ? distance : distance * distance;
  }

  static double targetSlope(Sparsity sparsity, double mean) {
    double rho = sparsity.target();
    if (sparsity.kind() == SparsityKind.KL) {
      return (mean - rho) / (mean * (1 - mean));
    }
    if (sparsity.rounding() > 0) {
      double slope = (mean - rho) / sparsity.rounding();
      return slope / Math.sqrt(1 + slope * slope);
    }
    return sparsity.kind() == SparsityKind.TARGET_L1 ? sign(mean - rho) : 2 * mean - 2 * rho;
  }

  static double activation(Activation activation, double z) {
    return switch (activation) {
      case SIGMOID -> 1 / (1 + Math.exp(-z));
      case TANH -> Math.tanh(z);
      case RELU -> z > 0 ? z : 0;
      case LINEAR -> z;
    };
  }

  static double activationSlope(Activation activation, double z) {
    return switch (activation) {
      case SIGMOID -> Math.exp(-z) / ((1 + Math.exp(-z)) * (1 + Math.exp(-z)));
      case TANH -> 1 / (Math.cosh(z) * Math.cosh(z));
      case RELU -> z > 0 ? 1 : 0;
      case LINEAR -> 1;
    };
  }

  static double l1(double[] h) {
    double sum = 0;
    for (double value : h) {
      sum += Math.abs(value);
    }
    return sum;
  }

  static double l2(double[] h) {
    double sum = 0;
    for (double value : h) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  static double sign(double value) {
    return value > 0 ? 1 : value < 0 ? -1 : 0;
  }
}
