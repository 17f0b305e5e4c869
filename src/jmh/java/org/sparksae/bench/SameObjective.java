package org.sparksae.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import org.sparksae.core.model.Convolution;
import org.sparksae.core.model.ImageShape;
import org.sparksae.core.model.Padding;

/** Checks that both sides compute the same loss and gradient before they are compared. */
final class SameObjective {
  private static final double TOLERANCE = 1e-4;
  private static final int INPUTS = 30;
  private static final int HIDDEN = 70;
  private static final int K = 5;
  private static final int ROWS = 40;
  private static final Convolution CONVOLUTION =
      new Convolution(new ImageShape(3, 9, 13), 7, 5, 1, Padding.SAME, false);

  private SameObjective() {}

  /**
   * Checks every kind of model on a small case.
   *
   * @throws IllegalStateException if they differ by more than {@value #TOLERANCE}
   */
  static void check() {
    for (Case.Kind kind : Case.Kind.values()) {
      Case c = small(kind);
      BenchData data = BenchData.uniform(ROWS, c.inputs());
      float[] parameters = BenchData.initialParameters(c);
      LossAndGradient torch = torch(c, data, parameters);
      if (kind == Case.Kind.TOP_K) {
        LossAndGradient reference = TopKReference.lossAndGradient(c, data, parameters);
        requireSame(kind, "PyTorch and the reference", reference, torch);
      }
      LossAndGradient product = ProductStep.lossAndGradient(c, data, parameters);
      requireSame(kind, "PyTorch and the product", product, torch);
    }
  }

  private static Case small(Case.Kind kind) {
    return kind == Case.Kind.CONVOLUTION
        ? Case.of("check", CONVOLUTION, ROWS, 1)
        : new Case("check", kind, INPUTS, HIDDEN, K, null, ROWS, 1, null);
  }

  private static LossAndGradient torch(Case c, BenchData data, float[] parameters) {
    try (TorchModel model = new TorchModel(c, parameters);
        NDManager step = model.manager().newSubManager()) {
      var x = step.create(data.rows(), new Shape(ROWS, c.inputs()));
      return WeightDecay.added(c, parameters, model.lossAndGradient(x));
    }
  }

  private static void requireSame(
      Case.Kind kind, String pair, LossAndGradient a, LossAndGradient b) {
    double distance = a.distanceTo(b);
    if (!(distance <= TOLERANCE)) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s: %s differ by %.2g (loss %.6g and %.6g), more than %.0e",
              kind,
              pair,
              distance,
              a.loss(),
              b.loss(),
              TOLERANCE));
    }
  }
}
