package org.sparksae.bench;

import java.util.Arrays;

/**
 * Objective and gradient of a TopK case, written out in double: what both sides are checked
 * against.
 *
 * <pre>
 * z = We x + be;  h = z where z is among the k largest, else 0;  r = Wd h + bd
 * J = (1/N) sum over i of 1/2 |r_i - x_i|^2 + lambda/2 (|We|^2 + |Wd|^2)
 * </pre>
 */
final class TopKReference {
  private final Case c;
  private final float[] p;
  private final int decoder;
  private final double[] gradient;
  private double loss;

  private TopKReference(Case c, float[] parameters) {
    this.c = c;
    this.p = parameters;
    this.decoder = c.hidden() * c.inputs() + c.hidden();
    this.gradient = new double[parameters.length];
  }

  static LossAndGradient lossAndGradient(Case c, BenchData data, float[] parameters) {
    TopKReference reference = new TopKReference(c, parameters);
    for (int i = 0; i < data.count(); i++) {
      int from = i * c.inputs();
      reference.addRow(Arrays.copyOfRange(data.rows(), from, from + c.inputs()), data.count());
    }
    float[] gradient = new float[parameters.length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) reference.gradient[i];
    }
    return WeightDecay.added(c, parameters, new LossAndGradient(reference.loss, gradient));
  }

  private void addRow(float[] x, int n) {
    int d = c.inputs();
    double[] z = new double[c.hidden()];
    for (int j = 0; j < z.length; j++) {
      z[j] = p[z.length * d + j];
      for (int i = 0; i < d; i++) {
        z[j] += (double) p[j * d + i] * x[i];
      }
    }
    double[] sorted = z.clone();
    Arrays.sort(sorted);
    double smallestKept = sorted[z.length - c.k()];
    double[] error = new double[d];
    for (int i = 0; i < d; i++) {
      error[i] = p[decoder + d * z.length + i] - x[i];
      for (int j = 0; j < z.length; j++) {
        error[i] += z[j] >= smallestKept ? p[decoder + i * z.length + j] * z[j] : 0;
      }
      loss += 0.5 * error[i] * error[i] / n;
      gradient[decoder + d * z.length + i] += error[i] / n;
    }
    for (int j = 0; j < z.length; j++) {
      if (z[j] >= smallestKept) {
        addKept(x, error, j, z[j], n);
      }
    }
  }

  private void addKept(float[] x, double[] error, int j, double code, int n) {
    double delta = 0;
    for (int i = 0; i < error.length; i++) {
      int weight = decoder + i * c.hidden() + j;
      delta += error[i] * p[weight];
      gradient[weight] += error[i] * code / n;
    }
    for (int i = 0; i < error.length; i++) {
      gradient[j * error.length + i] += delta * x[i] / n;
    }
    gradient[c.hidden() * error.length + j] += delta / n;
  }
}
