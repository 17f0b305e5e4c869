package org.sparksae.core.optim;

/**
 * A line search from {@code x} along {@code d}. With {@code phi(a) = f(x + a d)}, it finds a step
 * {@code a > 0} such that
 *
 * <pre>
 *   phi(a)    <= phi(0) + c1 a phi'(0)     sufficient decrease
 *   |phi'(a)| <= c2 |phi'(0)|              curvature
 * </pre>
 *
 * <p>It implements algorithms 3.5 and 3.6 of Nocedal &amp; Wright, Numerical Optimization, 2nd ed.,
 * as one loop: {@code [low, high]} brackets acceptable steps, and {@code high} is infinite until a
 * bracket is known. {@code low} always satisfies sufficient decrease and has the lowest value so
 * far; {@code high} may be less than {@code low}.
 *
 * <p>If the values differ by less than {@link #NOISE}, they cannot show a sufficient decrease. Then
 * the slopes decide: a step is accepted if it satisfies the curvature condition and does not raise
 * the value. This is the approximate Wolfe condition of Hager &amp; Zhang, SIAM J. Optim. 16
 * (2005), without its allowance for an increase.
 *
 * <p>A trial with a non-finite value or slope counts as infinitely high, so the step is shortened.
 * The value of an accepted step never exceeds the value at the start.
 */
final class StrongWolfe {
  static final double C1 = 1e-4;
  static final double C2 = 0.9;
  static final int MAX_EVALUATIONS = 20;

  /**
   * Relative difference of two values that may be due to float rounding: two units in the last
   * place.
   */
  static final double NOISE = 0x1p-22;

  /** How often rounding may hide a decrease before the search takes the start for a minimum. */
  private static final int MAX_CONTRADICTIONS = 3;

  // Moré & Thuente (1994) extrapolate by at most 4. A first step has an unknown scale, so allow
  // more.
  private static final double MIN_GROWTH = 1.1;
  private static final double MAX_GROWTH = 9;

  /**
   * A trial stays this fraction of the bracket away from its ends; otherwise the bracket might not
   * shrink.
   */
  private static final double MARGIN = 0.1;

  /**
   * A bisection follows if two trials together leave more than this fraction of the bracket (Moré &
   * Thuente).
   */
  private static final double SUFFICIENT_SHRINKAGE = 0.66;

  enum Outcome {
    /** Both conditions hold. */
    STRONG_WOLFE,
    /** The decrease is within rounding, but the curvature condition holds. */
    APPROXIMATE_WOLFE,
    /** The search ended with a sufficient decrease, but the curvature condition does not hold. */
    DECREASE,
    /** No lower value was found; the differences are within rounding. */
    BELOW_NOISE,
    /** No lower value was found, although the slope predicts one. */
    FAILED
  }

  private final DifferentiableFunction function;
  private Sample trial;
  private Sample low;
  private int evaluations;

  // State of one search. Steps are multiples of the direction.
  private Sample start;
  private double startSlope;
  private double step;
  private double slope;
  private double lowStep;
  private double lowValue;
  private double lowSlope;
  private double highStep;
  private double highValue;
  private double highSlope;
  private double lastWidth;
  private double widthBefore;
  private int contradictions;
  private boolean slopeIsBelied;

  StrongWolfe(DifferentiableFunction function, int dimension) {
    this.function = function;
    this.trial = new Sample(dimension);
    this.low = new Sample(dimension);
  }

  /**
   * Searches from {@code from} along {@code direction}.
   *
   * @param from an evaluated point with finite value and gradient
   * @param direction [n], a descent direction: {@code direction . from.gradient < 0}
   * @param firstStep the first trial, positive
   */
  Outcome search(Sample from, double[] direction, double firstStep) {
    begin(from, direction, firstStep);
    for (int spent = 0; spent < MAX_EVALUATIONS; spent++) {
      if (!moveTrial(direction)) {
        break;
      }
      trial.evaluate(function);
      evaluations++;
      slope = Vectors.dot(trial.gradient, direction);
      if (isFinite() && hasCurvature() && trial.value <= start.value) {
        if (hasSufficientDecrease()) {
          return Outcome.STRONG_WOLFE;
        }
        if (isWithinNoise()) {
          return Outcome.APPROXIMATE_WOLFE;
        }
      }
      noteContradiction();
      if (contradictions == MAX_CONTRADICTIONS) {
        break;
      }
      narrow();
      step = nextStep();
    }
    return settle();
  }

  /** Returns the number of evaluations since construction. */
  int evaluations() {
    return evaluations;
  }

  /** Returns the point that the last search accepted, if it did. */
  Sample accepted() {
    return trial;
  }

