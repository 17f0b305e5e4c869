package org.sparksae.core.nn;

import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Kernels;
import org.sparksae.core.linalg.Rows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.ParameterLayout;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.DenseProducts;
import org.sparksae.core.nn.layer.Layer;
import org.sparksae.core.nn.layer.LayerForward;
import org.sparksae.core.nn.layer.Products;

/**
 * What the last layer adds to the part of a reconstruction that comes from the code: the decoder's
 * bias c, and with a skip connection also what the input x contributes, after the pre-bias p.
 *
 * <pre>
 * r_i = c     or     r_i = c + S (x_i - p),   dJ/dS = delta' (x - p),   dJ/dp -= S' sum of delta_i
 * </pre>
 *
 * <p>Call {@link #begin} for the rows first. The gradient of c belongs to the layer.
 */
final class Baseline {
  private final Layer decoder;
  private final DenseLayer skip;
  private final LayerForward forward;
  private final float[] output;
  private final Team team;
  private float[] values;
  private int from;
  private int stride;

  /** Allocates the buffers, which only a skip connection needs. */
  Baseline(AutoencoderSpec spec, Layer decoder, int maxRows, Team team) {
    this.decoder = decoder;
    this.team = team;
    boolean skips = spec.hasSkip();
    this.skip = skips ? skip(spec, decoder.bias()) : null;
    this.forward = skips ? new LayerForward(skip, maxRows, LayerForward.ROW_GRAIN, team) : null;
    this.output = new float[skips ? Math.multiplyExact(maxRows, decoder.outputSize()) : 0];
  }

  private static DenseLayer skip(AutoencoderSpec spec, Tensor bias) {
    Products products =
        DenseProducts.of(spec.precision(), spec.layout().tensor(ParameterLayout.SKIP));
    return spec.preBias()
        ? DenseLayer.after(
            spec.layout().tensor(spec.preBiasTensor()), products, bias, Activation.LINEAR)
        : new DenseLayer(products, false, bias, Activation.LINEAR);
  }

  void parametersChanged() {
    if (skip != null) {
      skip.parametersChanged();
    }
  }

  /** Computes r of the rows x [n, inputSize]. */
  void begin(float[] parameters, Rows x) {
    if (skip == null) {
      values = parameters;
      from = decoder.bias().offset();
      stride = 0;
    } else {
      DenseRows rows = forward.apply(parameters, x);
      values = rows.values();
      from = rows.offset();
      stride = rows.columns();
    }
  }

  /** Returns the array with r_i, [out] from {@link #at} on. */
  float[] values() {
    return values;
  }

  /** Returns the index of the first of the {@link #values} of a row. */
  int at(int row) {
    return from + row * stride;
  }

  /** Adds r of the rows from {@code first} on to a tile [n, out], as a member of the team. */
  void addTo(DenseRows tile, int first) {
    if (skip == null) {
      Kernels.addToRows(tile, values, from);
    } else {
      int length = tile.rows() * tile.columns();
      Kernels.axpy(1f, values, at(first), tile.values(), tile.offset(), length);
    }
  }

  /** Returns x_hat, [n, out], for a code [n, codeSize]; only for a skip connection. */
  DenseRows withCode(float[] parameters, Rows code) {
    DenseLayer layer = (DenseLayer) decoder;
    DenseRows y = DenseRows.of(output, code.rows(), layer.outputSize());
    layer.prepare(parameters, code, team);
    team.split(
        code.rows(),
        LayerForward.ROW_GRAIN,
        (member, first, last) -> {
          for (int i = first; i < last; i += LayerForward.TILE_ROWS) {
            int end = Math.min(i + LayerForward.TILE_ROWS, last);
            DenseRows tile = y.slice(i, end);
            layer.map(parameters, code.slice(i, end), tile, member);
            addTo(tile, i);
            layer.activation().apply(tile);
          }
        });
    return y;
  }

  /** Begins the gradient of a pass. */
  void beginPass(BackwardCall call) {
    if (skip != null) {
      skip.beginPass(call.gradient(), call.accumulate(), team);
    }
  }

  /** Completes the gradient of a pass, after that of c is written. */
  void endPass(BackwardCall call) {
    if (skip != null) {
      skip.endPass(call.parameters(), call.gradient(), team);
    }
  }

  /**
   * Computes the gradient of S, if there is one.
   *
   * @param delta dJ/dz of the last layer, [n, out]
   */
  void gradient(BackwardCall call, DenseRows delta) {
    if (skip != null) {
      skip.beginWeightGradient(call.x(), delta, team);
      team.run(
          member ->
              skip.weightGradient(
                  call.x(), delta, call.gradient(), call.accumulate(), team, member));
      skip.endWeightGradient(call.gradient(), call.accumulate());
    }
  }
}
