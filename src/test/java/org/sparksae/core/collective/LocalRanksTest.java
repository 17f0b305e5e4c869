package org.sparksae.core.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks in one process, and the algorithms, with and without shared arrays. */
class LocalRanksTest {
  private static final int[] LENGTHS = {0, 1, 15, 16, 17, 1000, 100_003};
  private static final int BEYOND_A_PIECE = 600_011;

  private static float[] random(int length, int rank) {
    SplittableRandom random = new SplittableRandom(31L * length + rank);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      // Of very different sizes, so that another order of summation shows.
      values[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(8)));
    }
    return values;
  }

  /** A rank that is alone never waits, and would go on to the end of its round. */
  @Test
  void aRankThatWasToldToEndShowsNothingMore() {
    boolean[] cancelled = {false};
    Peers alone = new SharedBoard(1, 1000).peers(0, () -> cancelled[0]);
    Collective collective = new RankOrderCollective(alone);
    collective.allReduceSum(new double[] {1});
    cancelled[0] = true;
    assertThrows(PeerFailedException.class, () -> collective.allReduceSum(new double[] {1}));
    assertThrows(PeerFailedException.class, () -> collective.allGather(new float[] {1}));
  }

  private static float[] sumInRankOrder(int length, int size) {
    float[] sum = random(length, 0);
    for (int r = 1; r < size; r++) {
      float[] values = random(length, r);
      for (int i = 0; i < length; i++) {
        sum[i] += values[i];
      }
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16})
  void sumsAreThoseInRankOrderBitForBit(int size) {
    List<Integer> lengths = new ArrayList<>();
    for (int length : LENGTHS) {
      lengths.add(length);
    }
    lengths.add(BEYOND_A_PIECE);
    List<List<float[]>> results =
        LocalRanks.run(size, collective -> allReduced(collective, lengths));
    assertEquals(size, results.size());
    for (int c = 0; c < lengths.size(); c++) {
      float[] expected = sumInRankOrder(lengths.get(c), size);
      for (List<float[]> ofRank : results) {
        assertArrayEquals(expected, ofRank.get(c));
      }
    }
  }

  private static List<float[]> allReduced(Collective collective, List<Integer> lengths) {
    List<float[]> results = new ArrayList<>();
    for (int length : lengths) {
      float[] values = random(length, collective.rank());
      collective.reduceScatterSum(values);
      collective.allGather(values);
      results.add(values);
    }
    return results;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void whatIsNotSharedIsFetchedToTheSameBits(int size) {
    SharedBoard board = new SharedBoard(size, 60_000);
    IntFunction<Peers> apart =
        rank -> new Apart(board.peers(rank, () -> false), r -> Math.floorMod(r - rank, 2) == 0);
    List<float[]> results =
        LocalRanks.run(
            size,
            collective -> {
              Collective mixed = new RankOrderCollective(apart.apply(collective.rank()));
              return allReduced(mixed, List.of(BEYOND_A_PIECE)).get(0);
            });
    for (float[] result : results) {
      assertArrayEquals(sumInRankOrder(BEYOND_A_PIECE, size), result);
    }
  }

  /** Hides that some ranks are in this process. */
  private record Apart(Peers peers, IntPredicate here) implements Peers {
    @Override
    public int rank() {
      return peers.rank();
    }

    @Override
    public int size() {
      return peers.size();
    }

    @Override
    public void publish(long operation, float[] values) {
      peers.publish(operation, values);
    }

    @Override
    public void publish(long operation, double[] values) {
      peers.publish(operation, values);
    }

    @Override
    public double[] doubles(int rank, long operation) {
      return peers.doubles(rank, operation);
    }

    @Override
    public float[] shared(int rank, long operation) {
      return here.test(rank) ? peers.shared(rank, operation) : null;
    }

    @Override
    public Fetch fetch(int rank, long operation, int from, int length, float[] into, int at) {
      return peers.fetch(rank, operation, from, length, into, at);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everyElementHasOneOwner(int size) {
    for (int length : LENGTHS) {
      int[] owners = new int[length];
      for (Collective collective : LocalRanks.<Collective>run(size, c -> c)) {
        for (int i = collective.from(length); i < collective.to(length); i++) {
          owners[i]++;
        }
      }
      for (int owner : owners) {
        assertEquals(1, owner);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void reducesShortArrays(int size) {
    List<double[][]> results =
        LocalRanks.run(
            size,
            c -> {
              double[][] values = new double[3][];
              for (int v = 0; v < 3; v++) {
                values[v] = new double[] {c.rank() == 1 ? 1e16 : 1, -c.rank(), 5};
              }
              c.allReduceSum(values[0]);
              c.allReduceMin(values[1]);
              c.allReduceMax(values[2]);
              return values;
            });
    double sum = 1;
    for (int r = 1; r < size; r++) {
      sum += r == 1 ? 1e16 : 1;
    }
    double ranks = size - 1;
    for (double[][] values : results) {
      assertArrayEquals(new double[] {sum, 0 - ranks * size / 2, 5.0 * size}, values[0]);
      assertArrayEquals(new double[] {1, 0 - ranks, 5}, values[1]);
      assertArrayEquals(new double[] {size > 1 ? 1e16 : 1, 0, 5}, values[2]);
    }
  }

  @Test
  void notANumberIsAResultLikeOthers() {
    List<double[]> results =
        LocalRanks.run(
            2,
            c -> {
              double[] value = {c.rank() == 1 ? Double.NaN : 1};
              c.allReduceMin(value);
              return value;
            });
    assertArrayEquals(new double[] {Double.NaN}, results.get(0));
  }

  @Test
  void failureOfOneEndsTheWaitsOfAll() {
    IllegalStateException cause = new IllegalStateException("out of luck");
    RuntimeException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                LocalRanks.run(
                    3,
                    c -> {
                      if (c.rank() == 2) {
                        throw cause;
                      }
                      c.allReduceSum(new double[1]);
                      return null;
                    }));
    assertSame(cause, thrown);
  }

  @Test
  void ranksThatAreNotInStepAreToldApart() {
    RuntimeException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                LocalRanks.run(
                    2,
                    c -> {
                      c.allReduceSum(new double[3 + c.rank()]);
                      return null;
                    }));
    assertTrue(thrown.getMessage().startsWith("ranks are not in step: rank "), thrown::getMessage);
  }

  @Test
  void waitsEndByCancellationAndInTime() {
    BooleanSupplier cancelled = () -> true;
    Peers peers = new SharedBoard(2, 60_000).peers(0, cancelled);
    RuntimeException thrown = assertThrows(PeerFailedException.class, () -> peers.doubles(1, 0));
    assertEquals("cancelled while waiting for rank 1 on this host", thrown.getMessage());

    Peers impatient = new SharedBoard(2, 0).peers(0, () -> false);
    thrown = assertThrows(PeerFailedException.class, () -> impatient.doubles(1, 0));
    assertTrue(thrown.getMessage().startsWith("waited for rank 1 on this host for 0 s"));
  }
}
