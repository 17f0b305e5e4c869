package org.sparksae.spark.exchange;

import org.sparksae.core.collective.Peers;

/**
 * A task's membership in a round as one of its ranks, from when all have joined until it closes.
 */
interface Membership extends AutoCloseable {

  /** Returns the other ranks, as this one sees them. */
  Peers peers();

  /** Tells all other ranks that this one failed. Their waits end with its message. */
  void fail(Throwable failure);

  /** Leaves the round. Arrays that other ranks still read stay available. */
  @Override
  void close();
}
