package org.sparksae.core.nn.code;

import java.util.Arrays;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.SparseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.nn.layer.ConvolutionLayer;
import org.sparksae.core.nn.layer.ConvolutionProducts;
import org.sparksae.core.nn.layer.WindowEntries;

/**
 * The gradient around a code of maps with few kept values. For an entry e of map f and window w,
 * where D is the window of delta and X that of x:
 *
 * <pre>
 * dV[f]  += h_e D[w];    delta_e = (V[f] . D[w]) f'(z_e)
 * dW[f]  += delta_e X[w];   db[f] += delta_e
 * </pre>
 *
 * <p>Each member of a team has its own rows and its own gradient.
 */
final class SparseMapsGradient implements SparseGradient {
  private final ConvolutionLayer encoder;
  private final ConvolutionLayer decoder;
  private final int windowSize;
  private final boolean tied;
  private final Team team;
  private final Part[] parts;
  private float[] slopes = new float[0];

  /** The gradient and buffers of one member. */
  private static final class Part {
    final WindowEntries entries;
    final float[] window;
    final float[] decoderWeights;
    final float[] encoderWeights;
    final float[] encoderBias;
    float[] slopes = new float[0];

    Part(Convolution convolution, boolean tied) {
      int weights = convolution.filters() * convolution.windowSize();
      this.entries = new WindowEntries(convolution);
      this.window = new float[convolution.windowSize()];
      this.decoderWeights = new float[weights];
      this.encoderWeights = tied ? decoderWeights : new float[weights];
      this.encoderBias = new float[convolution.filters()];
    }

    void clear() {
      Arrays.fill(decoderWeights, 0f);
      Arrays.fill(encoderWeights, 0f);
      Arrays.fill(encoderBias, 0f);
    }
  }

  /** Creates the gradient between the two layers of one convolution. */
  SparseMapsGradient(ConvolutionLayer encoder, ConvolutionLayer decoder, Team team) {
    this.encoder = encoder;
    this.decoder = decoder;
    this.windowSize = encoder.convolution().windowSize();
    this.tied = encoder.weight().offset() == decoder.weight().offset();
    this.team = team;
    this.parts = new Part[team.size()];
    for (int m = 0; m < parts.length; m++) {
      parts[m] = new Part(encoder.convolution(), tied);
    }
  }

  @Override
  public void backward(
      float[] parameters,
      Rows x,
      SparseRows code,
      DenseRows delta,
      float[] gradient,
      boolean accumulate) {
    int end = code.rows() == 0 ? 0 : code.end(code.rows() - 1);
    if (slopes.length < end) {
      slopes = new float[end];
    }
    team.run(
        member -> {
          parts[member].clear();
          team.part(
              member,
              code.rows(),
              1,
              (m, from, to) -> {
                for (int i = from; i < to; i++) {
                  addRow(parameters, x, code, delta, i, member);
                }
              });
        });
    for (int m = 0; m < parts.length; m++) {
      boolean add = accumulate || m > 0;
      add(parts[m].decoderWeights, gradient, decoder.weight().offset(), add);
      if (!tied) {
        add(parts[m].encoderWeights, gradient, encoder.weight().offset(), add);
      }
      add(parts[m].encoderBias, gradient, encoder.bias().offset(), add);
    }
  }

  private static void add(float[] part, float[] gradient, int from, boolean accumulate) {
    for (int i = 0; i < part.length; i++) {
      gradient[from + i] = accumulate ? gradient[from + i] + part[i] : part[i];
    }
  }

  private void addRow(
      float[] parameters, Rows x, SparseRows code, DenseRows delta, int row, int member) {
    Part part = parts[member];
    WindowEntries entries = part.entries;
    entries.read(code, row);
    if (part.slopes.length < entries.count()) {
      part.slopes = new float[entries.count()];
    }
    if (entries.count() > 0) {
      decoderGradient(parameters, delta, row, member);
      DenseRows slope = DenseRows.of(part.slopes, 1, entries.count());
      encoder
          .activation()
          .multiplyByDerivative(slope, DenseRows.of(entries.values(), 1, entries.count()));
      for (int p = 0; p < entries.count(); p++) {
        slopes[entries.places()[p]] = part.slopes[p];
      }
      encoderGradient(x, row, member);
    }
  }

  /** Also computes dJ/dh of each entry. */
  private void decoderGradient(float[] parameters, DenseRows delta, int row, int member) {
    Part part = parts[member];
    WindowEntries entries = part.entries;
    ConvolutionProducts image = decoder.products(member);
    image.read(delta, row);
    int weights = decoder.weight().offset();
    for (int from = 0, to; from < entries.count(); from = to) {
      to = entries.endOfWindow(from);
      image.gather(entries.window(from), part.window);
      Kernels.dotGatheredRows(
          part.window,
          0,
          entries.filters(),
          from,
          to,
          parameters,
          weights,
          windowSize,
          part.slopes);
      addToFilters(entries.values(), part, from, to, part.decoderWeights);
    }
  }

  private void encoderGradient(Rows x, int row, int member) {
    Part part = parts[member];
    WindowEntries entries = part.entries;
    ConvolutionProducts image = encoder.products(member);
    image.read(x, row);
    for (int from = 0, to; from < entries.count(); from = to) {
      to = entries.endOfWindow(from);
      image.gather(entries.window(from), part.window);
      addToFilters(part.slopes, part, from, to, part.encoderWeights);
      for (int p = from; p < to; p++) {
        part.encoderBias[entries.filters()[p]] += part.slopes[p];
      }
    }
  }

  private void addToFilters(float[] factors, Part part, int from, int to, float[] weights) {
    for (int p = from; p < to; p++) {
      int filter = part.entries.filters()[p] * windowSize;
      Kernels.axpy(factors[p], part.window, 0, weights, filter, windowSize);
    }
  }

  @Override
  public void mapBack(
      float[] parameters, SparseRows code, int from, int to, DenseRows inputDelta, int member) {
    WindowEntries entries = parts[member].entries;
    for (int i = from; i < to; i++) {
      entries.read(code, i);
      entries.take(slopes);
      encoder.transpose(entries, parameters, null, inputDelta, i - from, member);
    }
  }
}
