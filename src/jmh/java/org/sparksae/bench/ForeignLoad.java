package org.sparksae.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Processor time that others took while something was measured: processes that are not this one or its children, and the hypervisor
 * (steal). Linux only; elsewhere it is always 0.
 */
final class ForeignLoad {
  private static final Path ALL = Path.of("/proc/stat");
  private static final Path PROCESSES = Path.of("/proc");
  private static final int USER = 1;
  private static final int IDLE = 4;
  private static final int IO_WAIT = 5;
  private static final int STEAL = 8;

  private final long busy;
  private final long total;
  private final long own;

  private ForeignLoad(long busy, long total, long own) {
    this.busy = busy;
    this.total = total;
    this.own = own;
  }

  /** The counters of now. */
  static ForeignLoad now() {
    if (!Files.isReadable(ALL)) {
      return new ForeignLoad(0, 0, 0);
    }
    try {
      // cpu user nice system idle iowait irq softirq steal, in ticks
      String[] all = Files.readAllLines(ALL).get(0).trim().split("\\s+");
      long busy = 0;
      long total = 0;
      for (int i = USER; i <= STEAL; i++) {
        long ticks = Long.parseLong(all[i]);
        total += ticks;
        busy += i == IDLE || i == IO_WAIT ? 0 : ticks;
      }
      long own =
          ticks(ProcessHandle.current())
              + ProcessHandle.current().descendants().mapToLong(ForeignLoad::ticks).sum();
      return new ForeignLoad(busy, total, own);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the processor times in /proc", e);
    }
  }

  /** What a process has taken; 0 if it has just ended. */
  private static long ticks(ProcessHandle process) {
    try {
      String stat = Files.readString(PROCESSES.resolve(process.pid() + "/stat"));
      // The fields after the command in brackets; user and system time are its 12th and 13th.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    } catch (IOException ended) {
      return 0;
    }
  }

  /** The share of all processor time since {@code earlier} that others took, 0 to 1. */
  double shareSince(ForeignLoad earlier) {
    long ticks = total - earlier.total;
    if (ticks <= 0) {
      return 0;
    }
    return Math.max(0, busy - earlier.busy - (own - earlier.own)) / (double) ticks;
  }
}
