/**
 * The training loops.
 *
 * <p>A loop gets its gradients from a {@link org.sparksae.core.train.GradientSource}, which reaches
 * partitions only through {@link org.sparksae.core.rows.PartitionSum}. So training in one process
 * and on a cluster run the same code. A {@link org.sparksae.core.train.RunState} is all that a
 * training needs to continue after an iteration.
 */
package org.sparksae.core.train;
