package org.sparksae.core.optim;

import java.util.Arrays;
import java.util.stream.Stream;
import org.sparksae.core.Text;

/**
 * Full-batch limited-memory BFGS: {@code x_{k+1} = x_k - a_k H_k g_k}, where {@code H_k}
 * approximates the inverse Hessian from the last m steps, and a strong-Wolfe line search finds
 * {@code a_k}.
 *
 * <p>Source: Nocedal &amp; Wright, Numerical Optimization, 2nd ed., algorithm 7.5. The caller runs
 * the iterations:
 *
 * <pre>{@code
 * Lbfgs lbfgs = new Lbfgs(function, start, Lbfgs.DEFAULT_HISTORY);
 * while (iterations-- > 0 && lbfgs.iterate() == Lbfgs.Status.STEPPED) {
 *   listener.stepped(lbfgs.value(), lbfgs.gradientNorm());
 * }
 * }</pre>
 *
 * <p>{@link #value()} never rises from one iteration to the next. If it does not change, {@link
 * #gradientNorm()} falls, so iterations end for any function. The function may have rounding errors
 * of float arithmetic. Equal input gives equal bits. Only the constructor allocates arrays: {@code
 * (2 m + 7) n} doubles.
 */
public final class Lbfgs {
  /** The usual history of L-BFGS. More pairs cost memory and rarely save iterations. */
  public static final int DEFAULT_HISTORY = 10;

  /** The result of one {@link #iterate()}. */
  public enum Status {
    /** A step was made. */
    STEPPED,
    /**
     * The gradient is zero, or no step makes progress beyond rounding. The point does not change.
     */
    CONVERGED,
    /**
     * Not even steepest descent finds a lower value, although the gradient predicts one. Usually
     * the gradient does not match the value. The point does not change.
     */
    LINE_SEARCH_FAILED
  }

  private final StrongWolfe lineSearch;
  private final CurvatureHistory history;
  private final double[] direction;
  private final int evaluationsBefore;
  private Sample current;

  /**
   * Starts at a point, which it evaluates.
   *
   * @param function the function to minimise
   * @param start first point, [n]; copied. An empty point is a minimum
   * @param history m, the number of stored steps, at least 1
   * @throws ArithmeticException if value or gradient at the start are not finite
   */
  public Lbfgs(DifferentiableFunction function, double[] start, int history) {
    if (history < 1) {
      throw new IllegalArgumentException("history must be at least 1, got " + history);
    }
    this.lineSearch = new StrongWolfe(function, start.length);
    this.history = new CurvatureHistory(history, start.length);
    this.direction = new double[start.length];
    this.current = new Sample(start.length);
    this.evaluationsBefore = 1;
    System.arraycopy(start, 0, current.point, 0, start.length);
    current.evaluate(function);
    checkStart();
  }

  /**
   * The state of L-BFGS between two iterations.
   *
   * @param point x, [n]
   * @param value f(x)
   * @param gradient its gradient, [n]
   * @param steps s of the stored steps, oldest first, at most [m, n]
   * @param gradientChanges y of the same steps
   * @param evaluations how often the function was evaluated
   */
  public record State(
      double[] point,
      double value,
      double[] gradient,
      double[][] steps,
      double[][] gradientChanges,
      int evaluations) {}

  /**
   * Continues from a saved state with the same bits, without evaluating the function.
   *
   * @param function the function to minimise, the same as before
   * @param state the saved state; copied
   * @param history m, the number of stored steps, the same as before
   */
  public Lbfgs(DifferentiableFunction function, State state, int history) {
    int n = state.point().length;
    checkState(state, n, history);
    this.lineSearch = new StrongWolfe(function, n);
    this.history = new CurvatureHistory(history, n);
    this.direction = new double[n];
    this.current = new Sample(n);
    this.evaluationsBefore = state.evaluations();
    System.arraycopy(state.point(), 0, current.point, 0, n);
    System.arraycopy(state.gradient(), 0, current.gradient, 0, n);
    current.value = state.value();
    current.gradientNorm = Vectors.norm(current.gradient);
    checkStart();
    this.history.restore(state.steps(), state.gradientChanges());
  }

