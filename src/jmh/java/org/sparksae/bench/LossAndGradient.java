package org.sparksae.bench;

/**
 * An objective and its gradient, as two implementations are compared by.
 *
 * @param loss J, weight decay included
 * @param gradient dJ, flat as {@link BenchData#initialParameters} lays the parameters
 */
record LossAndGradient(double loss, float[] gradient) {

  /** The larger of the losses' and the gradients' relative distances. */
  double distanceTo(LossAndGradient other) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < gradient.length; i++) {
      double d = gradient[i] - other.gradient[i];
      difference += d * d;
      size += (double) gradient[i] * gradient[i];
    }
    double ofLoss = Math.abs(loss - other.loss) / Math.abs(loss);
    return Math.max(ofLoss, Math.sqrt(difference / size));
  }
}
