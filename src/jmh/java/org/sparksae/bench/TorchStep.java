package org.sparksae.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.Arrays;

/** A mini-batch step of PyTorch: gathers the batch's rows, then a {@link TorchModel#step}. */
final class TorchStep implements Contender {
  private final TorchModel model;
  private final BenchData data;
  private final int batchRows;
  private final NDArray rows;
  private int[] order;
  private int epoch;
  private int position;

  TorchStep(Case c, BenchData data) {
    this.model = new TorchModel(c, BenchData.initialParameters(c));
    this.data = data;
    this.batchRows = c.batchRows();
    this.rows = model.nativeCopy(data.rows(), new Shape(data.count(), data.columns()));
    this.position = data.count();
  }

  @Override
  public String name() {
    return "PyTorch";
  }

  @Override
  public void step() {
    try (NDManager step = model.manager().newSubManager()) {
      model.step(batch(step));
    }
  }

  private NDArray batch(NDManager step) {
    if (position + batchRows > data.count()) {
      order = data.order(++epoch);
      position = 0;
    }
    long[] indices =
        Arrays.stream(order, position, position + batchRows).asLongStream().toArray();
    position += batchRows;
    // embedding is index_select, PyTorch's fastest way to gather rows.
    NDArray batch =
        rows.getNDArrayInternal()
            .embedding(step.create(indices), rows, SparseFormat.DENSE)
            .singletonOrThrow();
    batch.attach(step);
    return batch;
  }

  @Override
  public void close() {
    model.close();
  }
}