  private static void checkState(State state, int n, int history) {
    boolean sizesAgree =
        state.gradient().length == n
            && state.steps().length == state.gradientChanges().length
            && Stream.of(state.steps(), state.gradientChanges())
                .flatMap(Arrays::stream)
                .allMatch(vector -> vector.length == n);
    if (!sizesAgree || state.steps().length > history || state.evaluations() < 1) {
      throw new IllegalArgumentException(
          Text.format(
              "gradient, steps and gradientChanges must have the point's %d numbers, there must be as"
                  + " many steps as gradientChanges, %d at most, and 1 evaluation or more; got %d"
                  + " numbers of the gradient, %d steps, %d changes and %d evaluations",
              n,
              history,
              state.gradient().length,
              state.steps().length,
              state.gradientChanges().length,
              state.evaluations()));
    }
  }

  /** Returns the current state; the live arrays, which the next iteration overwrites. */
  public State state() {
    return new State(
        current.point,
        current.value,
        current.gradient,
        history.steps(),
        history.gradientChanges(),
        evaluations());
  }

  /** Performs one step, with at most 40 evaluations and usually one or two. */
  public Status iterate() {
    if (current.gradientNorm == 0) {
      return Status.CONVERGED;
    }
    boolean remembers = !history.isEmpty();
    StrongWolfe.Outcome outcome = search();
    if (!isProgress(outcome) && remembers) {
      // Old curvature may be misleading, because of rounding or because the curvature is different
      // here.
      history.clear();
      outcome = search();
    }
    if (isProgress(outcome)) {
      accept();
      return Status.STEPPED;
    }
    return outcome == StrongWolfe.Outcome.FAILED ? Status.LINE_SEARCH_FAILED : Status.CONVERGED;
  }

  /** Returns {@code f} at the current point. */
  public double value() {
    return current.value;
  }

  /** Returns a copy of the current point, [n]. */
  public double[] point() {
    return current.point.clone();
  }

  /** Returns the Euclidean norm of the gradient at the current point. */
  public double gradientNorm() {
    return current.gradientNorm;
  }

  /** Returns how often the function was evaluated, including the start. */
  public int evaluations() {
    return evaluationsBefore + lineSearch.evaluations();
  }

  private void checkStart() {
    if (!Double.isFinite(current.value)) {
      throw new ArithmeticException(
          "The value at the starting point must be finite, got "
              + current.value
              + ": check data and initial parameters for NaN, infinities and very large numbers");
    }
    for (int i = 0; i < current.gradient.length; i++) {
      if (!Double.isFinite(current.gradient[i])) {
        throw new ArithmeticException(
            "The gradient at the starting point must be finite, got "
                + current.gradient[i]
                + " at index "
                + i
                + ": check data and initial parameters for NaN, infinities and very large numbers");
      }
    }
  }

  private StrongWolfe.Outcome search() {
    history.descend(current.gradient, direction);
    if (!(Vectors.dot(current.gradient, direction) < 0)) {
      // Rounding has made the curvature unusable.
      history.clear();
      history.descend(current.gradient, direction);
    }
    // Without curvature the scale of the gradient is unknown: try a move of at most unit length.
    // With curvature, try the full step.
    double firstStep = history.isEmpty() ? Math.min(1, 1 / current.gradientNorm) : 1;
    return lineSearch.search(current, direction, firstStep);
  }

  private boolean isProgress(StrongWolfe.Outcome outcome) {
    return switch (outcome) {
      case STRONG_WOLFE, APPROXIMATE_WOLFE, DECREASE -> {
        Sample next = lineSearch.accepted();
        yield next.value < current.value
            || (next.value == current.value && next.gradientNorm < current.gradientNorm);
      }
      case BELOW_NOISE, FAILED -> false;
    };
  }

  private void accept() {
    Sample previous = current;
    current = lineSearch.accepted();
    history.append(previous, current);
    lineSearch.recycle(previous);
  }
}
