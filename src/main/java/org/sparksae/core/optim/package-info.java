/**
 * Optimisers over flat arrays: they see a function, a gradient and a parameter array, never a
 * model, a data set or a cluster. What moves parameters belongs here; what computes gradients or
 * owns the iterations does not. Depends on nothing but {@code java.*}.
 */
package org.sparksae.core.optim;
