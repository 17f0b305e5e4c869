/**
 * Collective operations between the workers of one training: sums and copies of arrays, the same on
 * every rank.
 *
 * <p>{@link org.sparksae.core.collective.RankOrderCollective} implements them and sees other ranks
 * only through {@link org.sparksae.core.collective.Peers}. Ranks in the same process exchange
 * arrays through {@link org.sparksae.core.collective.SharedBoard}, others over a network.
 */
package org.sparksae.core.collective;
