package org.sparksae.core.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.sparksae.core.rows.Batch;

/**
 * Takes trainings that visit the same batches through them together: each batch is one step of each
 * training. So the rows of a batch are read once, however many models learn from them. A single
 * training is the case of one.
 *
 * <p>No training sees the others, so each gets the bits that it would get alone. A training that
 * has ended, converged or diverged leaves the others. Where some have made more steps than others,
 * as after resuming from different checkpoints, these catch up first.
 */
final class Lockstep {
  private Lockstep() {}

  /**
   * Makes steps until all trainings have ended, or one of those that made the last step pauses.
   *
   * @param trainings all with the same {@link MiniBatchLoop#batchOrder}; each has begun
   * @param pause whether all pause; asked once after each batch, but not after the last
   * @throws IllegalArgumentException if their batches differ
   */
  static void run(List<MiniBatchLoop> trainings, BooleanSupplier pause) {
    BatchOrder.Batches batches = orderOf(trainings).batches();
    List<MiniBatchLoop> going = new ArrayList<>(trainings);
    going.removeIf(training -> !training.goesOn());
    boolean pauses = false;
    while (!going.isEmpty() && !pauses) {
      List<MiniBatchLoop> next = furthestBehind(going);
      Batch batch = batches.after(next.get(0).made());
      next.forEach(training -> training.step(batch));
      // Each in turn comes first, and so spends the time of reading the rows.
      Collections.rotate(going, 1);
      going.removeIf(training -> !training.goesOn());
      pauses = !going.isEmpty() && (anyPauses(next) || pause.getAsBoolean());
    }
  }

  private static BatchOrder orderOf(List<MiniBatchLoop> trainings) {
    List<BatchOrder> orders = trainings.stream().map(MiniBatchLoop::batchOrder).distinct().toList();
    if (orders.size() != 1) {
      throw new IllegalArgumentException("trainings in lockstep need the same batches: " + orders);
    }
    return orders.get(0);
  }

  private static List<MiniBatchLoop> furthestBehind(List<MiniBatchLoop> trainings) {
    long least = trainings.stream().mapToLong(MiniBatchLoop::made).min().orElseThrow();
    return trainings.stream().filter(training -> training.made() == least).toList();
  }

  private static boolean anyPauses(List<MiniBatchLoop> trainings) {
    return trainings.stream().anyMatch(training -> training.goesOn() && training.pauses());
  }
}
