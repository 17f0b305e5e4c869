package org.sparksae.core.model;

import java.io.Serializable;

/**
 * What a transcoder predicts: the rows y of another column, where an autoencoder reconstructs its
 * input x.
 *
 * <pre>
 * y_hat = V h(x) + c            with a skip connection  y_hat = V h(x) + c + S (x - p)
 * </pre>
 *
 * <p>p is the pre-bias, a vector of its own, or 0 without one.
 *
 * <p>Stored rows hold x and y side by side, {@code [x, y]}.
 *
 * <p>Source: Dunefsky, Chlenski and Nanda, Transcoders Find Interpretable LLM Feature Circuits
 * (2024); with S: Paulo, Shabalin and Belrose, Transcoders Beat Sparse Autoencoders for
 * Interpretability (2025).
 *
 * @param size number of values of y, 1 or more
 * @param skip whether there is a matrix S, [size, inputSize]; it starts at 0 and does not decay
 */
public record Target(int size, boolean skip) implements Serializable {}
