package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.CodeForm;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.Gated;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.JumpReluTraining;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.TensorRole;

/** Models that learn thresholds or gates. */
public final class GateCases {
  private static final double BANDWIDTH = 0.75;

  private GateCases() {}

  /** Both kinds with each penalty; tied, unit vectors, weighted rows and pre-biases by turns. */
  public static Stream<Cases.Case> grid(int inputSize, int units) {
    List<Cases.Case> cases = new ArrayList<>();
    for (CodeForm form : List.of(new JumpReluTraining(0.25, BANDWIDTH), new Gated())) {
      for (SparsityKind kind : form.penalties()) {
        for (int options = 0; options < 8; options++) {
          cases.add(of(inputSize, units, form, kind, options));
        }
      }
    }
    for (SparsityKind kind : List.of(SparsityKind.TANH, SparsityKind.TARGET_L0)) {
      for (int options = 0; options < 8; options++) {
        CodeForm form = new JumpReluTraining(0.25, BANDWIDTH, 0.3);
        cases.add(of(inputSize, units, form, kind, options));
      }
    }
    return cases.stream();
  }

  /** One of each kind and penalty. */
  public static Stream<Cases.Case> few(int inputSize, int units) {
    List<Cases.Case> all = grid(inputSize, units).toList();
    return Stream.of(0, 6, 11, 13, 17, 22, 27, 33, 37, 43, 53, 58).map(all::get);
  }

  /** A model of one layer. */
  public static AutoencoderSpec spec(int inputSize, int units, CodeForm form, Sparsity sparsity) {
    HiddenLayer code = new HiddenLayer(units, Activation.RELU, sparsity, form);
    return new AutoencoderSpec(inputSize, List.of(code), Activation.LINEAR, false, 0.01);
  }

  private static Cases.Case of(
      int inputSize, int units, CodeForm form, SparsityKind kind, int options) {
    boolean tied = (options & 1) != 0;
    boolean weighted = (options & 2) != 0;
    boolean preBias = (options & 4) != 0;
    double target = kind == SparsityKind.TARGET_L0 ? 3 : 0.2;
    Sparsity sparsity = new Sparsity(kind, SparsityScope.UNIT, 0.7, target);
    HiddenLayer code = new HiddenLayer(units, Activation.RELU, sparsity, form);
    AutoencoderSpec spec =
        new AutoencoderSpec(inputSize, List.of(code), Activation.LINEAR, tied, 0.01)
            .withPreBias(preBias)
            .with(preBias == tied ? DecoderNorm.UNIT : DecoderNorm.FREE);
    String name =
        "%s %s, %s%s, %s, %s rows"
            .formatted(
                form.hasAuxiliaryLoss() ? form.fields() : form.paramName(),
                kind.paramName(),
                preBias ? "pre-bias, " : "",
                tied ? "tied" : "untied",
                spec.decoderNorm().paramName(),
                weighted ? "weighted" : "plain");
    return new Cases.Case(name, spec, weighted);
  }

  /** Random data with thresholds in (0, 1), that keep off the places where the gradient jumps. */
  public static Cases.Data data(Cases.Case of, int rows, double distance) {
    ReferenceOneLayer reference = ReferenceOneLayer.of(of.spec());
    for (long seed = 1; seed < 1000; seed++) {
      Cases.Data data = Cases.random(of, rows, seed);
      for (Tensor tensor : of.spec().layout().tensors()) {
        for (int p = tensor.offset(); p < tensor.end(); p++) {
          double value = data.parameters()[p];
          data.parameters()[p] =
              tensor.role() == TensorRole.THRESHOLD ? (float) (Math.abs(value) / 1.6) : value;
        }
      }
      double[] kinks = reference.kinks(data.parameters(), data.rows());
      if (Arrays.stream(kinks).allMatch(kink -> Math.abs(kink) > distance)) {
        return data;
      }
    }
    throw new IllegalStateException("no data of '%s' keeps off the kinks".formatted(of));
  }
}
