/**
 * Rows of a partition as blocks of floats, their order in an epoch, batches, noise, and sums over
 * rows.
 */
package org.sparksae.core.rows;
