/**
 * Layers {@code y = f(A x + b)}, dense and convolutional, bound to their places in the flat
 * parameters.
 *
 * <p>Internal: public only for the packages that use it.
 */
package org.sparksae.core.nn.layer;
