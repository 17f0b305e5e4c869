package org.sparksae.spark.exchange.net;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.sparksae.core.collective.SharedBoard;

/**
 * A rank in another JVM. Its published arrays are on the board; transfers that wait for them are
 * here.
 */
final class RemoteRank {
  private final SharedBoard board;
  private final List<Transfer> waiting = new ArrayList<>();
  private Link link;

  /** Makes a rank without a connection. It may publish arrays already. */
  RemoteRank(SharedBoard board) {
    this.board = board;
  }

  /** Sets the connection, before anything is fetched. */
  synchronized void connected(Link opened) {
    link = opened;
  }

  /** Records an array that the rank published, and begins the transfers that wait for it. */
  synchronized void shown(Message.Shown shown) {
    // The array if its elements came with the message, otherwise its announcement.
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

  /** Begins a transfer, at once if the array was announced, otherwise later. */
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
