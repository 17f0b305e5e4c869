package org.sparksae.core.nn.code;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Team;
import org.sparksae.core.linalg.TopKSelector;
import org.sparksae.core.linalg.bfloat16.Bfloat16Backend;
import org.sparksae.core.linalg.bfloat16.Bfloat16Products;
import org.sparksae.core.model.Activation;
import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Precision;
import org.sparksae.core.model.TensorRole;
import org.sparksae.core.nn.layer.DenseLayer;
import org.sparksae.core.nn.layer.DenseProducts;
import org.sparksae.core.nn.layer.UpperBounds;

/** Codes selected from candidates against the selection from all pre-activations, bit for bit. */
class CandidateSelectionTest {
  private static final Bfloat16Products PRODUCTS = Bfloat16Backend.rounded().products();
  private static final int INPUTS = 67;
  private static final int UNITS = 1500;
  private static final int ROWS = 150;
  private static final int K = 9;

  /** So few rows of a tile may all fall back. */
  private static final int FEW = 8;

  private final float[] parameters = new float[UNITS * INPUTS + UNITS];
  private final DenseRows x = DenseRows.zeros(ROWS, INPUTS);
  private final SplittableRandom random = new SplittableRandom(5);

  /** What weights, rows and biases are filled with. */
  private interface Filling {
    void fill(float[] parameters, float[] x, SplittableRandom random);
  }

