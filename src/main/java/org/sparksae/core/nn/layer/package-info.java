/**
 * Layers {@code y = f(A x + b)}, dense and convolutional, bound to their places in the flat
 * parameters.
 *
 * <p>Internal: public for the packages above it only.
 */
package org.sparksae.core.nn.layer;