  /**
   * Takes an unused buffer in exchange for {@link #accepted()}, which now belongs to the caller.
   */
  void recycle(Sample spare) {
    trial = spare;
  }

  private void begin(Sample from, double[] direction, double firstStep) {
    start = from;
    startSlope = Vectors.dot(from.gradient, direction);
    step = firstStep;
    lowStep = 0;
    lowValue = from.value;
    lowSlope = startSlope;
    highStep = Double.POSITIVE_INFINITY;
    highValue = Double.NaN;
    highSlope = Double.NaN;
    lastWidth = Double.POSITIVE_INFINITY;
    widthBefore = Double.POSITIVE_INFINITY;
    contradictions = 0;
    slopeIsBelied = false;
  }

  /**
   * Moves the trial point to the step. Returns false if, after rounding, no coordinate differs from
   * the start.
   */
  private boolean moveTrial(double[] direction) {
    boolean moved = false;
    for (int i = 0; i < direction.length; i++) {
      double x = start.point[i];
      double next = x + step * direction[i];
      trial.point[i] = next;
      moved |= next != x;
    }
    return moved;
  }

  private boolean hasSufficientDecrease() {
    return trial.value <= start.value + C1 * step * startSlope;
  }

  private boolean hasCurvature() {
    return Math.abs(slope) <= -C2 * startSlope;
  }

  private boolean isWithinNoise() {
    return Math.abs(trial.value - start.value) <= NOISE * Math.abs(start.value);
  }

  private boolean isFinite() {
    return Double.isFinite(trial.value) && Double.isFinite(slope);
  }

  /**
   * Notes values and slopes that contradict each other: the value did not fall, although the mean
   * of the slopes at both ends is negative. Within the noise this is rounding. Beyond it, if the
   * slope at the trial is still negative, either the slope does not match the value or there is a
   * wall.
   */
  private void noteContradiction() {
    if (!isWithinNoise()) {
      slopeIsBelied = !isFinite() || (trial.value > start.value && slope < 0);
    } else if (trial.value >= start.value && startSlope + slope < 0) {
      contradictions++;
    }
  }

  /** Replaces one end of the bracket by the trial (algorithm 3.6). */
  private void narrow() {
    if (!isFinite() || !hasSufficientDecrease() || trial.value >= lowValue) {
      highStep = step;
      highValue = isFinite() ? trial.value : Double.POSITIVE_INFINITY;
      highSlope = slope;
      return;
    }
    if (slope * (highStep - lowStep) >= 0) {
      highStep = lowStep;
      highValue = lowValue;
      highSlope = lowSlope;
    }
    lowStep = step;
    lowValue = trial.value;
    lowSlope = slope;
    Sample lowest = trial;
    trial = low;
    low = lowest;
  }

  private double nextStep() {
    return Double.isInfinite(highStep) ? extended() : interpolated();
  }

  /** Extends the step: there is no bracket yet, and the value still falls. */
  private double extended() {
    // The trial that became low is beyond the previous ones; with the start it describes the curve
    // well enough.
    double minimum = Cubic.minimum(0, start.value, startSlope, lowStep, lowValue, lowSlope);
    double least = lowStep * (1 + MIN_GROWTH);
    double most = lowStep * (1 + MAX_GROWTH);
    return minimum > lowStep ? Math.min(Math.max(minimum, least), most) : most;
  }

  private double interpolated() {
    double width = Math.abs(highStep - lowStep);
    boolean shrinksSlowly = width > SUFFICIENT_SHRINKAGE * widthBefore;
    widthBefore = lastWidth;
    lastWidth = width;
    if (Double.isInfinite(highValue)) {
      // Nothing is known about the far side, not even its scale: divide the step by ten from the
      // start, or by two within a bracket.
      return lowStep == 0 ? MARGIN * highStep : middle();
    }
    if (shrinksSlowly) {
      return middle();
    }
    double minimum = Cubic.minimum(lowStep, lowValue, lowSlope, highStep, highValue, highSlope);
    double nearest = Math.min(lowStep, highStep) + MARGIN * width;
    double farthest = Math.max(lowStep, highStep) - MARGIN * width;
    return Double.isFinite(minimum) ? Math.min(Math.max(minimum, nearest), farthest) : middle();
  }

  private double middle() {
    return lowStep + 0.5 * (highStep - lowStep);
  }

  /**
   * Ends the search without an acceptable trial. The lowest point, if there is one, is still a
   * decrease.
   */
  private Outcome settle() {
    if (lowStep > 0) {
      Sample lowest = low;
      low = trial;
      trial = lowest;
      return Outcome.DECREASE;
    }
    return slopeIsBelied ? Outcome.FAILED : Outcome.BELOW_NOISE;
  }
}
