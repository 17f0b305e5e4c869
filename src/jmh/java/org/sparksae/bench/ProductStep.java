package org.sparksae.bench;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.optim.Adam;
import org.sparksae.core.train.Batch;
import org.sparksae.core.train.Evaluation;
import org.sparksae.core.train.GradientSource;
import org.sparksae.core.train.LocalPartitionSum;
import org.sparksae.core.train.RowBlock;
import org.sparksae.core.train.RowPermutation;

/** A mini-batch step of the product: gathers the batch's rows, exact gradient, Adam. */
final class ProductStep implements Contender {
  private static final int BLOCK_ROWS = 512;

  private final int batchRows;
  private final int count;
  private final GradientSource source;
  private final float[] parameters;
  private final float[] gradient;
  private final Adam adam;
  private RowPermutation order;
  private int epoch;
  private int position;

  ProductStep(Case c, BenchData data) {
    this.batchRows = c.batchRows();
    this.count = data.count();
    this.source = source(c, data);
    this.parameters = BenchData.initialParameters(c);
    this.gradient = new float[parameters.length];
    this.adam = new Adam(0, parameters.length);
    this.position = count;
  }

  /** Whether the product has such a model. */
  static boolean supports(Case c) {
    return c.kind() == Case.Kind.KL;
  }

  /** J and its gradient over all rows, weight decay included. */
  static LossAndGradient lossAndGradient(Case c, BenchData data, float[] parameters) {
    Evaluation evaluation = source(c, data).evaluate(parameters, Batch.ALL);
    float[] gradient = new float[parameters.length];
    copy(evaluation.gradient(), gradient);
    return new LossAndGradient(evaluation.terms().total(), gradient);
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

  private static GradientSource source(Case c, BenchData data) {
    return new GradientSource(c.spec(), new LocalPartitionSum(List.of(blocks(data))));
  }

  private static void copy(double[] from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
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
    Batch batch = Batch.of(order, position, position + batchRows);
    position += batchRows;
    copy(source.evaluate(parameters, batch).gradient(), gradient);
    adam.step(parameters, gradient, Case.STEP_SIZE);
  }
}
