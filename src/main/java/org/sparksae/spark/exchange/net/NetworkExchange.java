package org.sparksae.spark.exchange.net;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.sparksae.core.Text;

/**
 * Lets tasks of this executor join rounds of workers that exchange arrays. All tasks of a JVM share
 * one server. The first rank to join starts it, and the last to leave stops it, so nothing remains
 * when the application ends.
 */
public final class NetworkExchange {
  private static ExchangeServer server;
  private static SparkEnv serverEnv;

  private NetworkExchange() {}

  /**
   * Joins a round as one of its ranks. All ranks join, send each other their {@link
   * Membership#address}, and then {@link Membership#connect}.
   *
   * @param token identifies the round; the same for all of its ranks. It must be hard to guess:
   *     whoever knows it, and the application's secret if {@code spark.authenticate} is on, can
   *     take part
   * @param rank in [0, size)
   * @param size number of ranks, 1 or more
   * @param timeoutMs longest wait for another rank, in milliseconds
   * @param cancelled whether this rank was cancelled; checked while it waits
   * @throws IllegalStateException if no Spark application runs in this JVM
   */
  public static synchronized Membership join(
      String token, int rank, int size, long timeoutMs, BooleanSupplier cancelled) {
    Objects.requireNonNull(token, "token");
    if (rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          Text.format("rank must be in [0, size), got %d with size = %d", rank, size));
    }
    SparkEnv env = SparkEnv.get();
    if (env == null) {
      throw new IllegalStateException("no Spark application is running in this JVM");
    }
    if (server != null && serverEnv == env) {
      Optional<Membership> joined = server.join(token, rank, size, timeoutMs, cancelled);
      if (joined.isPresent()) {
        return joined.get();
      }
    }
    server = start(env, timeoutMs);
    serverEnv = env;
    return server.join(token, rank, size, timeoutMs, cancelled).orElseThrow();
  }

  private static ExchangeServer start(SparkEnv env, long timeoutMs) {
    SparkConf conf = env.conf();
    String host = env.blockManager().blockManagerId().host();
    boolean driver = SparkContext$.MODULE$.DRIVER_IDENTIFIER().equals(env.executorId());
    String bindAddress = driver ? conf.get("spark.driver.bindAddress", host) : host;
    return new ExchangeServer(conf, env.securityManager(), host, bindAddress, timeoutMs);
  }
}
