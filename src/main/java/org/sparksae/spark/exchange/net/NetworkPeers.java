package org.sparksae.spark.exchange.net;

import java.util.function.BooleanSupplier;
import org.sparksae.core.Text;
import org.sparksae.core.collective.PeerFailedException;
import org.sparksae.core.collective.Peers;
import org.sparksae.core.collective.SharedBoard;

/** A rank's view of the other ranks of its round, in this JVM and in others. */
final class NetworkPeers implements Peers {
  private final Round round;
  private final SharedBoard board;
  private final int rank;
  private final BooleanSupplier cancelled;

  /**
   * Length of the last array that this rank published. The arrays of all ranks must have this
   * length.
   */
  private int published;

  NetworkPeers(Round round, int rank, BooleanSupplier cancelled) {
    this.round = round;
    this.board = round.board();
    this.rank = rank;
    this.cancelled = cancelled;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return round.size();
  }

  @Override
  public void publish(long operation, float[] values) {
    SharedBoard.requireNotCancelled(cancelled);
    published = values.length;
    round.publish(rank, operation, values);
  }

  @Override
  public void publish(long operation, double[] values) {
    SharedBoard.requireNotCancelled(cancelled);
    published = values.length;
    round.publish(rank, operation, values);
  }

  @Override
  public double[] doubles(int of, long operation) {
    Range none = new Range(of, operation, 0, 0);
    await(none, () -> board.peek(of, operation) != null, () -> false);
    Object entry = board.peek(of, operation);
    if (entry instanceof Message.Shown shown && shown.width() == Double.BYTES) {
      double[] values = new double[shown.length()];
      Range all = new Range(of, operation, 0, values.length);
      Transfer transfer = new Transfer(this, all, values.length, values, 0);
      round.remote(of).fetch(transfer);
      transfer.await();
      return values;
    }
    if (entry instanceof double[] values) {
      return values;
    }
    throw notInStep(announcement(of, operation, entry), published, Double.BYTES);
  }

  @Override
  public float[] shared(int of, long operation) {
    if (!round.isHere(of)) {
      return null;
    }
    Range none = new Range(of, operation, 0, 0);
    await(none, () -> board.peek(of, operation) != null, () -> false);
    Object entry = board.peek(of, operation);
    if (entry instanceof float[] values) {
      return values;
    }
    throw notInStep(announcement(of, operation, entry), published, Float.BYTES);
  }

  @Override
  public Fetch fetch(int of, long operation, int from, int length, float[] into, int at) {
    if (round.isHere(of)) {
      return () -> System.arraycopy(shared(of, operation), from, into, at, length);
    }
    Range range = new Range(of, operation, from, length);
    Transfer transfer = new Transfer(this, range, published, into, at);
    round.remote(of).fetch(transfer);
    return transfer;
  }

  /**
   * Waits for an action of a rank.
   *
   * @param done whether the action is complete
   * @param begun whether it has begun, so that it may still complete although the rank has left
   */
  void await(Range range, BooleanSupplier done, BooleanSupplier begun) {
    board.await(
        () -> {
          // This order matters: whatever the rank did before it left is visible below.
          boolean gone = round.hasGone(range.rank());
          if (done.getAsBoolean()) {
            return true;
          }
          if (gone && !begun.getAsBoolean() && !round.hasFailed()) {
            throw new PeerFailedException(
                Text.format(
                    "%s has left before operation %d",
                    round.describe(range.rank()), range.operation()));
          }
          return false;
        },
        round.describe(range.rank()),
        cancelled);
  }

  /** Fails the round, because a transfer cannot complete. */
  void fetchFailed(Range range, Throwable cause) {
    round.fail(
        new PeerFailedException(
            round.describe(range.rank()) + ": its values cannot be fetched: " + cause.getMessage(),
            cause));
  }

  /** Wakes this JVM's ranks, so that they check again what they wait for. */
  void wake() {
    board.wake();
  }

  boolean hasFailed() {
    return round.hasFailed();
  }

  private static Message.Shown announcement(int of, long operation, Object entry) {
    return entry instanceof Message.Shown shown ? shown : Message.Shown.of(of, operation, entry);
  }

  /** Returns the exception for a rank that publishes another array than this one expects. */
  IllegalStateException notInStep(Message.Shown shown, int length, int width) {
    return new IllegalStateException(
        Text.format(
            "ranks are not in step: rank %d has %d %s in operation %d, rank %d has %d %s",
            shown.rank(),
            shown.length(),
            type(shown.width()),
            shown.operation(),
            rank,
            length,
            type(width)));
  }

  private static String type(int width) {
    return width == Float.BYTES ? "floats" : "doubles";
  }
}
