/**
 * What a model is, as data: layers, kinds of codes, penalties, activations, and where its
 * parameters lie.
 *
 * <p>Nothing here computes a model's output: that is {@link org.sparksae.core.nn}, which stands
 * above. A new penalty is one constant of {@link org.sparksae.core.model.SparsityKind}, a new
 * activation one of {@link org.sparksae.core.model.Activation}.
 */
package org.sparksae.core.model;
