package org.sparksae.bench;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Gemm;

/** One product through the product's façade, in one thread: c [m, n] = a [m, k] times w' [n, k]. */
final class FacadeGemm implements Contender {
  private final DenseRows a;
  private final float[] w;
  private final DenseRows c;

  FacadeGemm(int m, int n, int k) {
    this.a = DenseRows.of(BenchData.uniform(m, k).rows(), m, k);
    this.w = BenchData.uniform(n, k).rows();
    this.c = DenseRows.zeros(m, n);
  }

  @Override
  public String name() {
    return "façade";
  }

  @Override
  public void step() {
    Gemm.timesTransposed(a, w, 0, c);
  }
}
