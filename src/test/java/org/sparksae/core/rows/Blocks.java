package org.sparksae.core.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.SparseForm;
import org.sparksae.core.train.Evaluation;
import org.sparksae.core.train.GradientSource;

/** The rows of the reference as blocks in partitions. */
public final class Blocks {
  private Blocks() {}

  /** One block of float rows; without weights if all of them are 1. */
  public static RowBlock block(double[][] rows, double[] weights, int columns) {
    float[] values = new float[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(Cases.floats(rows[i]), 0, values, i * columns, columns);
    }
    boolean weighted = Arrays.stream(weights).anyMatch(weight -> weight != 1);
    return new RowBlock(
        DenseRows.of(values, rows.length, columns), weighted ? Cases.floats(weights) : null);
  }

  /** Everything in one block of one partition. */
  public static LocalPartitionSum onePartition(RowBlock all) {
    return new LocalPartitionSum(List.of(List.of(all)));
  }

  /**
   * The same rows in the same order, cut: {@code sizes[p]} are the rows of each block of partition
   * p. All rows must be used. Blocks are copies: reading over the edge of one does not give the
   * next row by luck.
   */
  public static List<List<RowBlock>> cut(RowBlock all, int[][] sizes) {
    List<List<RowBlock>> partitions = new ArrayList<>();
    int from = 0;
    for (int[] blockSizes : sizes) {
      List<RowBlock> blocks = new ArrayList<>();
      for (int size : blockSizes) {
        blocks.add(copy(all, from, from + size));
        from += size;
      }
      partitions.add(blocks);
    }
    if (from != all.rows().rows()) {
      throw new IllegalArgumentException("cut %d of %d rows".formatted(from, all.rows().rows()));
    }
    return partitions;
  }

  /** The same block, its rows sparse. */
  public static RowBlock sparse(RowBlock dense) {
    return new RowBlock(SparseForm.of((DenseRows) dense.rows()), dense.weights());
  }

  /** The same partitions, with all blocks sparse, or every second one. */
  public static List<List<RowBlock>> sparse(List<List<RowBlock>> partitions, boolean all) {
    List<List<RowBlock>> some = new ArrayList<>();
    int number = 0;
    for (List<RowBlock> blocks : partitions) {
      List<RowBlock> others = new ArrayList<>();
      for (RowBlock block : blocks) {
        others.add(all || number++ % 2 == 0 ? sparse(block) : block);
      }
      some.add(others);
    }
    return some;
  }

  private static RowBlock copy(RowBlock all, int from, int to) {
    DenseRows rows = ((DenseRows) all.rows()).slice(from, to);
    float[] values = Arrays.copyOfRange(rows.values(), rows.offset(), rows.end());
    float[] weights = all.weights() == null ? null : Arrays.copyOfRange(all.weights(), from, to);
    return new RowBlock(DenseRows.of(values, to - from, rows.columns()), weights);
  }

  /** The evaluation of one model over partitions. */
  public static Evaluation evaluate(
      Cases.Case of, float[] parameters, PartitionSum data, Batch batch) {
    return new GradientSource(of.spec(), data).evaluate(parameters, batch);
  }

  /** Both have the same rows, terms and gradient, up to a relative difference. */
  public static void assertEqual(Evaluation a, Evaluation b, double tolerance) {
    assertEquals(a.rows(), b.rows());
    assertEquals(a.weight(), b.weight(), tolerance * a.weight());
    for (String term : a.terms().names()) {
      double difference = difference(a.terms().get(term), b.terms().get(term));
      assertTrue(difference < tolerance, () -> term + " differs by " + difference);
    }
    double difference = Cases.difference(a.gradient(), b.gradient());
    assertTrue(difference < tolerance, () -> "the gradient differs by " + difference);
  }

  /** {@code |a - b| / max(|a|, |b|)}; 0 if they are equal. */
  public static double difference(double a, double b) {
    return a == b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
  }
}
