package org.sparksae.core.linalg;

/**
 * The constants of one Adam step, which are the same for every parameter: {@code p -= rate * m /
 * (sqrt(v) * vScale + epsilon)}.
 *
 * @param beta1 decay rate of the first moment m
 * @param beta2 decay rate of the second moment v
 * @param rate the step size divided by the bias correction of m
 * @param vScale 1 divided by the square root of the bias correction of v
 * @param epsilon added to the denominator to keep the quotient finite
 */
public record AdamStep(double beta1, double beta2, double rate, double vScale, double epsilon) {}
