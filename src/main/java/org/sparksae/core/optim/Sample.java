package org.sparksae.core.optim;

/**
 * An evaluated point: {@code x}, {@code f(x)}, {@code g = grad f(x)} and {@code |g|_2}. Its buffers
 * are reused.
 */
final class Sample {
  final double[] point;
  final double[] gradient;
  double value;
  double gradientNorm;

  Sample(int dimension) {
    point = new double[dimension];
    gradient = new double[dimension];
  }

  void evaluate(DifferentiableFunction function) {
    value = function.evaluate(point, gradient);
    gradientNorm = Vectors.norm(gradient);
  }
}
