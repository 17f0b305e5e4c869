/**
 * What the workers of one training need of each other: sums and copies of arrays, the same on every
 * rank.
 *
 * <p>{@link org.sparksae.core.collective.RankOrderCollective} has the algorithms, and sees other
 * ranks only through {@link org.sparksae.core.collective.Peers}: arrays of ranks in the same
 * process through {@link org.sparksae.core.collective.SharedBoard}, of others through whatever
 * network there is.
 */
package org.sparksae.core.collective;
