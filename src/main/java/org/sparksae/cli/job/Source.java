package org.sparksae.cli.job;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sparksae.core.Text;
import org.sparksae.spark.ml.ImageVectorizer;

/**
 * Rows from any Spark source.
 *
 * @param section the section's name, for messages
 * @param format short name or class of the source
 * @param paths files or directories, which may have wildcards; empty for a source without paths
 * @param options the source's options
 * @param columns one column of vectors, arrays or images, or numeric columns; if empty, the images'
 *     column of a source of images, and otherwise model.inputCol
 * @param where condition on the source's columns, in Spark's SQL; only rows for which it is true
 *     are kept
 * @param imageShape [channels, height, width] of the rows made from images, if given here or by a
 *     convolutional model
 */
public record Source(
    String section,
    String format,
    List<String> paths,
    Map<String, String> options,
    List<String> columns,
    Optional<Value> where,
    Optional<Value> imageShape) {

  private static final String IMAGE_SHAPE = "imageShape";

  /** Sources of images, in lower case because Spark ignores case, and the column of the images. */
  private static final Map<String, String> IMAGE_COLUMNS =
      Map.of("image", "image", "binaryfile", "content");

  /**
   * Reads a section.
   *
   * @throws IllegalArgumentException if a key is unknown, a value is invalid, or the images' shape
   *     is missing or differs from the model's
   */
  public static Source of(Section section, Section model) {
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
              "%s, the value of %s; leave it out here",
              Arrays.toString(models.asInts()), models.place()));
    }
  }

  /** Whether some columns are given by a pattern, so that they depend on the file. */
  boolean hasPattern() {
    return columns.stream().anyMatch(name -> name.contains("*"));
  }

  /** The same rows with other columns. */
  Source with(List<String> others) {
    return new Source(section, format, paths, options, others, where, imageShape);
  }

  /** The column of the images, if this is a source of images. */
  Optional<String> imageColumn() {
    return Optional.ofNullable(IMAGE_COLUMNS.get(format.toLowerCase(Locale.ROOT)));
  }

  /** The stage that turns images into vectors. The caller sets its columns. */
  ImageVectorizer vectorizer() {
    Value shape =
        imageShape.orElseThrow(
            () ->
                Section.missing(
                    section + "." + IMAGE_SHAPE,
                    "[channels, height, width] of the images, such as [3, 32, 32]"));
    ImageVectorizer vectorizer = new ImageVectorizer();
    ParamSetter.set(vectorizer, vectorizer.imageShape(), shape);
    return vectorizer;
  }
}
