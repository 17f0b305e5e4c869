/**
 * How each {@link org.sparksae.core.model.CodeForm} computes: which activations it keeps, what it
 * asks the rows of a batch, and how the gradient goes back.
 *
 * <p>{@link org.sparksae.core.nn.code.CodeMakers} binds a form to its class. Internal: public for
 * the packages above it only.
 */
package org.sparksae.core.nn.code;
