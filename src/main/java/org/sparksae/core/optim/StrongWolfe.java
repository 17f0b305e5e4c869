package org.sparksae.core.optim;

/**
 * A line search: from {@code x} along {@code d} it finds a step {@code a > 0} with, for {@code
 * phi(a) = f(x + a d)},
 *
 * <pre>
 *   phi(a)    <= phi(0) + c1 a phi'(0)     sufficient decrease
 *   |phi'(a)| <= c2 |phi'(0)|              curvature
 * </pre>
 *
 * <p>Nocedal &amp; Wright, Numerical Optimization, 2nd ed., algorithms 3.5 and 3.6, as one loop:
 * {@code [low, high]} brackets acceptable steps, and {@code high} is infinite until a bracket is
 * known. {@code low} always satisfies sufficient decrease and has the least value so far; {@code
 * high} need not be larger than {@code low}.
 *
 * <p>Where the values differ by less than {@link #NOISE}, sufficient decrease cannot be read from
 * them any more. Then the slopes decide: a step that fulfils the curvature condition and does not
 * raise the value is accepted, which is the approximate Wolfe condition of Hager &amp; Zhang, SIAM
 * J. Optim. 16 (2005), without its allowance for an increase.
 *
 * <p>A trial with a non-finite value or slope counts as infinitely high: the step gets shorter. The
 * value of an accepted step never exceeds the value at the start.
 */
final class StrongWolfe {
  static final double C1 = 1e-4;
  static final double C2 = 0.9;
  static final int MAX_EVALUATIONS = 20;

  /**
   * Relative difference of two values that float arithmetic may produce by rounding: two units in
   * the last place.
   */
  static final double NOISE = 0x1p-22;

  /** How often rounding may swallow a decrease before the search takes the start for a minimum. */
  private static final int MAX_CONTRADICTIONS = 3;

  // Moré & Thuente (1994) extrapolate by at most 4; a first step has no scale at all, hence a
  // little bolder.
  private static final double MIN_GROWTH = 1.1;
  private static final double MAX_GROWTH = 9;

  /**
   * A trial keeps this fraction of the bracket away from its ends, or the bracket would not shrink.
   */
  private static final double MARGIN = 0.1;

  /**
   * Two trials that together shrink the bracket less than this are followed by a bisection (Moré &
   * Thuente).
   */
  private static final double SUFFICIENT_SHRINKAGE = 0.66;

  enum Outcome {
    /** Both conditions hold. */
    STRONG_WOLFE,
    /** The decrease drowns in rounding; the slopes are as wanted. */
    APPROXIMATE_WOLFE,
    /** Out of evaluations with a sufficient decrease, but without the curvature condition. */
    DECREASE,
    /** No lower value is to be had: all that remains is rounding. */
    BELOW_NOISE,
    /** No lower value was found although the slope promises one. */
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

  /** Evaluations since construction. */
  int evaluations() {
    return evaluations;
  }

  /** The point that the last search ended on, unless it found none. */
  Sample accepted() {
    return trial;
  }

  /**
   * Takes a buffer that nobody needs any more for the {@link #accepted()} one, which now is the
   * caller's.
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
   * Moves the trial point to the step; false if no coordinate differs from the start after
   * rounding.
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
   * Watches for values and slopes that disagree: the value did not fall although the mean of the
   * slopes at both ends is negative. Within the noise that is rounding. Beyond it, with the slope
   * still negative at the trial, it is a slope that does not belong to the value, or a wall.
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

  /** No bracket yet, and the value still falls: go further. */
  private double extended() {
    // The trial that became low came from a smaller step; with the start it spans the curve well
    // enough.
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
      // Nothing is known of the far side, not even its scale: from the start by tens, within a
      // bracket by halves.
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
   * The search ended without an acceptable trial: the lowest point, if there is one, still is a
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
