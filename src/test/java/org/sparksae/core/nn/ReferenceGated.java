package org.sparksae.core.nn;

import java.util.Map;
import java.util.stream.DoubleStream;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.TensorRole;

/** The objective of gated codes. The decoder is held constant in the auxiliary term. */
final class ReferenceGated extends ReferenceOneLayer {
  private final int logScale;
  private final int magnitudeBias;
  private final double weight;

  ReferenceGated(AutoencoderSpec spec) {
    super(spec);
    Sparsity sparsity = spec.code().sparsity();
    this.logScale = offset(TensorRole.LOG_SCALE);
    this.magnitudeBias = offset(TensorRole.MAGNITUDE_BIAS);
    this.weight = sparsity.kind() == SparsityKind.L1 ? sparsity.weight() : 0;
  }

  private double magnitude(double[] parameters, double[] x, int j) {
    return Math.exp(parameters[logScale + j]) * linear(parameters, x, j)
        + parameters[magnitudeBias + j];
  }

  private double[] code(double[] parameters, double[] x) {
    double[] code = new double[units];
    for (int j = 0; j < units; j++) {
      code[j] = z(parameters, x, j) > 0 ? Math.max(0, magnitude(parameters, x, j)) : 0;
    }
    return code;
  }

  private double[] gates(double[] parameters, double[] x) {
    double[] gates = new double[units];
    for (int j = 0; j < units; j++) {
      gates[j] = Math.max(0, z(parameters, x, j));
    }
    return gates;
  }

  @Override
  public double[] kinks(double[] parameters, double[][] rows) {
    DoubleStream.Builder kinks = DoubleStream.builder();
    for (double[] x : rows) {
      for (int j = 0; j < units; j++) {
        kinks.add(z(parameters, x, j));
        kinks.add(magnitude(parameters, x, j));
      }
    }
    return kinks.build().toArray();
  }

  @Override
  double[] ofRow(double[] parameters, double[] held, double[] x) {
    double[] gates = gates(parameters, x);
    return new double[] {
      half(error(parameters, code(parameters, x), x)),
      weight * DoubleStream.of(gates).sum(),
      half(error(held, gates, x))
    };
  }

  @Override
  void addTerms(double[] means, Map<String, Double> terms) {
    terms.put("sparsity1", means[1]);
    terms.put("auxiliary", means[2]);
  }

  @Override
  void addGradient(double[] parameters, double[][] rows, double[] shares, double[] gradient) {
    for (int i = 0; i < rows.length; i++) {
      double[] x = rows[i];
      double[] code = code(parameters, x);
      double[] error = error(parameters, code, x);
      double[] ofGates = error(parameters, gates(parameters, x), x);
      addDecoderGradient(shares[i], parameters, code, error, x, gradient);
      for (int j = 0; j < units; j++) {
        if (z(parameters, x, j) <= 0) {
          continue;
        }
        double scale = Math.exp(parameters[logScale + j]);
        double slope = code[j] > 0 ? shares[i] * alongDecoder(parameters, j, error) : 0;
        double ofGate = shares[i] * (weight + alongDecoder(parameters, j, ofGates));
        gradient[logScale + j] += slope * scale * linear(parameters, x, j);
        gradient[magnitudeBias + j] += slope;
        gradient[bias + j] += ofGate;
        addLinearGradient(parameters, x, j, scale * slope + ofGate, gradient);
      }
    }
  }
}
