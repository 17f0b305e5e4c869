package org.sparksae.spark.exchange;

import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.apache.spark.util.RpcUtils;
import org.sparksae.core.Text;
import org.sparksae.core.collective.PeerFailedException;
import scala.PartialFunction;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.FutureConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * Where the workers of a round exchange their addresses: an RPC endpoint of the driver, for as long
 * as the round lasts. Spark's own port, authentication and encryption apply.
 *
 * <p>Messages consist of the JDK's classes, because Spark's RPC does not know those of the
 * application's jars.
 */
final class Meeting implements ThreadSafeRpcEndpoint, AutoCloseable {
  private static final long LOOK_MS = 20;

  /** The driver ends the wait: it knows who still reads rows, waits for a slot, or has failed. */
  private static final RpcTimeout NEVER =
      new RpcTimeout(new FiniteDuration(365, TimeUnit.DAYS), "the wait for other workers");

  private final RpcEnv env;
  private final String round;
  private final String[] addresses;
  private final List<RpcCallContext> waiting = new ArrayList<>();
  private volatile int arrived;

  private Meeting(RpcEnv env, String round, int workers) {
    this.env = env;
    this.round = round;
    this.addresses = new String[workers];
  }

  /**
   * Opens the meeting of a new round, on the driver.
   *
   * @param workers number of its ranks
   */
  static Meeting open(int workers) {
    String round = UUID.randomUUID().toString();
    Meeting meeting = new Meeting(SparkEnv.get().rpcEnv(), round, workers);
    meeting.env.setupEndpoint(endpoint(round), meeting);
    return meeting;
  }

  /** Returns the round's name, which nobody can guess. */
  String round() {
    return round;
  }

  /**
   * Arrives as a rank, in its task; returns the addresses of all ranks when the last has arrived.
   *
   * @param cancelled whether this rank was cancelled
   * @throws PeerFailedException if this rank was cancelled, or the round has ended
   */
  static List<String> attend(String round, int rank, String address, BooleanSupplier cancelled) {
    try {
      SparkEnv spark = SparkEnv.get();
      RpcEndpointRef driver = RpcUtils.makeDriverRef(endpoint(round), spark.conf(), spark.rpcEnv());
      CompletableFuture<String[]> all =
          FutureConverters.asJava(
                  driver.<String[]>ask(
                      new SimpleImmutableEntry<>(rank, address),
                      NEVER,
                      ClassTag$.MODULE$.apply(String[].class)))
              .toCompletableFuture();
      while (!cancelled.getAsBoolean()) {
        try {
          return List.of(all.get(LOOK_MS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException notYet) {
          // Look whether the task was cancelled, and wait on.
        }
      }
      throw new PeerFailedException("cancelled while waiting for the other workers");
    } catch (ExecutionException failed) {
      throw missed(rank, address, failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw missed(rank, address, interrupted);
    }
  }

  private static PeerFailedException missed(int rank, String address, Throwable cause) {
    return new PeerFailedException(
        Text.format("rank %d on %s did not meet the others: %s", rank, address, cause), cause);
  }

  private static String endpoint(String round) {
    return "sparsae-round-" + round;
  }

  @Override
  public RpcEnv rpcEnv() {
    return env;
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext caller) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Object message) {
        return message instanceof Map.Entry;
      }

      @Override
      public BoxedUnit apply(Object message) {
        Map.Entry<?, ?> arrival = (Map.Entry<?, ?>) message;
        arrive((Integer) arrival.getKey(), (String) arrival.getValue(), caller);
        return BoxedUnit.UNIT;
      }
    };
  }

  /** Returns how many ranks have arrived. */
  int arrived() {
    return arrived;
  }

  private void arrive(int rank, String address, RpcCallContext caller) {
    if (addresses[rank] != null) {
      caller.sendFailure(new IllegalStateException("rank " + rank + " is there already"));
      return;
    }
    addresses[rank] = address;
    waiting.add(caller);
    arrived = waiting.size();
    if (arrived == addresses.length) {
      waiting.forEach(one -> one.reply(addresses));
      waiting.clear();
    }
  }

  /** Refuses the ranks that still wait. */
  @Override
  public void onStop() {
    waiting.forEach(one -> one.sendFailure(new IllegalStateException("the round has ended")));
    waiting.clear();
  }

  /** Ends the meeting: nobody can arrive any more. */
  @Override
  public void close() {
    env.stop(self());
  }
}
