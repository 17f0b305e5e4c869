package org.sparksae.core.optim;

import java.io.Serializable;
import java.util.Arrays;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.AdamStep;
import org.sparksae.core.linalg.Kernels;

/**
 * Adam on the range [from, to) of a flat parameter array. Step t with gradient g and step size a:
 *
 * <pre>
 *   m = b1 m + (1 - b1) g
 *   v = b2 v + (1 - b2) g^2
 *   x = x - a m' / (sqrt(v') + e)  with m' = m / (1 - b1^t),  v' = v / (1 - b2^t)
 * </pre>
 *
 * <p>Kingma &amp; Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1. Every
 * entry moves on its own, so ranges that cover the parameters give, bit for bit, what one range
 * over all of them gives: the owner of a range keeps the state of that range only.
 *
 * <p>A NaN or infinity in the gradient makes that parameter NaN, or freezes it, for good: check
 * gradients before. A gradient beyond {@code 1e19} overflows {@code v} and moves its parameter no
 * more.
 */
public final class Adam {
  private final Settings settings;
  private final int from;
  private final int to;
  private final float[] firstMoment;
  private final float[] secondMoment;
  private int steps;

  /**
   * The constants of the method.
   *
   * @param beta1 b1, how much of the first moment a step keeps, in [0, 1)
   * @param beta2 b2, how much of the second moment a step keeps, in [0, 1)
   * @param epsilon e, which keeps the quotient finite, above 0
   */
  public record Settings(double beta1, double beta2, double epsilon) implements Serializable {

    /** Those of the paper. */
    public static final Settings DEFAULT = new Settings(0.9, 0.999, 1e-8);

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException naming the Param, its value and the rule
     */
    public Settings {
      require(beta1 >= 0 && beta1 < 1, "adamBeta1 must be in [0, 1), got %s", beta1);
      require(beta2 >= 0 && beta2 < 1, "adamBeta2 must be in [0, 1), got %s", beta2);
      require(
          (float) epsilon > 0 && Double.isFinite(epsilon),
          "adamEpsilon must be above 0, as a float, and finite, got %s",
          epsilon);
    }

    private static void require(boolean rule, String message, double value) {
      if (!rule) {
        throw new IllegalArgumentException(Text.format(message, value));
      }
    }
  }

  /** Starts with the constants of the paper. */
  public Adam(int from, int to) {
    this(from, to, Settings.DEFAULT);
  }

  /**
   * Starts with zero moments for parameters {@code from <= i < to}; an empty range is allowed.
   *
   * @param from first index, at least 0
   * @param to index after the last, at least {@code from}
   */
  public Adam(int from, int to, Settings settings) {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException(
          "The range must satisfy 0 <= from <= to, got from = " + from + ", to = " + to);
    }
    this.settings = settings;
    this.from = from;
    this.to = to;
    this.firstMoment = new float[to - from];
    this.secondMoment = new float[to - from];
  }

  /**
   * Makes one step: changes {@code parameters[from..to)} and nothing else.
   *
   * @param parameters all parameters, [n] with {@code n >= to}
   * @param gradient their gradient, [n]; only the range is read
   * @param stepSize a, the learning rate of this step; 0 updates the moments only
   */
  public void step(float[] parameters, float[] gradient, double stepSize) {
    if (parameters.length < to || gradient.length < to) {
      throw new IllegalArgumentException(
          "parameters and gradient must have at least to = "
              + to
              + " entries, got "
              + parameters.length
              + " and "
              + gradient.length);
    }
    apply(beginStep(stepSize), from, to, parameters, gradient, from, 1f, 0f);
  }

  /**
   * Begins the next step, for {@link #apply} on ranges of it: counts t up.
   *
   * @param stepSize a, the learning rate of this step; 0 updates the moments only
   */
  public AdamStep beginStep(double stepSize) {
    if (!Double.isFinite(stepSize) || stepSize < 0) {
      throw new IllegalArgumentException(
          "stepSize must be finite and not negative, got " + stepSize);
    }
    steps++;
    // StrictMath: the same bits on every worker, whatever its processor.
    double firstCorrection = 1 - StrictMath.pow(settings.beta1(), steps);
    double secondCorrection = 1 - StrictMath.pow(settings.beta2(), steps);
    return new AdamStep(
        settings.beta1(),
        settings.beta2(),
        stepSize / firstCorrection,
        1 / Math.sqrt(secondCorrection),
        settings.epsilon());
  }

  /**
   * Makes a begun step for the parameters {@code first <= i < last}, with the gradient {@code
   * gradientScale * gradient[gradientFrom + i - first] + decay * parameters[i]}. Each parameter
   * once per step; several threads may do so for ranges that do not overlap.
   *
   * @param step what {@link #beginStep} returned
   * @param first first index, at least this object's {@code from}
   * @param last index after the last, at most this object's {@code to}
   * @param parameters all parameters, [n] with {@code n >= last}
   * @param gradient the gradient of the range, at {@code gradientFrom}
   * @param gradientFrom where the gradient of parameter {@code first} is
   * @param gradientScale what the gradient is multiplied by, such as one over the number of rows
   * @param decay the weight of a squared penalty {@code decay / 2 |x|^2}; 0 for none
   */
  public void apply(
      AdamStep step,
      int first,
      int last,
      float[] parameters,
      float[] gradient,
      int gradientFrom,
      float gradientScale,
      float decay) {
    if (first < from || last < first || last > to) {
      throw new IllegalArgumentException(
          Text.format("The range must lie in [%d, %d), got [%d, %d)", from, to, first, last));
    }
    Kernels.adam(
        parameters,
        first,
        gradient,
        gradientFrom,
        gradientScale,
        decay,
        firstMoment,
        secondMoment,
        first - from,
        last - first,
        step);
  }

  /**
   * What Adam remembers of a range of parameters.
   *
   * @param steps t, the number of steps made, 0 or more
   * @param firstMoment m, [n]
   * @param secondMoment v, [n]
   */
  public record State(int steps, float[] firstMoment, float[] secondMoment) {
    /** Before the first step of n parameters. */
    public static State start(int n) {
      return new State(0, new float[n], new float[n]);
    }

    /** A copy of the part about {@code from <= i < to}. */
    public State slice(int from, int to) {
      return new State(
          steps,
          Arrays.copyOfRange(firstMoment, from, to),
          Arrays.copyOfRange(secondMoment, from, to));
    }
  }

  /** Where it is, [to - from]; the live arrays. */
  public State state() {
    return new State(steps, firstMoment, secondMoment);
  }

  /**
   * Continues where another one stopped.
   *
   * @param state of [to - from] parameters; copied
   */
  public void restore(State state) {
    int size = to - from;
    if (state.steps() < 0
        || state.firstMoment().length != size
        || state.secondMoment().length != size) {
      throw new IllegalArgumentException(
          Text.format(
              "steps must not be negative and both moments must have %d entries, got %d, %d and %d",
              size, state.steps(), state.firstMoment().length, state.secondMoment().length));
    }
    this.steps = state.steps();
    System.arraycopy(state.firstMoment(), 0, firstMoment, 0, size);
    System.arraycopy(state.secondMoment(), 0, secondMoment, 0, size);
  }
}
