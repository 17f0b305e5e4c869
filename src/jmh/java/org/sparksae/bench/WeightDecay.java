package org.sparksae.bench;

/** The weight decay {@code lambda/2 |W|^2} of the two matrices. */
final class WeightDecay {
  private WeightDecay() {}

  /** The objective with weight decay, from one without. */
  static LossAndGradient added(Case c, float[] parameters, LossAndGradient without) {
    float[] gradient = without.gradient().clone();
    int weights = c.weights();
    int decoder = weights + c.codeBiases();
    double squares = 0;
    for (int i = 0; i < decoder + weights; i++) {
      if (i < weights || i >= decoder) {
        squares += (double) parameters[i] * parameters[i];
        gradient[i] += (float) (Case.REG_PARAM * parameters[i]);
      }
    }
    return new LossAndGradient(without.loss() + 0.5 * Case.REG_PARAM * squares, gradient);
  }
}
