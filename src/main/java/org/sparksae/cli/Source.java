package org.sparksae.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.ImageVectorizer;

/**
 * Rows of any Spark source.
 *
 * @param section the section's name, for messages
 * @param format short name or class of the source
 * @param paths files or directories, with wildcards; none for a source that has none
 * @param options of the source
 * @param columns one column of vectors, arrays or images, or numeric columns; empty to have
 *     model.inputCol, or of a source of images the column that these are in
 * @param where condition on the source's columns, in Spark's SQL; rows for which it is not true are
 *     left out
 * @param imageShape [channels, height, width] that images become, if it is said: here or of a
 *     convolutional model
 */
record Source(
    String section,
    String format,
    List<String> paths,
    Map<String, String> options,
    List<String> columns,
    Optional<Value> where,
    Optional<Value> imageShape) {

  private static final String IMAGE_SHAPE = "imageShape";

  /** Sources of images, in lower case as Spark does not mind, and their column of these. */
  private static final Map<String, String> IMAGE_COLUMNS =
      Map.of("image", "image", "binaryfile", "content");

  /**
   * What a section of a job says.
   *
   * @throws IllegalArgumentException if a key is not known, a value not valid, or images have no
   *     shape, or another than the model's
   */
  static Source of(Section section, Section model) {
    section.only(List.of("format", "path", "options", "columns", "where", IMAGE_SHAPE));
    Optional<Value> own = section.find(IMAGE_SHAPE);
    Optional<Value> models = model.find(IMAGE_SHAPE);
    Source source =
        new Source(
            section.name(),
            section.find("format").map(Value::asText).orElse("parquet"),
            section.find("path").map(Source::paths).orElse(List.of()),
            section.section("options").options(),
            section.find("columns").map(Value::asTexts).orElse(List.of()),
            section.find("where"),
            own.or(() -> models));
    if (own.isPresent() || source.imageColumn().isPresent()) {
      source.vectorizer();
    }
    if (own.isPresent() && models.isPresent()) {
      requireSame(own.get(), models.get());
    }
    return source;
  }

  private static List<String> paths(Value value) {
    List<String> paths = value.asTexts();
    if (paths.isEmpty() || paths.stream().anyMatch(String::isBlank)) {
      throw value.refusal("must be a path or a list of paths, none of them empty");
    }
    return paths;
  }

  private static void requireSame(Value own, Value models) {
    if (!Arrays.equals(own.asInts(), models.asInts())) {
      throw own.wrong(
          Text.format(
              "%s, as %s says; leave it out here",
              Arrays.toString(models.asInts()), models.place()));
    }
  }

  /** The column of images, if it is a source of such. */
  Optional<String> imageColumn() {
    return Optional.ofNullable(IMAGE_COLUMNS.get(format.toLowerCase(Locale.ROOT)));
  }

  /** The stage that makes vectors of images; its columns are still to be set. */
  ImageVectorizer vectorizer() {
    Value shape =
        imageShape.orElseThrow(
            () ->
                JobConfig.missing(
                    section + "." + IMAGE_SHAPE,
                    "[channels, height, width] of the images, such as [3, 32, 32]"));
    ImageVectorizer vectorizer = new ImageVectorizer();
    ParamSetter.set(vectorizer, vectorizer.imageShape(), shape);
    return vectorizer;
  }
}
