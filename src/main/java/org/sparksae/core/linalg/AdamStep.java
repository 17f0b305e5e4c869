package org.sparksae.core.linalg;

/**
 * The numbers of one step of Adam, which are the same for every parameter: {@code p -= rate * m /
 * (sqrt(v) * vScale + epsilon)}.
 *
 * @param beta1 how much of the first moment m is kept
 * @param beta2 how much of the second moment v is kept
 * @param rate the step size over the bias correction of m
 * @param vScale one over the square root of the bias correction of v
 * @param epsilon keeps the quotient finite
 */
public record AdamStep(double beta1, double beta2, double rate, double vScale, double epsilon) {}
