package org.sparksae.core.train;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.UnitVectors;

/**
 * Keeps decoder vectors at length 1, on the range of parameters that a worker owns.
 *
 * <pre>
 * before the optimiser's step:  g_v = g_v - (g_v . w_v) w_v
 * after it:                     w_v = w_v / |w_v|
 * </pre>
 *
 * <p>Without the first, moments would follow a part of the gradient that the second undoes. If a
 * border between two workers cuts a vector, they add up their parts of its product and of its
 * square. All workers call the same methods in the same order.
 *
 * <p>A vector of length 0 gets its whole gradient, and the length 1 once it has moved.
 *
 * <p>Source: Bricken et al., Towards Monosemanticity (2023).
 */
final class UnitNorm {
  private final Collective collective;
  private final List<UnitVectors> tensors;
  private final List<int[]> cut;

  /**
   * The vectors of a layout that must have length 1; there may be none.
   *
   * @param layout the place of each tensor among the parameters
   * @param collective connects the workers, each of which owns a range
   */
  UnitNorm(ParameterLayout layout, Collective collective, Team team) {
    int size = layout.size();
    int[] borders =
        IntStream.range(1, collective.size())
            .map(rank -> Collective.rangeStart(rank, collective.size(), size))
            .toArray();
    this.collective = collective;
    this.tensors =
        layout.tensors().stream()
            .filter(tensor -> tensor.role().hasUnitVectors())
            .map(
                tensor -> new UnitVectors(tensor, collective.from(size), collective.to(size), team))
            .toList();
    this.cut = tensors.stream().map(vectors -> vectors.cutAt(borders)).toList();
  }

  /** Whether no vector must have length 1. */
  boolean isEmpty() {
    return tensors.isEmpty();
  }

  /**
   * Takes from each vector's gradient the part along the vector, in this worker's range.
   *
   * @param gradient the gradient, summed over all workers in this range
   */
  void project(float[] parameters, float[] gradient) {
    List<double[]> products = total(vectors -> vectors.products(gradient, parameters));
    for (int i = 0; i < tensors.size(); i++) {
      tensors.get(i).subtract(products.get(i), parameters, gradient);
    }
  }

  /** Gives each vector the length 1, in this worker's range. */
  void normalise(float[] parameters) {
    List<double[]> squares = total(vectors -> vectors.squares(parameters));
    for (int i = 0; i < tensors.size(); i++) {
      tensors.get(i).normalise(parameters, squares.get(i));
    }
  }

  /** The sums of each tensor's vectors: over all workers, if a vector has several. */
  private List<double[]> total(Function<UnitVectors, double[]> sums) {
    List<double[]> own = tensors.stream().map(sums).toList();
    double[] shared = new double[cut.stream().mapToInt(vectors -> vectors.length).sum()];
    if (shared.length == 0) {
      return own;
    }
    int at = 0;
    for (int i = 0; i < own.size(); i++) {
      for (int vector : cut.get(i)) {
        shared[at++] = own.get(i)[vector];
      }
    }
    collective.allReduceSum(shared);
    at = 0;
    for (int i = 0; i < own.size(); i++) {
      for (int vector : cut.get(i)) {
        own.get(i)[vector] = shared[at++];
      }
    }
    return own;
  }
}
