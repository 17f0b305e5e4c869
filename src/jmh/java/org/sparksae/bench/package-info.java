/**
 * Benchmarks: JMH ones of single kernels, and two programs that let the product and PyTorch alternate
 * on the same cores and data. Compiled with the profile {@code bench} only; {@code
 * scripts/benchmark} runs them.
 */
package org.sparksae.bench;
