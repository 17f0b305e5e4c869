/**
 * The description of a model: layers, kinds of codes, penalties, activations, and the layout of its
 * parameters.
 *
 * <p>Nothing here computes the output of a model; {@link org.sparksae.core.nn}, which depends on
 * this package, does. A new penalty is one constant of {@link
 * org.sparksae.core.model.SparsityKind}, and a new activation is one of {@link
 * org.sparksae.core.model.Activation}.
 */
package org.sparksae.core.model;
