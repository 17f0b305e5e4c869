package org.sparksae.core.optim;

import java.io.Serializable;
import java.util.Arrays;
import org.sparksae.core.Text;
import org.sparksae.core.linalg.AdamStep;
import org.sparksae.core.linalg.Kernels;

/**
 * Adam on the range [from, to) of a flat parameter array. Step t with gradient g and step size a
 * is:
 *
 * <pre>
 *   m = b1 m + (1 - b1) g
 *   v = b2 v + (1 - b2) g^2
 *   x = x - a m' / (sqrt(v') + e)  with m' = m / (1 - b1^t),  v' = v / (1 - b2^t)
 * </pre>
 *
 * <p>Every parameter is updated independently, so several ranges that cover the parameters give the
 * same bits as a single range. The owner of a range keeps only the state of that range.
 *
 * <p>A NaN or infinity in the gradient permanently makes that parameter NaN or freezes it, so check
 * gradients first. A gradient beyond {@code 1e19} overflows {@code v} and freezes its parameter.
 *
 * <p>Source: Kingma &amp; Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1.
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
   * @param beta1 b1, the decay rate of the first moment, in [0, 1)
   * @param beta2 b2, the decay rate of the second moment, in [0, 1)
   * @param epsilon e, above 0, which keeps the quotient finite
   */
  public record Settings(double beta1, double beta2, double epsilon) implements Serializable {

    /** The constants of the paper. */
    public static final Settings DEFAULT = new Settings(0.9, 0.999, 1e-8);

    /**
     * Checks the constants.
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
   * Performs one step, which changes only {@code parameters[from..to)}.
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
   * Begins the next step by incrementing t. Call {@link #apply} on ranges to perform it.
   *
   * @param stepSize a, the learning rate of this step; 0 updates the moments only
   */
  public AdamStep beginStep(double stepSize) {
    if (!Double.isFinite(stepSize) || stepSize < 0) {
      throw new IllegalArgumentException(
          "stepSize must be finite and not negative, got " + stepSize);
    }
    steps++;
    // StrictMath gives the same bits on every worker, whatever its processor.
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
   * Performs a step that has begun, for the parameters {@code first <= i < last}, with the gradient
   * {@code gradientScale * gradient[gradientFrom + i - first] + decay * parameters[i]}. Update each
   * parameter once per step. Several threads may update ranges that do not overlap.
   *
   * @param step what {@link #beginStep} returned
   * @param first first index, at least this object's {@code from}
   * @param last index after the last, at most this object's {@code to}
   * @param parameters all parameters, [n] with {@code n >= last}
   * @param gradient the gradient of the range, at {@code gradientFrom}
   * @param gradientFrom index of the gradient of parameter {@code first}
   * @param gradientScale factor of the gradient, such as 1 / the number of rows
   * @param decay the weight of a penalty {@code decay / 2 |x|^2}; 0 for none
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

  /** Sets the moments of parameter {@code i} of the range to 0. */
  public void restart(int i) {
    firstMoment[i - from] = 0;
    secondMoment[i - from] = 0;
  }

  /**
   * The state of Adam for a range of parameters.
   *
   * @param steps t, the number of steps made, 0 or more
   * @param firstMoment m, [n]
   * @param secondMoment v, [n]
   */
  public record State(int steps, float[] firstMoment, float[] secondMoment) {
    /** Returns the state before the first step, for n parameters. */
    public static State start(int n) {
      return new State(0, new float[n], new float[n]);
    }

    /** Returns a copy of the part for {@code from <= i < to}. */
    public State slice(int from, int to) {
      return new State(
          steps,
          Arrays.copyOfRange(firstMoment, from, to),
          Arrays.copyOfRange(secondMoment, from, to));
    }
  }

  /** Returns the current state, [to - from]; the live arrays. */
  public State state() {
    return new State(steps, firstMoment, secondMoment);
  }

  /**
   * Continues from a saved state.
   *
   * @param state the state of [to - from] parameters; copied
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
