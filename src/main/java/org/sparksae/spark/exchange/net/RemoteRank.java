package org.sparksae.spark.exchange.net;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.sparksae.core.collective.SharedBoard;

/** A rank in another JVM: what it has shown is on the board, what is wanted of it is here. */
final class RemoteRank {
  private final SharedBoard board;
  private final List<Transfer> waiting = new ArrayList<>();
  private Link link;

  /** A rank to which there is no connection yet; it may show arrays already. */
  RemoteRank(SharedBoard board) {
    this.board = board;
  }

  /** There is a connection, before anything is fetched. */
  synchronized void connected(Link opened) {
    link = opened;
  }

  /** The rank has shown an array: what was waiting for it begins. */
  synchronized void shown(Message.Shown shown) {
    // The array if it is known, its announcement if not.
    Object entry = shown.values() == null ? shown : shown.values();
    board.publish(shown.rank(), shown.operation(), entry);
    for (Iterator<Transfer> transfers = waiting.iterator(); transfers.hasNext(); ) {
      Transfer transfer = transfers.next();
      if (transfer.range().operation() == shown.operation()) {
        transfers.remove();
        transfer.begin(link, entry);
      }
    }
  }

  /** Begins a transfer, at once if the array was announced. */
  synchronized void fetch(Transfer transfer) {
    Range range = transfer.range();
    Object entry = board.peek(range.rank(), range.operation());
    if (entry == null) {
      waiting.add(transfer);
    } else {
      transfer.begin(link, entry);
    }
  }
}
