package org.sparksae.spark.exchange.net;

/** What came over the network is not what a rank sends. */
final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String message) {
    super(message);
  }
}
