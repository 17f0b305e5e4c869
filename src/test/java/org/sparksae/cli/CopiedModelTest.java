package org.sparksae.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.ml.ModelFormats;
import org.sparksae.spark.ml.SparseAutoencoderModel;

/** import-model and export-model. */
@ExtendWith(LocalSpark.class)
class CopiedModelTest extends JobRunner {
  private static final String TOPK = "src/test/resources/foreign/saelens-topk";
  private static final String JUMP = "src/test/resources/foreign/gemma-npz";

  private int importModel(String from, String... more) {
    String[] args = new String[3 + more.length];
    args[0] = "import-model";
    args[1] = from;
    args[2] = out.resolve("model").toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return run(args);
  }

  @Test
  void anImportedModelEncodesByAJob() throws IOException {
    assertEquals(0, importModel(JUMP), () -> error);
    assertEquals(out.resolve("model") + ": rows of 6 values, 16 units\n", said);
    Path rows = dir.resolve("rows");
    TestFrames.frame(TestFrames.rows(5, 6, 1), 1).write().parquet(rows.toString());
    Path job = dir.resolve("job.conf");
    Files.writeString(
        job,
        "input { path = \""
            + rows
            + "\", columns = [features] }\nmodel { hiddenLayers = [16] }\noutput.dir = \""
            + out
            + "\"\n");
    assertEquals(0, run("encode", job.toString()), () -> error);
    assertTrue(said.contains("code of the first row:"), said);
  }

  @Test
  void anExportedModelIsTheOneThatWasImported() {
    assertEquals(0, importModel(TOPK), () -> error);
    String model = out.resolve("model").toString();
    for (String format : new String[] {"saelens", "sparsify"}) {
      Path folder = dir.resolve(format);
      assertEquals(0, run("export-model", model, folder.toString(), "--format", format));
      assertEquals(folder + ": " + format + ", rows of 6 values, 16 units\n", said);
      assertArrayEquals(
          SparseAutoencoderModel.load(model).parameters(),
          ModelFormats.read(folder.toString()).parameters());
    }
    assertEquals(0, run("export-model", model, dir.resolve("default").toString()));
    assertTrue(said.contains(": saelens,"), said);
    assertTrue(Files.exists(dir.resolve("default/sae_weights.safetensors")));
  }

  @Test
  void aNoteSaysHowRowsMustBePrepared() throws IOException {
    String model = dir.resolve("prepared").toString();
    ModelFormats.read(TOPK).setPreparation("standardScaler").save(model);
    assertEquals(0, run("export-model", model, out.toString()), () -> error);
    assertTrue(said.contains("\n  it takes rows that were prepared by standardScaler\n"), said);
  }

  @Test
  void whatExistsIsReplacedOnRequestOnly() {
    assertEquals(0, importModel(TOPK));
    assertEquals(2, importModel(JUMP));
    assertTrue(error.contains("exists already; choose another place, or"), error);
    assertEquals(3, kept(out));
    assertEquals(0, importModel(JUMP, "--overwrite"), () -> error);
    assertEquals(0, kept(out));
  }

  private static int kept(Path out) {
    return SparseAutoencoderModel.load(out.resolve("model").toString())
        .spec()
        .code()
        .form()
        .unitsKept()
        .orElse(0);
  }

  @Test
  void refusalsAreOneLineAndLeaveNothing() {
    assertEquals(2, importModel(dir.resolve("none").toString()));
    assertTrue(error.contains("no model was read from " + dir.resolve("none")), error);
    assertEquals(2, importModel(TOPK, "--format", "pickle"));
    assertTrue(error.contains("format must be one of saelens, sparsify, gemmaScope,"), error);
    assertEquals(2, run("export-model", TOPK, out.toString()));
    assertTrue(error.contains(TOPK + " is not the directory of a saved stage"), error);
    assertEquals(1, error.lines().count(), error);
    assertEquals(0, importModel(JUMP));
    assertEquals(
        2,
        run(
            "export-model",
            out.resolve("model").toString(),
            dir.resolve("folder").toString(),
            "--format",
            "sparsify"));
    assertTrue(error.contains("write it as saelens"), error);
    assertFalse(Files.exists(dir.resolve("folder")));
  }
}
