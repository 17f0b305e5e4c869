package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.model.TopK;
import org.sparksae.core.model.TopK.By;

/** K-sparse models that the tests share. */
public final class KSparseCases {
  private static final double REG_PARAM = 0.01;

  private KSparseCases() {}

  /**
   * Every kind of code x k x tied x output x weighted, as the only layer and as the last of two and
   * of three.
   */
  public static Stream<Cases.Case> grid(int inputSize, int units, int... ks) {
    List<Cases.Case> cases = new ArrayList<>();
    for (int k : ks) {
      for (HiddenLayer code : codes(units, k)) {
        for (int depth = 1; depth <= 3; depth++) {
          for (int options = 0; options < 8; options++) {
            cases.add(of(inputSize, depth, code, options));
          }
        }
      }
    }
    return cases.stream();
  }

  /** Half of the grid: every pair of tied, output and weighted, not every three of them. */
  public static Stream<Cases.Case> pairs(int inputSize, int units, int... ks) {
    return grid(inputSize, units, ks)
        .filter(
            of -> {
              boolean sigmoid = of.spec().outputActivation() == Activation.SIGMOID;
              return of.weighted() == (sigmoid == of.spec().tiedWeights());
            });
  }

  /** Every kind of code at every depth, with all of tied, output and weighted, by turns. */
  public static Stream<Cases.Case> turns(int inputSize, int units, int k) {
    List<Cases.Case> cases = new ArrayList<>();
    for (HiddenLayer code : codes(units, k)) {
      for (int depth = 1; depth <= 3; depth++) {
        cases.add(of(inputSize, depth, code, 3 * cases.size() % 8));
      }
    }
    return cases.stream();
  }

  /** Every kind of code, one and two layers, tied and not, plain rows. */
  public static Stream<Cases.Case> few(int inputSize, int units, int k) {
    return grid(inputSize, units, k)
        .filter(of -> !of.weighted())
        .filter(of -> of.spec().outputActivation() == Activation.LINEAR)
        .filter(of -> of.spec().depth() <= 2);
  }

  /** Linear by value and by magnitude, and ReLU. */
  public static List<HiddenLayer> codes(int units, int k) {
    return List.of(
        code(units, Activation.LINEAR, new TopK(k, By.VALUE)),
        code(units, Activation.LINEAR, new TopK(k, By.MAGNITUDE)),
        code(units, Activation.RELU, new TopK(k, By.VALUE)),
        code(units, Activation.RELU, new TopK(k, By.MAGNITUDE)));
  }

  private static HiddenLayer code(int units, Activation activation, TopK topK) {
    return new HiddenLayer(units, activation, Sparsity.NONE, topK);
  }

  /** One k-sparse layer, untied, without weight decay. */
  public static AutoencoderSpec oneLayer(int inputSize, HiddenLayer code) {
    return new AutoencoderSpec(inputSize, List.of(code), Activation.LINEAR, false, 0);
  }

  private static Cases.Case of(int inputSize, int depth, HiddenLayer code, int options) {
    boolean tied = (options & 1) != 0;
    boolean weighted = (options & 2) != 0;
    Activation output = (options & 4) != 0 ? Activation.SIGMOID : Activation.LINEAR;
    List<HiddenLayer> layers = new ArrayList<>();
    if (depth == 3) {
      Sparsity distance = Cases.sparsity(SparsityKind.TARGET_L2, SparsityScope.EXAMPLE);
      layers.add(new HiddenLayer(inputSize - 1, Activation.TANH, distance));
    }
    if (depth >= 2) {
      Sparsity divergence = Cases.sparsity(SparsityKind.KL, SparsityScope.UNIT);
      layers.add(new HiddenLayer(inputSize - 2, Activation.SIGMOID, divergence));
    }
    layers.add(code);
    String name =
        "%s k %d by %s of %d, %d layer(s) %s, %s output, %s rows"
            .formatted(
                code.activation().paramName(),
                ((TopK) code.form()).k(),
                ((TopK) code.form()).by().paramName(),
                code.size(),
                depth,
                tied ? "tied" : "untied",
                output.paramName(),
                weighted ? "weighted" : "plain");
    return new Cases.Case(
        name, new AutoencoderSpec(inputSize, layers, output, tied, REG_PARAM), weighted);
  }
}
