package org.sparksae.core.linalg.bfloat16;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products.Matrix;

/** A JVM of its own: says which backend it got and why, and what 2 times 3 is. */
final class Bfloat16Probe {
  private Bfloat16Probe() {}

  public static void main(String[] args) {
    try {
      Bfloat16Backend backend = Bfloat16Backend.get();
      Matrix factors = backend.products().matrix(2, 1);
      factors.round(DenseRows.of(new float[] {2, 3}, 2, 1), 0);
      DenseRows c = DenseRows.zeros(1, 1);
      backend.products().timesTransposed(factors, factors, 1, c);
      System.out.println("name " + backend.name());
      System.out.println("reason " + backend.reason());
      System.out.println("fast " + backend.isFast());
      System.out.println("product " + c.get(0, 0));
    } catch (IllegalArgumentException e) {
      System.out.println("refused " + e.getMessage());
      // Not only the first caller is told.
      try {
        Bfloat16Backend.get();
      } catch (IllegalArgumentException again) {
        System.out.println("again " + again.getMessage());
      }
    }
  }
}
