package org.sparksae.spark.exchange.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.core.collective.Collective;

/** What ranks in several JVMs sum and copy, whatever lies between them. */
@Timeout(120)
class ExchangeTest {
  private static final String SPARK_VERSION = org.apache.spark.package$.MODULE$.SPARK_VERSION();

  /** None, fewer than ranks or owners, as many as are pushed at most, one more, and some pieces. */
  private static final int[] LENGTHS = {0, 1, 17, 16_384, 16_385, 600_011};

  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};

  /** The JVM of each rank. */
  static Stream<Arguments> places() {
    return Stream.of(
        Arguments.of((Object) new int[] {0, 1}),
        Arguments.of((Object) new int[] {0, 0, 1}),
        Arguments.of((Object) new int[] {0, 1, 0, 1}),
        Arguments.of((Object) new int[] {0, 1, 2, 2, 1}));
  }

  static float[] random(int length, int rank) {
    SplittableRandom random = new SplittableRandom(31L * length + rank);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      // Of very different sizes, so that another order of summation shows.
      values[i] = (float) ((random.nextDouble() - 0.5) * POWERS[random.nextInt(POWERS.length)]);
    }
    return values;
  }

  static float[] sumInRankOrder(int length, int size) {
    float[] sum = random(length, 0);
    for (int r = 1; r < size; r++) {
      float[] values = random(length, r);
      for (int i = 0; i < length; i++) {
        sum[i] += values[i];
      }
    }
    return sum;
  }

  static float[] allReduced(Collective collective, int length) {
    float[] values = random(length, collective.rank());
    collective.reduceScatterSum(values);
    collective.allGather(values);
    return values;
  }

  private static List<float[]> allReduced(Collective collective) {
    List<float[]> results = new ArrayList<>();
    for (int length : LENGTHS) {
      results.add(allReduced(collective, length));
    }
    return results;
  }

  private static void assertSums(List<List<float[]>> results) {
    for (int l = 0; l < LENGTHS.length; l++) {
      float[] expected = sumInRankOrder(LENGTHS[l], results.size());
      for (List<float[]> ofRank : results) {
        assertArrayEquals(expected, ofRank.get(l));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("places")
  void sumsAreThoseInRankOrderBitForBit(int[] places) throws Exception {
    try (Executors executors = new Executors(Executors.conf(), places)) {
      assertSums(executors.run(ExchangeTest::allReduced));
    }
  }

  @ParameterizedTest
  @MethodSource("places")
  void manyOperationsFollowEachOther(int[] places) throws Exception {
    int steps = 300;
    int[] lengths = {3, 5_000, 0, 40_001};
    try (Executors executors = new Executors(Executors.conf(), places)) {
      List<Integer> equal =
          executors.run(
              collective -> {
                int count = 0;
                for (int step = 0; step < steps; step++) {
                  int length = lengths[step % lengths.length];
                  float[] values = new float[length];
                  for (int i = 0; i < length; i++) {
                    values[i] = step + i + collective.rank();
                  }
                  collective.reduceScatterSum(values);
                  collective.allGather(values);
                  double[] sum = {step};
                  collective.allReduceSum(sum);
                  int size = collective.size();
                  boolean right = sum[0] == (double) step * size;
                  for (int i = 0; i < length; i++) {
                    right &= values[i] == (step + i) * size + size * (size - 1) / 2;
                  }
                  count += right ? 1 : 0;
                }
                return count;
              });
      equal.forEach(count -> assertEquals(steps, count));
    }
  }

  @ParameterizedTest
  @MethodSource("places")
  void doublesOfAnyLengthAreReduced(int[] places) throws Exception {
    try (Executors executors = new Executors(Executors.conf(), places)) {
      List<double[]> results =
          executors.run(
              collective -> {
                double[] values = new double[8193];
                values[8192] = collective.rank();
                collective.allReduceMax(values);
                double[] few = {values[8192]};
                collective.allReduceSum(few);
                return few;
              });
      int size = places.length;
      results.forEach(few -> assertArrayEquals(new double[] {size * (size - 1)}, few));
    }
  }

  /** AES/GCM is not among them: of it, Spark 4.1.0 drops every message but the first. */
  static Stream<SparkConf> secured() {
    SparkConf authenticated = secured("a secret");
    return Stream.of(
        authenticated,
        authenticated.clone().set("spark.network.crypto.enabled", "true"),
        authenticated
            .clone()
            .set("spark.network.crypto.enabled", "true")
            .set("spark.network.crypto.authEngineVersion", "2"),
        authenticated.clone().set("spark.authenticate.enableSaslEncryption", "true"));
  }

  static SparkConf secured(String secret) {
    return Executors.conf()
        .set("spark.authenticate", "true")
        .set("spark.authenticate.secret", secret);
  }

  @ParameterizedTest
  @MethodSource("secured")
  void authenticationAndEncryptionAreThoseOfSpark(SparkConf conf) throws Exception {
    try (Executors executors = new Executors(conf, 0, 1, 1)) {
      assertSums(executors.run(ExchangeTest::allReduced));
    }
  }

  @Test
  void transportLayerSecurityIsThatOfSpark(@TempDir Path directory) throws Exception {
    assumeFalse(SPARK_VERSION.startsWith("3."), "Spark 3.5 has no TLS between its processes");
    Path store = directory.resolve("keys.p12");
    String password = "a password";
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                password)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, keytool.waitFor(), said);
    SparkConf conf = secured("a secret").set("spark.ssl.rpc.enabled", "true");
    for (String kind : new String[] {"key", "trust"}) {
      conf.set("spark.ssl.rpc." + kind + "Store", store.toString());
      conf.set("spark.ssl.rpc." + kind + "StorePassword", password);
      conf.set("spark.ssl.rpc." + kind + "StoreType", "PKCS12");
    }
    conf.set("spark.ssl.rpc.keyPassword", password).set("spark.ssl.rpc.protocol", "TLSv1.3");
    try (Executors executors = new Executors(conf, 0, 1, 1)) {
      assertSums(executors.run(ExchangeTest::allReduced));
    }
  }

  @Test
  void theLastArrayCanBeReadWhenItsOwnerIsDone() throws Exception {
    try (Executors executors = new Executors(Executors.conf(), 0, 1)) {
      List<float[]> results = executors.run(collective -> allReduced(collective, 3_000_000));
      float[] expected = sumInRankOrder(3_000_000, 2);
      results.forEach(values -> assertArrayEquals(expected, values));
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    try (Executors executors = new Executors(Executors.conf(), 0, 1)) {
      List<String> addresses = executors.addresses();
      executors.run(collective -> allReduced(collective, 100));
      for (String address : addresses) {
        Strangers.awaitRefusal(address);
      }
    }
    Strangers.awaitEndOfThreads();
  }
}
