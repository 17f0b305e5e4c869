/**
 * The workers' network: arrays of ranks in other JVMs, over Spark's own transport and so with its
 * authentication and encryption.
 *
 * <p>An {@link org.sparksae.spark.exchange.net.ExchangeServer} per executor listens for the other
 * executors. Each JVM opens one connection to each other JVM of a round, and sends on it:
 *
 * <ul>
 *   <li>a {@link org.sparksae.spark.exchange.net.Message.Hello} with the round's token, once;
 *   <li>a {@link org.sparksae.spark.exchange.net.Message.Shown} for each array that one of its
 *       ranks shows: with the elements if they are few, and with their number only if not;
 *   <li>a request for each {@link org.sparksae.spark.exchange.net.Range} that one of its ranks
 *       wants of an array that was announced without elements; the answer is a stream;
 *   <li>a {@link org.sparksae.spark.exchange.net.Message.Failed} when a rank fails, and a {@link
 *       org.sparksae.spark.exchange.net.Message.Left} when a rank is done.
 * </ul>
 *
 * <p>What arrives is put on the round's {@link org.sparksae.core.collective.SharedBoard}, beside
 * the arrays of the ranks that are here.
 *
 * <p>Who connects without the application's secret (if {@code spark.authenticate} is on) and the
 * round's token gets nothing, and is turned away within {@value
 * org.sparksae.spark.exchange.net.Connection#GREETING_SECONDS} seconds.
 */
package org.sparksae.spark.exchange.net;
