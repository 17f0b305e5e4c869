/**
 * Statistics over all rows: moments, whitening and scale of the inputs, and a trained model's code
 * statistics and quantiles of its reconstruction errors.
 */
package org.sparksae.core.stats;
