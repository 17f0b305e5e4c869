/**
 * What one pass over the rows measures: moments, whitening and scale of the inputs; statistics of a
 * trained model's codes and quantiles of its reconstruction errors.
 */
package org.sparksae.core.stats;
