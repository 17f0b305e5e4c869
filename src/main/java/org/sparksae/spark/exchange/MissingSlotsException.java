package org.sparksae.spark.exchange;

/** The workers of an all-reduce did not get the slots that they need at the same time. */
public final class MissingSlotsException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** The message says how many slots were needed, for how long, what took them, and what to do. */
  MissingSlotsException(String message) {
    super(message);
  }
}
