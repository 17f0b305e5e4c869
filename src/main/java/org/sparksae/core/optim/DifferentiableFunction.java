package org.sparksae.core.optim;

/**
 * A function {@code f: R^n -> R} with its gradient: all that a full-batch optimiser needs to know
 * about a model and its data.
 */
@FunctionalInterface
public interface DifferentiableFunction {

  /**
   * Returns {@code f(x)} and fills {@code gradient} with {@code df/dx}.
   *
   * <p>Both arrays belong to the optimiser: do not change {@code x}, overwrite every entry of
   * {@code gradient}, and keep neither. The same {@code x} must give the same bits. Outside the
   * domain, return NaN or an infinity; a line search then shortens its step.
   *
   * @param x point, [n]
   * @param gradient receives the gradient at {@code x}, [n]
   * @return the value at {@code x}
   */
  double evaluate(double[] x, double[] gradient);
}
