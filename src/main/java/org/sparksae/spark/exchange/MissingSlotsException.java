package org.sparksae.spark.exchange;

/** The workers of an all-reduce have not got the slots that they need at once. */
public final class MissingSlotsException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Says how many were needed, for how long, what took them, and what to do. */
  MissingSlotsException(String message) {
    super(message);
  }
}
