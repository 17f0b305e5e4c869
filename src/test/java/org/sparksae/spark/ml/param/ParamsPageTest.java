package org.sparksae.spark.ml.param;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.junit.jupiter.api.Test;
import org.sparksae.spark.ml.ArrayVectorizer;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoder;
import org.sparksae.spark.ml.ConvolutionalSparseAutoencoderModel;
import org.sparksae.spark.ml.ImageVectorizer;
import org.sparksae.spark.ml.PatchScaling;
import org.sparksae.spark.ml.ReconstructionEvaluator;
import org.sparksae.spark.ml.SparseAutoencoder;
import org.sparksae.spark.ml.SparseAutoencoderModel;
import org.sparksae.spark.ml.ZcaWhitening;

/** The page of all Params says what the Params say of themselves. */
class ParamsPageTest {
  private static final Path PAGE = Path.of("src/site/markdown/params.md");
  private static final Path SOURCES = Path.of("src/main/java");
  private static final String RENEW = "params.renew";

  private static final SparseAutoencoder DENSE = new SparseAutoencoder("<uid>");
  private static final ConvolutionalSparseAutoencoder CONVOLUTIONAL =
      new ConvolutionalSparseAutoencoder("<uid>");
  private static final List<Params> OTHERS =
      List.of(
          new PatchScaling("<uid>"),
          new ZcaWhitening("<uid>"),
          new ImageVectorizer("<uid>"),
          new ArrayVectorizer("<uid>"),
          new ReconstructionEvaluator("<uid>"));

  @Test
  void thePageIsWhatTheParamsSay() throws IOException {
    if (Boolean.getBoolean(RENEW)) {
      Files.writeString(PAGE, page());
    }
    String found = Files.exists(PAGE) ? Files.readString(PAGE) : "";
    assertEquals(
        page(),
        found,
        PAGE + " is stale; renew it: mvn test -Dtest=ParamsPageTest -D" + RENEW + "=true");
  }

  @Test
  void everyParamOfEveryStageIsOnThePage() {
    String page = page();
    Stream.concat(Stream.of(DENSE, CONVOLUTIONAL), OTHERS.stream())
        .flatMap(stage -> Arrays.stream(stage.params()))
        .forEach(param -> assertTrue(page.contains("| `" + param.name() + "` |"), param::name));
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Params\n\n")
        .append("<!-- Made from the Params themselves by ParamsPageTest, which says how. -->\n\n")
        .append(
            "What each stage takes, with default, allowed values and meaning; `explainParams()`")
        .append(" prints the same. A Param without a default (–) that must be set says so when it")
        .append(
            " is missing. ● marks what can be set on the model, too: it changes what `transform`")
        .append(" does.\n\n")
        .append("## SparseAutoencoder and ConvolutionalSparseAutoencoder\n\n");
    for (Class<?> group : AutoencoderParams.class.getInterfaces()) {
      appendGroup(page, group, DENSE, SparseAutoencoderModel.class);
    }
    page.append("## SparseAutoencoder only\n\n");
    appendTable(
        page, of(DENSE, SparseAutoencoderParams.class), DENSE, SparseAutoencoderModel.class);
    page.append("## ConvolutionalSparseAutoencoder only\n\n");
    for (Class<?> group : ConvolutionalSparseAutoencoderParams.class.getInterfaces()) {
      if (group != AutoencoderParams.class) {
        appendGroup(page, group, CONVOLUTIONAL, ConvolutionalSparseAutoencoderModel.class);
      }
    }
    for (Params stage : OTHERS) {
      page.append("## ").append(stage.getClass().getSimpleName()).append("\n\n");
      List<Param<?>> all =
          Arrays.<Param<?>>stream(stage.params())
              .sorted(
                  Comparator.comparing((Param<?> param) -> isOwn(stage, param))
                      .thenComparing(param -> place(declaring(stage, param), param)))
              .toList();
      appendTable(page, all, stage, null);
    }
    return page.toString().stripTrailing() + "\n";
  }

