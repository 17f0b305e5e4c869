package org.sparksae.examples.synthetic;

import java.io.Serializable;
import org.sparksae.core.Text;

/**
 * A forest of features: a child fires only if its parent does, and of the children of one parent at
 * most one fires.
 *
 * <p>Features are numbered level by level, the roots first, so parents have lower numbers than
 * their children. Features above {@link #size()} are in no tree.
 *
 * @param roots number of trees; 0 for none
 * @param branching children of each parent
 * @param depth levels below the roots
 */
record Hierarchy(int roots, int branching, int depth) implements Serializable {

  Hierarchy {
    if (roots < 0 || branching < 2 || depth < 1) {
      throw new IllegalArgumentException(
          Text.format(
              "need 0 or more roots, a branching of 2 or more and a depth of 1 or more, got %d, %d and %d",
              roots, branching, depth));
    }
  }

  /** Number of features that have children. */
  int parents() {
    int parents = 0;
    for (int level = 0, size = roots; level < depth; level++, size *= branching) {
      parents = Math.addExact(parents, size);
    }
    return parents;
  }

  /** Number of features in the trees. */
  int size() {
    return Math.addExact(roots, Math.multiplyExact(parents(), branching));
  }

  /** The first child of a parent; the others follow it. */
  int firstChild(int parent) {
    return roots + parent * branching;
  }

  /**
   * Returns the probabilities at which to draw each feature, a child given that its parent fires,
   * so that they fire about as often as {@code wanted} says. They are raised for the competition
   * among the children of a parent, as the benchmark does, and are at most 1. Children that are
   * wanted more often than their parent therefore fire less often than they should.
   *
   * @param wanted share of the rows in which each feature should fire
   */
  double[] drawn(double[] wanted) {
    double[] drawn = wanted.clone();
    for (int parent = 0; parent < parents(); parent++) {
      int first = firstChild(parent);
      double children = 0;
      for (int child = first; child < first + branching; child++) {
        children += wanted[child];
      }
      for (int child = first; child < first + branching; child++) {
        double competition = 1 + (children - wanted[child]) / wanted[parent];
        drawn[child] = Math.min(1, wanted[child] / wanted[parent] * competition);
      }
    }
    return drawn;
  }
}
