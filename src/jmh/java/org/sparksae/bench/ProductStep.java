package org.sparksae.bench;

import org.sparksae.core.train.StepPlan;
import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.Transpose;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.rows.Batch;
import org.sparksae.core.train.Evaluation;
import org.sparksae.core.train.GradientSource;
import org.sparksae.core.rows.LocalPartitionSum;
import org.sparksae.core.rows.PartitionRows;
import org.sparksae.core.rows.RowBlock;
import org.sparksae.core.rows.RowPermutation;
import org.sparksae.core.train.WorkerStep;

/** A mini-batch step of the product: gathers the batch's rows, exact gradient, Adam. */
final class ProductStep implements Contender {
  private static final int BLOCK_ROWS = 2048;

  private final int batchRows;
  private final int count;
  private final AutoencoderSpec spec;
  private final Team team = new Team(Cores.COUNT);
  private final WorkerStep worker;
  private RowPermutation order;
  private int epoch;
  private int position;

  ProductStep(Case c, BenchData data) {
    this.batchRows = c.batchRows();
    this.count = data.count();
    this.spec = c.spec();
    float[] initial = swapped(c, BenchData.initialParameters(c), true);
    PartitionRows rows = new PartitionRows(blocks(data), 0);
    this.worker = WorkerStep.alone(rows, initial, team);
    this.position = count;
  }

  /** J and its gradient over all rows, weight decay included. */
  static LossAndGradient lossAndGradient(Case c, BenchData data, float[] parameters) {
    LocalPartitionSum rows = new LocalPartitionSum(List.of(blocks(data)));
    Evaluation evaluation =
        new GradientSource(c.spec(), rows).evaluate(swapped(c, parameters, true), Batch.ALL);
    float[] gradient = new float[parameters.length];
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) evaluation.gradient()[i];
    }
    return new LossAndGradient(evaluation.terms().total(), swapped(c, gradient, false));
  }

  /**
   * Parameters between the layout of {@link BenchData} and the product's, which has the decoder of a
   * k-sparse code unit by unit, [hidden, inputs].
   */
  private static float[] swapped(Case c, float[] parameters, boolean toProduct) {
    if (c.kind() != Case.Kind.TOP_K) {
      return parameters;
    }
    int from = c.hidden() * c.inputs() + c.hidden();
    int rows = toProduct ? c.inputs() : c.hidden();
    int columns = toProduct ? c.hidden() : c.inputs();
    float[] decoder = new float[rows * columns];
    Transpose.matrix(parameters, from, rows, columns, decoder, 0, Team.SOLO);
    float[] result = parameters.clone();
    System.arraycopy(decoder, 0, result, from, decoder.length);
    return result;
  }

  /** The rows in blocks, one partition. */
  static List<RowBlock> blocks(BenchData data) {
    List<RowBlock> blocks = new ArrayList<>();
    DenseRows rows = DenseRows.of(data.rows(), data.count(), data.columns());
    for (int from = 0; from < data.count(); from += BLOCK_ROWS) {
      int to = Math.min(from + BLOCK_ROWS, data.count());
      blocks.add(new RowBlock(rows.slice(from, to), null));
    }
    return blocks;
  }

  @Override
  public String name() {
    return "product";
  }

  @Override
  public void step() {
    if (position + batchRows > count) {
      order = new RowPermutation(count, 1, ++epoch);
      position = 0;
    }
    worker.step(StepPlan.of(spec, Case.STEP_SIZE), Batch.of(order, position, position + batchRows));
    position += batchRows;
  }

  @Override
  public void close() {
    team.close();
  }
}
