package org.sparksae.spark.exchange;

import org.sparksae.core.collective.Peers;

/** A task's place among the ranks of a round, from when all are there until it closes. */
interface Membership extends AutoCloseable {

  /** The other ranks, as this one sees them. */
  Peers peers();

  /** Tells all other ranks that this one failed: their waits end with its message. */
  void fail(Throwable failure);

  /** Leaves; what other ranks still read stays until they have. */
  @Override
  void close();
}
