package org.sparksae.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparksae.docs.Page.Block;

/**
 * Every Java block of the documents compiles.
 *
 * <p>A block with a class is a file. Any other is the body of a method, which may use the names of
 * {@link #CONTEXT} and declare them anew. A block with imports has these alone, so that a reader
 * who copies it needs no others; any other block has those of {@link #IMPORTS}.
 */
class SnippetsTest {
  private static final Pattern CLASS = Pattern.compile("(?m)^public (?:final )?class (\\w+)");

  private static final List<String> IMPORTS =
      List.of(
          "import static org.apache.spark.sql.functions.*;",
          "import org.apache.spark.ml.*;",
          "import org.apache.spark.ml.classification.*;",
          "import org.apache.spark.ml.feature.*;",
          "import org.apache.spark.sql.*;",
          "import org.sparksae.spark.ml.*;",
          "import org.sparksae.spark.ml.listener.*;");

  /** Fields, so that a block may declare variables of the same names. */
  private static final List<String> CONTEXT =
      List.of(
          "static org.apache.spark.sql.SparkSession spark;",
          "static org.apache.spark.sql.Dataset<org.apache.spark.sql.Row> rows, measurements, images, noisyImages;",
          "static org.sparksae.spark.ml.SparseAutoencoder autoencoder;",
          "static org.sparksae.spark.ml.ConvolutionalSparseAutoencoder convolutional;",
          "static org.sparksae.spark.ml.SparseAutoencoderModel model;");

  @TempDir private Path classes;

  /** A block as a source file, whose lines stand for lines of a page. */
  private static final class Source extends SimpleJavaFileObject {
    private final Block block;
    private final String text;

    /** Where each line of the block is in the file, from 1. */
    private final int[] places;

    private Source(Block block, String name, String text, int[] places) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.block = block;
      this.text = text;
      this.places = places;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    /** The place in the page of a line of the file, from 1. */
    private String place(long line) {
      int i = 0;
      for (int j = 1; j < places.length; j++) {
        if (places[j] <= line && places[j] > places[i]) {
          i = j;
        }
      }
      return block.page() + ":" + (block.line() + i);
    }
  }

  @Test
  void everyJavaBlockCompiles() {
    List<Block> blocks = Page.blocks("java");
    assertTrue(blocks.size() > 15, "only " + blocks.size() + " blocks found");
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      errors.addAll(errors(source(blocks.get(i), "Snippet" + i)));
    }
    assertEquals("", String.join("\n", errors));
  }

  @Test
  void anErrorNamesThePageAndItsLine() {
    Block block =
        new Block(
            Path.of("page.md"), 7, "java", List.of("import java.util.List;", "", "int i = \"\";"));
    List<String> errors = errors(source(block, "Wrong"));
    assertEquals(1, errors.size(), errors::toString);
    assertTrue(errors.get(0).startsWith("page.md:9: incompatible types"), errors.get(0));
  }

  private static Source source(Block block, String name) {
    Matcher type = CLASS.matcher(block.text());
    List<String> file = new ArrayList<>();
    int[] places = new int[block.lines().size()];
    boolean isClass = type.find();
    boolean hasImports = block.lines().stream().anyMatch(SnippetsTest::isImport);
    // Imports stand before the class, all else in its method.
    file.addAll(hasImports ? List.of() : IMPORTS);
    for (int i = 0; i < places.length; i++) {
      if (isClass || isImport(block.lines().get(i))) {
        file.add(block.lines().get(i));
        places[i] = file.size();
      }
    }
    if (!isClass) {
      file.add("class " + name + " {");
      file.addAll(CONTEXT);
      file.add("static void run() throws Exception {");
      for (int i = 0; i < places.length; i++) {
        if (!isImport(block.lines().get(i))) {
          file.add(block.lines().get(i));
          places[i] = file.size();
        }
      }
      file.add("}}");
    }
    return new Source(block, isClass ? type.group(1) : name, String.join("\n", file), places);
  }

  private static boolean isImport(String line) {
    return line.startsWith("import ");
  }

  private List<String> errors(Source source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    compiler.getTask(new StringWriter(), null, found, options, null, List.of(source)).call();
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(d -> source.place(d.getLineNumber()) + ": " + d.getMessage(Locale.ROOT))
        .toList();
  }
}
