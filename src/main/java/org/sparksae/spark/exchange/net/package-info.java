/**
 * The network between workers. It carries arrays between ranks in different JVMs over Spark's own
 * transport, with Spark's authentication and encryption.
 *
 * <p>An {@link org.sparksae.spark.exchange.net.ExchangeServer} per executor listens for the other
 * executors. Each JVM opens one connection to every other JVM of a round, and sends on it:
 *
 * <ul>
 *   <li>a {@link org.sparksae.spark.exchange.net.Message.Hello} with the round's token, once;
 *   <li>a {@link org.sparksae.spark.exchange.net.Message.Shown} for each array that one of its
 *       ranks publishes, with the elements if they are few, otherwise with their number only;
 *   <li>a request for each {@link org.sparksae.spark.exchange.net.Range} that one of its ranks
 *       needs of an array that was announced without elements; the answer is a stream;
 *   <li>a {@link org.sparksae.spark.exchange.net.Message.Failed} when a rank fails, and a {@link
 *       org.sparksae.spark.exchange.net.Message.Left} when a rank is done.
 * </ul>
 *
 * <p>Arrays that arrive go to the round's {@link org.sparksae.core.collective.SharedBoard},
 * together with the arrays of the ranks of this JVM.
 *
 * <p>A client without the application's secret (if {@code spark.authenticate} is on) or without the
 * round's token gets no data, and is disconnected within {@value
 * org.sparksae.spark.exchange.net.Connection#GREETING_SECONDS} seconds.
 */
package org.sparksae.spark.exchange.net;
