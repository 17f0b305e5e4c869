package org.sparksae.core.linalg;

import java.util.Arrays;

/** The products of convolutions as plain loops, for {@link ScalarKernels}. */
final class ScalarConvolution {
  private ScalarConvolution() {}

  static void correlate(Correlation c, int lanes) {
    float[] image = c.image();
    float[] out = c.out();
    for (int u = 0; u < c.units(); u++) {
      int to = c.outFrom() + u * c.outStride();
      Arrays.fill(out, to, to + c.positions().length * lanes, c.bias(u));
      for (int t = 0; t < c.tapCount(); t++) {
        float weight = c.weights()[c.weightsFrom() + t * c.weightStride() + u];
        for (int v = 0; v < c.positions().length; v++) {
          int at = c.positions()[v] + c.taps()[t];
          for (int lane = 0; lane < lanes; lane++) {
            out[to + v * lanes + lane] += weight * image[at + lane];
          }
        }
      }
    }
  }

  static void addGradient(CorrelationGradient g, int lanes) {
    int taps = g.taps().length;
    for (int u = 0; u < g.units(); u++) {
      int map = g.mapsFrom() + u * g.mapStride();
      for (int t = 0; t < taps; t++) {
        int sum = (u * taps + t) * lanes;
        for (int v = 0; v < g.positions().length; v++) {
          int at = g.positions()[v] + g.taps()[t];
          for (int lane = 0; lane < lanes; lane++) {
            g.sums()[sum + lane] += g.maps()[map + v * lanes + lane] * g.image()[at + lane];
          }
        }
      }
    }
  }
}