  private static void appendGroup(
      StringBuilder page, Class<?> group, Params stage, Class<?> model) {
    page.append("### ").append(title(group)).append("\n\n").append(summary(group)).append("\n\n");
    appendTable(page, of(stage, group), stage, model);
  }

  /** The Params that a group declares, in the order of its source. */
  private static List<Param<?>> of(Params stage, Class<?> group) {
    return Arrays.<Param<?>>stream(stage.params())
        .filter(param -> declaring(stage, param) == group)
        .sorted(Comparator.comparing(param -> place(group, param)))
        .toList();
  }

  private static void appendTable(
      StringBuilder page, List<Param<?>> params, Params stage, Class<?> model) {
    page.append("| Param | default | must be | meaning |\n|---|---|---|---|\n");
    for (Param<?> param : params) {
      String words = ((Rule.Check<?>) (Object) param.isValid()).rule().words();
      String meaning = param.doc().replace(" (" + words + ")", "");
      page.append("| `").append(param.name()).append("` |");
      page.append(isSetOn(model, param) ? " ● " : " ").append(byDefault(stage, param));
      page.append(" | ").append(words).append(" | ").append(marked(meaning)).append(" |\n");
    }
    page.append('\n');
  }

  private static boolean isSetOn(Class<?> model, Param<?> param) {
    String setter = "set" + param.name();
    return model != null
        && Arrays.stream(model.getMethods()).anyMatch(m -> m.getName().equalsIgnoreCase(setter));
  }

  private static String byDefault(Params stage, Param<?> param) {
    if (!stage.hasDefault(param)) {
      return "–";
    }
    String text = Arrays.deepToString(new Object[] {stage.getDefault(param).get()});
    String value = text.substring(1, text.length() - 1);
    return value.isEmpty() ? "empty" : "`" + value + "`";
  }

  /** Names of Params as code, where they cannot be mistaken for words. */
  private static String marked(String meaning) {
    String names =
        Stream.concat(Stream.of(DENSE, CONVOLUTIONAL), OTHERS.stream())
            .flatMap(stage -> Arrays.stream(stage.params()))
            .map(Param::name)
            .filter(name -> !name.equals(name.toLowerCase(Locale.ROOT)))
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining("|"));
    return meaning.replaceAll("\\b(" + names + ")\\b", "`$1`").replace("|", "\\|");
  }

  private static boolean isOwn(Params stage, Param<?> param) {
    return declaring(stage, param) == stage.getClass()
        || declaring(stage, param).getSimpleName().startsWith(stage.getClass().getSimpleName());
  }

  private static Class<?> declaring(Params stage, Param<?> param) {
    try {
      return stage.getClass().getMethod(param.name()).getDeclaringClass();
    } catch (NoSuchMethodException e) {
      throw new AssertionError("a Param is found by its accessor", e);
    }
  }

  private static int place(Class<?> declaring, Param<?> param) {
    int place = source(declaring).indexOf("\"" + param.name() + "\"");
    return place < 0 ? Integer.MAX_VALUE : place;
  }

  /** From the name of a group: KSparseParams is "K sparse". */
  private static String title(Class<?> group) {
    String name = group.getSimpleName().replaceFirst("Params$", "");
    String words = name.replaceAll("(?<=.)([A-Z])", " $1").toLowerCase(Locale.ROOT);
    return name.substring(0, 1) + words.substring(1);
  }

  /** The first paragraph of the documentation of a group of Params, or of a stage. */
  static String summary(Class<?> type) {
    Matcher comment =
        Pattern.compile(
                "/\\*\\*(((?!\\*/).)*?)\\*/\\s*(@\\S+\\s+)?public (interface|final class)",
                Pattern.DOTALL)
            .matcher(source(type));
    assertTrue(comment.find(), type::getName);
    String paragraph = comment.group(1).split("\\n \\*\\s*\\n")[0];
    String text = paragraph.replaceAll("\\n? +\\* ?", " ").strip();
    return text.replaceAll("\\{@(?:code|link) ([^}]*)\\}", "`$1`").replaceAll(" +", " ");
  }

  private static String source(Class<?> type) {
    try {
      return Files.readString(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
