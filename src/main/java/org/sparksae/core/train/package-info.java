/**
 * The training loops, and the port through which they reach the rows.
 *
 * <p>A loop sees a {@link org.sparksae.core.train.GradientSource}; that sees partitions only
 * through {@link org.sparksae.core.train.PartitionSum}, so one process takes the same path as a
 * cluster. What a training is between two passes is a {@link org.sparksae.core.train.RunState}, and
 * can be kept in a {@link org.sparksae.core.train.CheckpointFile}; where that lies belongs
 * elsewhere.
 */
package org.sparksae.core.train;
