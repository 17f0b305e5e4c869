package org.sparksae.examples.activations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.sparksae.examples.ExamplesRunner;
import org.sparksae.spark.LocalSpark;

/** What is wrong is said before the model runs, and nothing is left behind. */
@ExtendWith(LocalSpark.class)
class ImportActivationsTest extends ExamplesRunner {
  private Path jar(String name, String content) throws IOException {
    Path jar = dir.resolve("model.jar");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private void assertRefused(Path model, String corpus, String says) throws IOException {
    Path texts = Files.writeString(dir.resolve("texts"), corpus);
    assertEquals(
        2,
        run(
            "import-activations",
            "--model",
            model.toString(),
            "--runtime",
            "none.jar",
            "--corpus",
            texts.toString(),
            "--output",
            out.toString()));
    assertTrue(error.contains(says), error);
    assertFalse(Files.exists(out));
  }

  @Test
  void filesOfAnotherFormAreRefused() throws IOException {
    String corpus = "# a\nThe/at\n";
    assertRefused(jar("other", ""), corpus, "has no file that ends in tokenizer.json");
    assertRefused(jar("a-tokenizer.json", "{}"), corpus, "the tokenizer must have model.vocab");
    Path model = jar("tokenizer.json", "{\"model\": {\"vocab\": {\"[UNK]\": 0, \"[CLS]\": 1}}}");
    assertRefused(model, "The jury\n", "line 1 of the corpus must be '# name'");
    assertRefused(model, corpus, "the tokenizer's vocabulary has no [SEP]");
  }
}
