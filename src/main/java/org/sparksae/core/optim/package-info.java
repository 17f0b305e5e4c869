/**
 * Optimisers over flat arrays. They see a function, a gradient and a parameter array, never a
 * model, a data set or a cluster. They update parameters; they neither compute gradients nor run
 * the iterations.
 */
package org.sparksae.core.optim;
