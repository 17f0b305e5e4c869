package org.sparksae.bench;

import java.util.ArrayList;
import java.util.List;
import org.sparksae.bench.NativeGemm.Matrix;

/**
 * The matrix products of a step and nothing else, by {@link NativeGemm}: what no step can beat.
 * Each core works on its own rows of the batch.
 *
 * <pre>
 * H = X We'            the encoder product
 * R = H Wd'            the other four of a dense step
 * dWd = D' H
 * dH = D Wd
 * dWe = dH' X
 * </pre>
 */
final class GemmLimit implements Contender {
  private final boolean encoderOnly;
  private final Cores cores = new Cores();
  private final Matrix encoder;
  private final Matrix decoder;
  private final List<Share> shares = new ArrayList<>();

  /** The matrices of one core. */
  private record Share(
      Matrix x, Matrix h, Matrix r, Matrix dh, Matrix decoderGradient, Matrix encoderGradient) {}

  GemmLimit(Case c, boolean encoderOnly) {
    this.encoderOnly = encoderOnly;
    int n = c.rowsPerCore();
    int d = c.inputs();
    int h = c.hidden();
    this.encoder = new Matrix(h, d);
    this.decoder = encoderOnly ? null : new Matrix(d, h);
    for (int core = 0; core < Cores.COUNT; core++) {
      Matrix x = new Matrix(n, d);
      Matrix code = new Matrix(n, h);
      shares.add(
          encoderOnly
              ? new Share(x, code, null, null, null, null)
              : new Share(
                  x, code, new Matrix(n, d), new Matrix(n, h), new Matrix(d, h), new Matrix(h, d)));
    }
  }

  @Override
  public String name() {
    return encoderOnly ? "encoder product alone" : "five products alone";
  }

  @Override
  public void step() {
    cores.run(core -> multiply(shares.get(core)));
  }

  private void multiply(Share share) {
    NativeGemm.timesTransposed(share.x(), encoder, share.h());
    if (encoderOnly) {
      return;
    }
    NativeGemm.timesTransposed(share.h(), decoder, share.r());
    NativeGemm.transposedTimes(share.r(), share.h(), share.decoderGradient());
    NativeGemm.times(share.r(), decoder, share.dh());
    NativeGemm.transposedTimes(share.dh(), share.x(), share.encoderGradient());
  }

  @Override
  public void close() {
    cores.close();
    List<Matrix> all = new ArrayList<>(List.of(encoder));
    if (!encoderOnly) {
      all.add(decoder);
    }
    for (Share s : shares) {
      all.addAll(List.of(s.x(), s.h()));
      if (!encoderOnly) {
        all.addAll(List.of(s.r(), s.dh(), s.decoderGradient(), s.encoderGradient()));
      }
    }
    all.forEach(Matrix::close);
  }
}
