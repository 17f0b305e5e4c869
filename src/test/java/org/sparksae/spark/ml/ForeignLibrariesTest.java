package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.spark.LocalSpark;

/**
 * The libraries themselves, in both directions: {@code mvn test -Dtest=ForeignLibrariesTest
 * -Dforeign.python=PYTHON}, where PYTHON has sae-lens 6.54 and eai-sparsify 1.3.3.
 */
@ExtendWith(LocalSpark.class)
class ForeignLibrariesTest {
  /** The largest difference of each model, for the documents. */
  private static final Path FIGURES = Path.of("target/foreign-libraries");

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
    List<String> figures = new ArrayList<>();
    for (ForeignFolder folder : made) {
      figures.add(check(folder, Computed.by(folder.read(), folder.rows())));
    }
    write("read", figures);
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
    List<String> figures = new ArrayList<>();
    for (OwnLatents own : all) {
      figures.add(check(folder(own), Computed.by(own.model(), own.rows())));
    }
    write("written", figures);
  }

  private ForeignFolder folder(OwnLatents own) {
    return new ForeignFolder(directory.resolve(own.name()));
  }

  private static String check(ForeignFolder folder, Computed here) {
    double difference = here.differenceFrom(folder.expected());
    assertTrue(difference <= ForeignFolder.TOLERANCE, folder + " differs by " + difference);
    return folder + " " + difference;
  }

  private static void write(String name, List<String> figures) throws IOException {
    Files.createDirectories(FIGURES);
    Files.write(FIGURES.resolve(name + ".txt"), figures);
  }

  private void python(String command) throws IOException, InterruptedException {
    Path log = Files.createTempFile("model_formats", ".log");
    Process process =
        new ProcessBuilder(PYTHON, "src/test/python/model_formats.py", command, "" + directory)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = process.waitFor();
    String said = Files.readString(log);
    Files.delete(log);
    assertEquals(0, code, said);
  }
}
