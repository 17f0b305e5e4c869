/**
 * The training loops.
 *
 * <p>A loop sees a {@link org.sparksae.core.train.GradientSource}, which reaches partitions only
 * through {@link org.sparksae.core.rows.PartitionSum}, so one process takes the same path as a
 * cluster. A {@link org.sparksae.core.train.RunState} is all that a training needs to continue
 * after an epoch or iteration.
 */
package org.sparksae.core.train;
