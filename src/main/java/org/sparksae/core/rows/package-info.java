/**
 * The rows of a partition as blocks of floats: their order in an epoch, the batches that they form,
 * the noise added to them, and sums over them.
 */
package org.sparksae.core.rows;
