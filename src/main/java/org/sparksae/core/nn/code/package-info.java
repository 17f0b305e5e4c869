/**
 * Computes each {@link org.sparksae.core.model.CodeForm}: which activations it keeps, what it asks
 * the rows of a batch, and how the gradient passes through it.
 *
 * <p>{@link org.sparksae.core.nn.code.CodeMakers} chooses the class for a form. One element of a
 * code that keeps few values is called a latent (a hidden unit). Internal: public only for the
 * packages that use it.
 */
package org.sparksae.core.nn.code;