  private static Filling normal(double weights, double rows, double biases) {
    return (parameters, x, random) -> {
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] = (float) ((i < UNITS * INPUTS ? weights : biases) * random.nextGaussian());
      }
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (rows * random.nextGaussian());
      }
    };
  }

  /** Changes what another filling has set. */
  private static Filling then(Filling first, Filling second) {
    return (parameters, x, random) -> {
      first.fill(parameters, x, random);
      second.fill(parameters, x, random);
    };
  }

  static Stream<Arguments> cases() {
    Filling ordinary = normal(1, 1, 0.3);
    return Stream.of(
            Arguments.of("ordinary", ordinary),
            Arguments.of("no biases", normal(1, 1, 0)),
            Arguments.of("tiny", normal(1e-18, 1e-18, 0)),
            Arguments.of("denormal products", normal(1e-20, 1e-20, 1e-39)),
            Arguments.of("denormal weights", normal(1e-39, 1, 0)),
            Arguments.of("denormal rows", normal(1, 1e-39, 0)),
            Arguments.of("huge", normal(1e12, 1e12, 0)),
            Arguments.of("overflowing", normal(1e20, 1e20, 0)),
            Arguments.of("zero rows", normal(1, 0, 0)),
            Arguments.of("zero rows and biases", normal(1, 0, 1)),
            Arguments.of("zero weights", normal(0, 1, 0)),
            Arguments.of(
                "norms of latents far apart",
                then(
                    ordinary,
                    (p, x, r) -> {
                      for (int i = 0; i < UNITS * INPUTS; i++) {
                        p[i] *= (float) Math.pow(10, i / INPUTS % 7 - 3);
                      }
                    })),
            Arguments.of(
                "equal latents",
                then(
                    ordinary,
                    (p, x, r) -> {
                      for (int j = 1; j < UNITS; j++) {
                        System.arraycopy(p, 0, p, j * INPUTS, INPUTS);
                        p[UNITS * INPUTS + j] = p[UNITS * INPUTS];
                      }
                    })),
            Arguments.of(
                "latents that differ less than bfloat16 shows",
                then(
                    ordinary,
                    (p, x, r) -> {
                      for (int j = 1; j < UNITS; j++) {
                        for (int c = 0; c < INPUTS; c++) {
                          p[j * INPUTS + c] = p[c] * (1 + (float) (r.nextDouble() * 0x1p-9));
                        }
                        p[UNITS * INPUTS + j] = 0;
                      }
                    })),
            Arguments.of(
                "each latent twice",
                then(
                    normal(1, 1, 0),
                    (p, x, r) -> {
                      for (int j = 1; j < UNITS; j += 2) {
                        System.arraycopy(p, (j - 1) * INPUTS, p, j * INPUTS, INPUTS);
                      }
                    })),
            Arguments.of(
                "values that are not finite",
                then(
                    ordinary,
                    (p, x, r) -> {
                      p[3 * INPUTS] = Float.NaN;
                      p[500 * INPUTS + 1] = Float.POSITIVE_INFINITY;
                      p[UNITS * INPUTS + 7] = Float.NaN;
                      p[UNITS * INPUTS + 8] = Float.NEGATIVE_INFINITY;
                      x[5 * INPUTS] = Float.NaN;
                      x[6 * INPUTS] = Float.NEGATIVE_INFINITY;
                      x[7 * INPUTS] = Float.MAX_VALUE;
                    })),
            Arguments.of(
                "many latents of NaN",
                then(
                    ordinary,
                    (p, x, r) -> {
                      for (int j = 0; j < UNITS; j += 10) {
                        p[j * INPUTS] = Float.NaN;
                      }
                    })),
            Arguments.of(
                "all negative",
                then(ordinary, (p, x, r) -> Arrays.fill(p, UNITS * INPUTS, p.length, -1e3f))),
            Arguments.of(
                "few positive",
                then(
                    ordinary,
                    (p, x, r) -> {
                      for (int j = 0; j < UNITS; j++) {
                        p[UNITS * INPUTS + j] = j % 400 == 0 ? 0 : -1e3f;
                      }
                    })),
            Arguments.of(
                "a sum that cancels",
                then(
                    ordinary,
                    (p, x, r) -> {
                      for (int i = 0; i < UNITS * INPUTS; i++) {
                        p[i] = (i % 2 == 0 ? 1 : -1) * (1000 + p[i]);
                      }
                      Arrays.fill(x, 1f);
                    })))
        .flatMap(
            c ->
                Stream.of(Activation.LINEAR, Activation.RELU)
                    .map(f -> Arguments.of(c.get()[0], f, c.get()[1])));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void theCodeIsThatOfAllPreActivations(String name, Activation activation, Filling filling) {
    filling.fill(parameters, x.values(), random);
    for (int threads : new int[] {1, 2}) {
      try (Team team = new Team(threads)) {
        for (int k : new int[] {1, K}) {
          requireEqualCodes(activation, k, team);
        }
      }
    }
  }

  @Test
  void ordinaryRowsDoNotFallBack() {
    normal(1, 1, 0.3).fill(parameters, x.values(), random);
    CandidateSelection selection = selection(encoder(Activation.LINEAR), K, Team.SOLO);
    for (int batch = 0; batch < 20; batch++) {
      assertTrue(selection.select(parameters, x, K, new int[ROWS * K], new float[ROWS * K]));
      assertEquals(0, selection.fallbacks());
    }
  }

  @Test
  void rowsOfZerosDoNotFallBack() {
    normal(1, 0, 0).fill(parameters, x.values(), random);
    for (Activation activation : new Activation[] {Activation.LINEAR, Activation.RELU}) {
      CandidateSelection selection = selection(encoder(activation), K, Team.SOLO);
      assertTrue(selection.select(parameters, x, K, new int[ROWS * K], new float[ROWS * K]));
      assertEquals(0, selection.fallbacks());
    }
  }

  @Test
  void aFewRowsFallBack() {
    manyAtTheTop(100);
    normal(1, 1, 0).fill(new float[0], x.values(), random);
    for (int i = 0; i < 10; i++) {
      Arrays.fill(x.values(), i * 15 * INPUTS, (i * 15 + 1) * INPUTS, 1f);
    }
    DenseLayer encoder = encoder(Activation.LINEAR);
    CandidateSelection selection = selection(encoder, K, Team.SOLO);
    int[] indices = new int[ROWS * K];
    float[] values = new float[ROWS * K];
    assertTrue(selection.select(parameters, x, K, indices, values));
    assertTrue(selection.fallbacks() >= 10, "only " + selection.fallbacks());
    requireCode(encoder, Activation.LINEAR, K, x, indices, values);
  }

  @Test
  void ifManyRowsFallBackThereAreMoreCandidates() {
    manyAtTheTop(100);
    Arrays.fill(x.values(), 1f);
    DenseLayer encoder = encoder(Activation.LINEAR);
    CandidateSelection selection = selection(encoder, K, Team.SOLO);
    int[] indices = new int[ROWS * K];
    float[] values = new float[ROWS * K];
    // From 50 to 100, which does not suffice, to 187, which does.
    assertFalse(selection.select(parameters, x, K, indices, values));
    assertFalse(selection.select(parameters, x, K, indices, values));
    assertTrue(selection.select(parameters, x, K, indices, values));
    assertEquals(0, selection.fallbacks());
    requireCode(encoder, Activation.LINEAR, K, x, indices, values);
  }

  @Test
  void ifMoreCandidatesDoNotHelpThereAreNone() {
    manyAtTheTop(UNITS);
    Arrays.fill(x.values(), 1f);
    CandidateSelection selection = selection(encoder(Activation.LINEAR), K, Team.SOLO);
    int[] indices = new int[ROWS * K];
    for (int batch = 0; batch < 3; batch++) {
      assertFalse(selection.select(parameters, x, K, indices, new float[ROWS * K]));
    }
    normal(1, 1, 0).fill(parameters, x.values(), random);
    assertFalse(selection.select(parameters, x, K, indices, new float[ROWS * K]));
  }

  @Test
  void aFewRowsAreNotWorthRoundingTheWeights() {
    normal(1, 1, 0).fill(parameters, x.values(), random);
    CandidateSelection selection = selection(encoder(Activation.LINEAR), K, Team.SOLO);
    assertFalse(selection.select(parameters, x.slice(0, 100), K, new int[900], new float[900]));
    assertTrue(selection.select(parameters, x, K, new int[ROWS * K], new float[ROWS * K]));
    assertTrue(selection.select(parameters, x.slice(0, 1), K, new int[K], new float[K]));
  }

  /** The first latents get the largest products with rows of ones, closer than bfloat16 shows. */
  private void manyAtTheTop(int latents) {
    normal(1, 1, 0).fill(parameters, x.values(), random);
    for (int j = 0; j < latents; j++) {
      for (int c = 0; c < INPUTS; c++) {
        parameters[j * INPUTS + c] = 2 + (float) (random.nextDouble() * 0x1p-8);
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("cases")
  void noBoundIsBelowItsProduct(String name, Activation activation, Filling filling) {
    filling.fill(parameters, x.values(), random);
    UpperBounds bounds = encoder(activation).upperBounds(PRODUCTS, ROWS, Team.SOLO);
    bounds.prepare(parameters, Team.SOLO);
    bounds.begin(x, 0);
    DenseRows u = DenseRows.zeros(ROWS, UNITS);
    bounds.map(0, u, 0);
    DenseRows z = DenseRows.zeros(ROWS, UNITS);
    encoder(activation).units(parameters, x, 0).apply(0, z);
    for (int i = 0; i < u.values().length; i++) {
      float bound = u.values()[i];
      assertFalse(
          bound < z.values()[i] || Float.isNaN(z.values()[i]) && !Float.isNaN(bound),
          () -> bound + " does not bound a product");
    }
  }

  @Test
  void boundsPayOnlyIfCandidatesAreFew() {
    assertTrue(Bounds.pay(32, 8192));
    assertTrue(Bounds.pay(64, 24576));
    assertFalse(Bounds.pay(32, 512));
    assertFalse(Bounds.pay(Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  /** Few rows at a time, which fall back alone: only of more are all left to other products. */
  private void requireEqualCodes(Activation activation, int k, Team team) {
    DenseLayer encoder = encoder(activation);
    LatentTiles tiles = new LatentTiles(encoder, ROWS, team);
    Bounds bounds = Bounds.with(PRODUCTS, encoder, tiles, team);
    bounds.upper().prepare(parameters, team);
    for (int from = 0; from < ROWS; from += FEW) {
      DenseRows rows = x.slice(from, Math.min(from + FEW, ROWS));
      int[] indices = new int[rows.rows() * k];
      Arrays.fill(indices, -1);
      float[] values = new float[indices.length];
      CandidateSelection selection = new CandidateSelection(tiles, bounds, encoder, k, team);
      assertTrue(selection.select(parameters, rows, k, indices, values), "left from row " + from);
      requireCode(encoder, activation, k, rows, indices, values);
    }
  }

  private void requireCode(
      DenseLayer encoder,
      Activation activation,
      int k,
      DenseRows rows,
      int[] indices,
      float[] values) {
    ExactLatents exact = new ExactLatents(encoder);
    exact.begin(parameters, rows);
    float[] z = new float[UNITS];
    TopKSelector selector = new TopKSelector(1, k);
    int[] wantedIndices = new int[k];
    float[] wanted = new float[k];
    for (int i = 0; i < rows.rows(); i++) {
      exact.allProducts(i, z);
      selector.reset(1, k, false, activation == Activation.RELU);
      selector.scan(z, 0, UNITS, UNITS, parameters, UNITS * INPUTS, 0);
      selector.finish(wantedIndices, wanted, 0);
      String row = "row " + i;
      assertArrayEquals(wantedIndices, Arrays.copyOfRange(indices, i * k, i * k + k), row);
      assertArrayEquals(wanted, Arrays.copyOfRange(values, i * k, i * k + k), row);
    }
  }

  private static DenseLayer encoder(Activation activation) {
    Tensor weight = new Tensor("W", TensorRole.WEIGHT, 0, UNITS, INPUTS, 1);
    Tensor bias = new Tensor("b", TensorRole.BIAS, UNITS * INPUTS, UNITS, 0, 1);
    return new DenseLayer(DenseProducts.of(Precision.FLOAT32, weight), false, bias, activation);
  }

  private static CandidateSelection selection(DenseLayer encoder, int k, Team team) {
    LatentTiles tiles = new LatentTiles(encoder, ROWS, team);
    return new CandidateSelection(
        tiles, Bounds.with(PRODUCTS, encoder, tiles, team), encoder, k, team);
  }
}
