package org.sparksae.core.nn;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.Target;

/** Transcoders that the tests share: of other cases, with and without a skip connection. */
public final class TargetCases {
  private TargetCases() {}

  /** Those that can be transcoders, by turns with a skip connection and without. */
  public static Stream<Cases.Case> of(Stream<Cases.Case> others, int targetSize) {
    List<Cases.Case> possible = others.filter(of -> isPossible(of.spec())).toList();
    return IntStream.range(0, possible.size())
        .mapToObj(i -> with(possible.get(i), new Target(targetSize, i % 2 == 0)));
  }

  private static boolean isPossible(AutoencoderSpec spec) {
    return spec.depth() == 1 && !spec.tiedWeights() && !spec.isConvolutional();
  }

  /** The same model as a transcoder. */
  public static Cases.Case with(Cases.Case of, Target target) {
    String name = (target.skip() ? "skip transcoder, " : "transcoder, ") + of.name();
    return new Cases.Case(name, of.spec().withTarget(target), of.weighted());
  }

  /** Some penalties on all units, some k-sparse models, some winner-take-all. */
  public static Stream<Cases.Case> classic(int inputSize, int units, int k, int targetSize) {
    List<Cases.Case> selecting =
        Stream.concat(KSparseCases.grid(inputSize, units, k), LifetimeCases.grid(inputSize, units))
            .filter(of -> isPossible(of.spec()))
            .toList();
    List<Cases.Case> penalties =
        Cases.grid(inputSize, units, 2).filter(of -> isPossible(of.spec())).toList();
    Stream<Cases.Case> without = Stream.concat(every(7, penalties), every(3, selecting));
    Stream<Cases.Case> with =
        every(
            2, PreBiasCases.all(inputSize, units, k).filter(of -> isPossible(of.spec())).toList());
    return of(Stream.concat(without, with), targetSize);
  }

  private static Stream<Cases.Case> every(int step, List<Cases.Case> cases) {
    return IntStream.range(0, cases.size()).filter(i -> i % step == 0).mapToObj(cases::get);
  }
}
