package org.sparksae.bench;

import org.sparksae.bench.NativeGemm.Matrix;

/** The product of {@link FacadeGemm} by {@code cblas_sgemm}, called directly. */
final class DirectGemm implements Contender {
  private final Matrix a;
  private final Matrix w;
  private final Matrix c;

  DirectGemm(int m, int n, int k) {
    this.a = new Matrix(m, k);
    this.w = new Matrix(n, k);
    this.c = new Matrix(m, n);
  }

  @Override
  public String name() {
    return "cblas_sgemm";
  }

  @Override
  public void step() {
    NativeGemm.timesTransposed(a, w, c);
  }

  @Override
  public void close() {
    a.close();
    w.close();
    c.close();
  }
}
