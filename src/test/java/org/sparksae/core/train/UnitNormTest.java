package org.sparksae.core.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.Collective;
import org.sparksae.core.collective.LocalRanks;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.AutoencoderSpec;
import org.sparksae.core.model.DecoderNorm;
import org.sparksae.core.model.InitialParameters;
import org.sparksae.core.model.SparsityKind;
import org.sparksae.core.model.SparsityScope;
import org.sparksae.core.nn.Cases;
import org.sparksae.core.nn.ConvolutionCases;
import org.sparksae.core.nn.DecoderVectors;
import org.sparksae.core.nn.KSparseCases;

/** Decoder vectors keep length 1, whoever owns which part of them. */
@Timeout(60)
class UnitNormTest {
  private static final int INPUTS = 13;
  private static final int ROWS = 120;
  private static final Team PAIR = new Team(2);

  @AfterAll
  static void close() {
    PAIR.close();
  }

  /**
   * Columns of [out, units], rows of [units, out], rows of tied matrices, filters, and several
   * layers of them.
   */
  static Stream<Cases.Case> models() {
    Stream<Cases.Case> dense =
        Cases.grid(INPUTS, 7, 5)
            .filter(of -> of.spec().outputActivation() == Activation.LINEAR && !of.weighted())
            .filter(of -> of.spec().hiddenLayers().get(0).activation() == Activation.SIGMOID)
            .filter(
                of -> of.spec().hiddenLayers().get(0).sparsity().kind() == SparsityKind.TARGET_L2)
            .filter(of -> of.spec().hiddenLayers().get(0).sparsity().scope() == SparsityScope.UNIT);
    Stream<Cases.Case> kSparse =
        KSparseCases.few(INPUTS, 29, 3)
            .filter(of -> of.spec().code().activation() == Activation.RELU);
    Stream<Cases.Case> convolutions =
        ConvolutionCases.few().filter(of -> of.spec().code().form().fields().isEmpty()).limit(2);
    return Stream.concat(Stream.concat(dense, kSparse), convolutions)
        .map(of -> new Cases.Case(of.name(), of.spec().with(DecoderNorm.UNIT), of.weighted()));
  }

  static AutoencoderSpec free(AutoencoderSpec spec) {
    return spec.with(DecoderNorm.FREE);
  }

  static void assertUnit(AutoencoderSpec spec, float[] parameters) {
    for (double length : DecoderVectors.lengths(spec, parameters)) {
      assertEquals(1, length, 1.2e-7);
    }
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void initialVectorsHaveTheDirectionsThatTheSeedDraws(Cases.Case of) {
    float[] unit = InitialParameters.of(of.spec(), 3);
    double[] expected = doubles(InitialParameters.of(free(of.spec()), 3));
    DecoderVectors.normalise(of.spec(), expected);
    assertArrayEquals(Cases.floats(expected), unit, 1e-7f);
    assertUnit(of.spec(), unit);
  }

  /** Each rank changes its own range; together they are what one would do. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void projectionAndLengthDoNotDependOnTheOwners(Cases.Case of) {
    AutoencoderSpec spec = of.spec();
    float[] parameters = InitialParameters.of(spec, 3);
    float[] gradient = new float[parameters.length];
    float[] moved = new float[parameters.length];
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] = (float) random.nextDouble(-1, 1);
      moved[i] = parameters[i] + 0.1f * gradient[i];
    }
    double[] tangent = doubles(gradient);
    DecoderVectors.project(spec, doubles(parameters), tangent);
    double[] unit = doubles(moved);
    DecoderVectors.normalise(spec, unit);
    for (int size : new int[] {1, 2, 3, 5, 7}) {
      float[] projected = new float[gradient.length];
      float[] normalised = new float[gradient.length];
      LocalRanks.run(
          size,
          collective -> {
            int from = collective.from(gradient.length);
            int count = collective.to(gradient.length) - from;
            float[] g = gradient.clone();
            float[] w = moved.clone();
            Team team = collective.size() == 1 ? PAIR : Team.SOLO;
            UnitNorm norm = new UnitNorm(spec.layout(), collective, team);
            norm.project(parameters, g);
            norm.normalise(w);
            System.arraycopy(g, from, projected, from, count);
            System.arraycopy(w, from, normalised, from, count);
            return count;
          });
      assertArrayEquals(Cases.floats(tangent), projected, 1e-6f);
      assertArrayEquals(Cases.floats(unit), normalised, 1e-7f);
    }
  }

  @Test
  void freeVectorsStayAsTheyAre() {
    AutoencoderSpec spec = free(models().findFirst().orElseThrow().spec());
    UnitNorm none = new UnitNorm(spec.layout(), Collective.SOLO, Team.SOLO);
    assertTrue(none.isEmpty());
    float[] parameters = InitialParameters.of(spec, 3);
    float[] gradient = InitialParameters.of(spec, 4);
    none.project(parameters, gradient);
    none.normalise(parameters);
    assertArrayEquals(InitialParameters.of(spec, 3), parameters);
    assertArrayEquals(InitialParameters.of(spec, 4), gradient);
  }

  @Test
  void theLayersOfADeepModelHaveItsRule() {
    AutoencoderSpec deep =
        models().filter(of -> of.spec().depth() == 2).findFirst().orElseThrow().spec();
    assertEquals(DecoderNorm.UNIT, deep.layer(2).decoderNorm());
    assertEquals(DecoderNorm.UNIT, deep.withoutKinks().decoderNorm());
    assertFalse(deep.equals(free(deep)));
  }
}
