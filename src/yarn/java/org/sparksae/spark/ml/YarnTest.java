package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.exchange.WorkerPlan;
import org.sparksae.spark.exchange.WorkerSlots;

/**
 * Two executors of a real YARN, by the settings of {@code conf/yarn.properties}, give the bits that
 * one process gives.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class YarnTest {
  static final String SITE = "yarn-site.xml";

  private static final int EPOCHS = 6;

  /** A server that fails while it starts may stay there and never answer. */
  private static final long START_SECONDS = 120;
  private static final float[][] ROWS = TestFrames.rows(150, 6, 17);

  @TempDir private static Path directory;
  private static SparseAutoencoderModel local;
  private static Process yarn;
  private static SparkSession session;

  @BeforeAll
  static void fitInOneProcessAndStartYarn() throws Exception {
    local = estimator().fit(frame(LocalSpark.session()));
    LocalSpark.stop();
    yarn = startYarn();
    session = onYarn(configuration());
  }

  @AfterAll
  static void stop() throws Exception {
    if (session != null) {
      session.stop();
    }
    if (yarn != null) {
      yarn.getOutputStream().close();
      if (!yarn.waitFor(30, TimeUnit.SECONDS)) {
        yarn.destroyForcibly();
      }
    }
  }

  /** Its logs and those of the containers stay in the build directory, where a failure is explained. */
  private static Process startYarn() throws IOException {
    Path home = Files.createDirectories(Path.of(System.getProperty("minicluster.home")));
    String classPath =
        Stream.concat(
                Stream.of(home.resolve("jars") + File.separator + "*"),
                classPath().stream().filter(entry -> entry.endsWith("test-classes")))
            .collect(Collectors.joining(File.pathSeparator));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                classPath,
                MiniYarn.class.getName(),
                directory.toString())
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log.txt").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private static List<String> classPath() {
    return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
  }

  /** Where the cluster is. */
  private static Configuration configuration() throws InterruptedException {
    Path site = directory.resolve(SITE);
    long start = System.nanoTime();
    while (!Files.exists(site)) {
      boolean starting = yarn.isAlive() && System.nanoTime() - start < START_SECONDS * 1_000_000_000L;
      assertTrue(starting, "YARN does not start: see log.txt in minicluster.home");
      Thread.sleep(200);
    }
    Configuration configuration = new Configuration(false);
    configuration.addResource(new org.apache.hadoop.fs.Path(site.toUri()));
    return configuration;
  }

  private static SparkSession onYarn(Configuration cluster) throws IOException {
    SparkSession.Builder builder = LocalSpark.builder("yarn");
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of("conf/yarn.properties"))) {
      properties.load(reader);
    }
    properties.forEach((key, value) -> builder.config((String) key, (String) value));
    cluster
        .getValByRegex("^yarn\\.resourcemanager\\.(scheduler\\.)?address$")
        .forEach((key, address) -> builder.config("spark.hadoop." + key, address));
    return builder
        .config("spark.executor.cores", "1")
        .config("spark.executor.memory", "512m")
        .config("spark.executor.memoryOverhead", "512m")
        .config("spark.yarn.stagingDir", directory.resolve("staging").toUri().toString())
        .config(
            "spark.yarn.jars",
            classPath().stream().map("local:"::concat).collect(Collectors.joining(",")))
        .getOrCreate();
  }

  @Test
  void twoExecutorsGiveTheBitsOfOneProcess() {
    Dataset<Row> frame = frame(session);
    WorkerSlots slots = new WorkerSlots(session.sparkContext(), () -> 2);
    WorkerPlan plan = WorkerPlan.of(slots, WorkerPlan.AUTO, 0);
    assertTrue(plan.isAllReduce());
    assertEquals(2, plan.workers());
    Set<String> executors = new HashSet<>(
        JavaSparkContext.fromSparkContext(session.sparkContext())
            .parallelize(List.of(0, 1), 2)
            .map(one -> SparkEnv.get().executorId())
            .collect());
    assertEquals(Set.of("1", "2"), executors);
    assertSame(local, estimator().fit(frame));
  }

  @Test
  void goesOnFromACheckpointToTheSameBits() throws IOException {
    Path checkpoints = directory.resolve("checkpoints");
    SparseAutoencoder kept =
        estimator().setCheckpointDir(checkpoints.toUri().toString()).setCheckpointInterval(2);
    kept.setMaxIter(4).fit(frame(session));
    SparseAutoencoderModel model = kept.setMaxIter(EPOCHS).fit(frame(session));
    assertSame(local, model);
    try (Stream<Path> files = Files.list(checkpoints)) {
      assertEquals(
          List.of("checkpoint-00000004.safetensors", "checkpoint-00000006.safetensors", "run.txt"),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(".crc"))
              .sorted()
              .toList());
    }
  }

  private static void assertSame(SparseAutoencoderModel expected, SparseAutoencoderModel actual) {
    assertArrayEquals(expected.parameters(), actual.parameters());
    assertArrayEquals(
        expected.summary().objectiveHistory(), actual.summary().objectiveHistory());
  }

  private static SparseAutoencoder estimator() {
    return Fixtures.estimator().setSolver("adam").setAggregation("allReduce").setMaxIter(EPOCHS);
  }

  private static Dataset<Row> frame(SparkSession session) {
    return TestFrames.frame(session, InputType.DENSE_VECTOR, TestFrames.splitBySize(ROWS, 80, 70));
  }
}
