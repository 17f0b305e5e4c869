package org.sparksae.spark.exchange.net;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.sparksae.core.collective.SharedBoard;

/** A rank in another JVM: what it has shown is on the board, what is wanted of it is here. */
final class RemoteRank {
  private final SharedBoard board;
  private final Link link;
  private final List<Transfer> waiting = new ArrayList<>();

  RemoteRank(SharedBoard board, Link link) {
    this.board = board;
    this.link = link;
  }

  /** The rank has shown an array: what was waiting for it begins. */
  synchronized void shown(Message.Shown shown) {
    put(board, shown);
    for (Iterator<Transfer> transfers = waiting.iterator(); transfers.hasNext(); ) {
      Transfer transfer = transfers.next();
      if (transfer.range().operation() == shown.operation()) {
        transfers.remove();
        transfer.begin(link, board.peek(shown.rank(), shown.operation()));
      }
    }
  }

  /** Puts the array on the board if it is known, its announcement if not. */
  static void put(SharedBoard board, Message.Shown shown) {
    Object entry = shown.values() == null ? shown : shown.values();
    board.publish(shown.rank(), shown.operation(), entry);
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
