package org.sparksae.spark.exchange.net;

/** A message from the network is not one that a rank sends. */
final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message) {
    super(message);
  }
}
