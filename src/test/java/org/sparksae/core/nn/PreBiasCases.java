package org.sparksae.core.nn;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sparksae.core.model.Activation;

/** Models with a pre-bias that the tests share. */
public final class PreBiasCases {
  private PreBiasCases() {}

  /**
   * One layer with every penalty of ReLU and of sigmoid, k-sparse, and winner-take-all; tied and
   * not, with plain and with weighted rows.
   */
  public static Stream<Cases.Case> all(int inputSize, int units, int k) {
    Stream<Cases.Case> penalties =
        Cases.grid(inputSize, units, 2)
            .filter(of -> isReluOrSigmoid(of.spec().hiddenLayers().get(0).activation()))
            .filter(of -> of.weighted() == of.spec().tiedWeights());
    Stream<Cases.Case> selecting =
        Stream.concat(KSparseCases.grid(inputSize, units, k), LifetimeCases.grid(inputSize, units));
    return Stream.concat(penalties, selecting)
        .filter(of -> of.spec().depth() == 1)
        .filter(of -> of.spec().outputActivation() == Activation.LINEAR)
        .map(PreBiasCases::with);
  }

  private static boolean isReluOrSigmoid(Activation activation) {
    return activation == Activation.RELU || activation == Activation.SIGMOID;
  }

  /** A quarter of them. */
  public static Stream<Cases.Case> few(int inputSize, int units, int k) {
    List<Cases.Case> all = all(inputSize, units, k).toList();
    return IntStream.range(0, all.size()).filter(i -> i % 4 == 1).mapToObj(all::get);
  }

  /** The same model with a pre-bias. */
  public static Cases.Case with(Cases.Case of) {
    return new Cases.Case("pre-bias, " + of.name(), of.spec().withPreBias(true), of.weighted());
  }
}
