package org.sparksae.core.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.HiddenLayer;
import org.sparksae.core.model.LifetimeSparsity;
import org.sparksae.core.model.Sparsity;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;

/** Models with lifetime sparsity that the tests share. */
public final class LifetimeCases {
  private static final double REG_PARAM = 0.01;

  /** A share for which winners are kept as entries, and one for which they are not. */
  public static final double[] SHARES = {0.1, 0.3};

  private LifetimeCases() {}

  /**
   * Both forms of a code x tied x output x weighted, as the only layer and as the last of two and
   * of three.
   */
  public static Stream<Cases.Case> grid(int inputSize, int units) {
    List<Cases.Case> cases = new ArrayList<>();
    for (double share : SHARES) {
      for (int depth = 1; depth <= 3; depth++) {
        for (int options = 0; options < 8; options++) {
          cases.add(of(inputSize, depth, code(units, share), options));
        }
      }
    }
    return cases.stream();
  }

  /** Half of the grid: every pair of tied, output and weighted, not every three of them. */
  public static Stream<Cases.Case> pairs(int inputSize, int units) {
    return grid(inputSize, units)
        .filter(
            of -> {
              boolean sigmoid = of.spec().outputActivation() == Activation.SIGMOID;
              return of.weighted() == (sigmoid == of.spec().tiedWeights());
            });
  }

  /** Both forms of a code at every depth, with tied, output and weighted by turns. */
  public static Stream<Cases.Case> turns(int inputSize, int units) {
    List<Cases.Case> cases = new ArrayList<>();
    for (double share : SHARES) {
      for (int depth = 1; depth <= 3; depth++) {
        cases.add(of(inputSize, depth, code(units, share), 3 * cases.size() % 8));
      }
    }
    return cases.stream();
  }

  /** A layer of ReLU that keeps a share. */
  public static HiddenLayer code(int units, double share) {
    return new HiddenLayer(units, Activation.RELU, Sparsity.NONE, new LifetimeSparsity(share));
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
        "lifetime sparsity %s of %d, %d layer(s) %s, %s output, %s rows"
            .formatted(
                code.form().fields(),
                code.size(),
                depth,
                tied ? "tied" : "untied",
                output.paramName(),
                weighted ? "weighted" : "plain");
    return new Cases.Case(
        name, new AutoencoderSpec(inputSize, layers, output, tied, REG_PARAM), weighted);
  }
}
