package org.sparksae.spark.exchange.net;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.PeerFailedException;
import org.sparksae.core.collective.RankOrderCollective;
import scala.Option;

/** Several servers in this JVM, as if each were in one of its own, and the ranks of a round. */
final class Executors implements AutoCloseable {
  static final String TOKEN = "a token that nobody guesses";
  static final String HOST = "127.0.0.1";

  final List<ExchangeServer> servers = new ArrayList<>();
  final List<Membership> members = new ArrayList<>();
  private final int[] serverOfRank;

  /** What a rank does. */
  @FunctionalInterface
  interface Work<T> {
    T run(Collective collective) throws Exception;
  }

  /** The settings of an application without security. */
  static SparkConf conf() {
    return new SparkConf(false).set("spark.app.id", "app-1");
  }

  static ExchangeServer server(SparkConf conf) {
    return server(conf, 60_000);
  }

  private static ExchangeServer server(SparkConf conf, long timeoutMs) {
    SecurityManager security =
        new SecurityManager(conf, Option.empty(), SecurityManager.$lessinit$greater$default$3());
    return new ExchangeServer(conf, security, HOST, HOST, timeoutMs);
  }

  /**
   * Starts servers, and joins the ranks.
   *
   * @param serverOfRank the server, from 0 on, at which each rank is
   */
  Executors(SparkConf conf, long timeoutMs, BooleanSupplier cancelled, int... serverOfRank) {
    this.serverOfRank = serverOfRank;
    for (int s = 0; s <= Arrays.stream(serverOfRank).max().orElseThrow(); s++) {
      servers.add(server(conf, timeoutMs));
    }
    for (int r = 0; r < serverOfRank.length; r++) {
      members.add(
          servers
              .get(serverOfRank[r])
              .join(TOKEN, r, serverOfRank.length, timeoutMs, cancelled)
              .orElseThrow());
    }
  }

  Executors(SparkConf conf, int... serverOfRank) {
    this(conf, 60_000, () -> false, serverOfRank);
  }

  List<String> addresses() {
    return members.stream().map(Membership::address).toList();
  }

  ExchangeServer serverOf(int rank) {
    return servers.get(serverOfRank[rank]);
  }

  /** What every rank, in a thread of its own, returned or threw. */
  <T> Map<Integer, Object> outcomes(Work<T> work) throws Exception {
    int size = members.size();
    ExecutorService threads = java.util.concurrent.Executors.newFixedThreadPool(size);
    CyclicBarrier joined = new CyclicBarrier(size);
    try {
      List<Callable<T>> ranks = new ArrayList<>();
      for (Membership member : members) {
        ranks.add(
            () -> {
              joined.await();
              return run(member, work);
            });
      }
      Map<Integer, Object> outcomes = new HashMap<>();
      for (Future<T> rank : threads.invokeAll(ranks)) {
        Object outcome;
        try {
          outcome = rank.get();
        } catch (ExecutionException failed) {
          outcome = failed.getCause();
        }
        outcomes.put(outcomes.size(), outcome);
      }
      return outcomes;
    } finally {
      threads.shutdownNow();
    }
  }

  private <T> T run(Membership member, Work<T> work) throws Exception {
    try (member) {
      try {
        return work.run(new RankOrderCollective(member.connect(addresses())));
      } catch (Throwable failure) {
        member.fail(failure);
        throw failure;
      }
    }
  }

  /** What every rank returned. */
  @SuppressWarnings("unchecked")
  <T> List<T> run(Work<T> work) throws Exception {
    List<T> results = new ArrayList<>();
    Throwable first = null;
    for (Object outcome : outcomes(work).values()) {
      if (outcome instanceof Throwable failure) {
        first = first == null || first instanceof PeerFailedException ? failure : first;
      } else {
        results.add((T) outcome);
      }
    }
    if (first != null) {
      throw new AssertionError("a rank failed", first);
    }
    return results;
  }

  @Override
  public void close() {
    servers.forEach(ExchangeServer::close);
  }
}
