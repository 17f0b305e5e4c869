package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sparksae.spark.LocalSpark;

/**
 * The libraries themselves, in both directions: {@code mvn test -Dtest=ForeignLibrariesTest
 * -Dforeign.python=PYTHON}, where PYTHON has sae-lens 6.54 and eai-sparsify 1.3.3.
 */
@ExtendWith(LocalSpark.class)
class ForeignLibrariesTest {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignLibrariesTest.class);
  private static final String PYTHON = System.getProperty("foreign.python");

  @TempDir private Path directory;

  @BeforeEach
  void needsPython() {
    assumeTrue(PYTHON != null, "-Dforeign.python names no Python with sae-lens and eai-sparsify");
  }

  @Test
  void modelsThatTheLibrariesMakeComputeTheSameHere() throws Exception {
    python("make");
    List<ForeignFolder> made = ForeignFolder.in(directory).toList();
    assertEquals(
        ForeignFolder.fixtures().map(ForeignFolder::name).toList(),
        made.stream().map(ForeignFolder::name).toList());
    for (ForeignFolder folder : made) {
      check("read", folder, Computed.by(folder.read(), folder.rows()));
    }
  }

  @Test
  void modelsThatAreWrittenHereComputeTheSameInTheLibraries() throws Exception {
    List<OwnLatents> all = OwnLatents.all().toList();
    for (OwnLatents own : all) {
      ForeignFolder folder = folder(own);
      ModelFormats.write(own.model(), own.format(), folder.path().toString());
      folder.writeRows(own.rows());
    }
    python("read");
    for (OwnLatents own : all) {
      check("written", folder(own), Computed.by(own.model(), own.rows()));
    }
  }

  private ForeignFolder folder(OwnLatents own) {
    return new ForeignFolder(directory.resolve(own.name()));
  }

  private static void check(String direction, ForeignFolder folder, Computed here) {
    double difference = here.differenceFrom(folder.expected());
    LOG.info("{} {}: largest difference {}", direction, folder, difference);
    assertTrue(difference <= ForeignFolder.TOLERANCE, folder + " differs by " + difference);
  }

  private void python(String command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("model_formats", ".log");
    Process process =
        new ProcessBuilder(PYTHON, "src/test/python/model_formats.py", command, "" + directory)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = process.waitFor();
    assertEquals(0, code, () -> lastLines(log));
    Files.delete(log);
  }

  private static String lastLines(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
