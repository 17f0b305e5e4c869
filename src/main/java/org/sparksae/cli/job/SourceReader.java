package org.sparksae.cli.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import org.sparksae.core.Text;
import org.sparksae.spark.data.ColumnPath;
import org.sparksae.spark.data.FeatureColumn;
import org.sparksae.spark.data.HadoopPaths;
import org.sparksae.spark.data.ImageColumn;
import org.sparksae.spark.ml.AutoencoderEstimator;
import org.sparksae.spark.ml.ImageVectorizer;

/**
 * Opens a {@link Source} and makes one input column of the columns that it names.
 *
 * <p>MLlib's VectorAssembler assembles numeric columns into a vector and keeps invalid values (a
 * null becomes NaN), so that the estimator's {@code handleInvalid} decides about them. An
 * ImageVectorizer with the same {@code handleInvalid} turns images into vectors.
 */
public final class SourceReader {

  /** Name of the assembled column, unless the job gives another by model.inputCol. */
  private static final String ASSEMBLED = "features";

  /** Sources whose paths are files; the path of another source may be the name of a table. */
  private static final Set<String> FILE_FORMATS =
      Set.of("parquet", "csv", "json", "orc", "text", "image", "binaryFile");

  private SourceReader() {}

  /**
   * Opens a source. No row is read, except by sources that look at rows for their schema.
   *
   * @param estimator if its {@code inputCol} is set, that is the column if the source names none,
   *     and the name of the assembled column
   * @throws IllegalArgumentException if the source or its columns do not fit
   */
  public static InputTable read(
      SparkSession spark, Source source, AutoencoderEstimator<?, ?> estimator) {
    String inputCol = estimator.isDefined(estimator.inputCol()) ? estimator.getInputCol() : null;
    Dataset<Row> rows = filtered(source, load(spark, source));
    List<String> columns = columns(source, inputCol, rows.schema());
    if (columns.size() == 1) {
      String name = columns.get(0);
      DataType type = typeOf(source, rows.schema(), name);
      if (ImageColumn.isReadable(type)) {
        return images(source, rows, name, estimator);
      }
      if (!isNumeric(type)) {
        return single(source, rows, name, inputCol);
      }
    }
    return assemble(source, rows, columns, inputCol == null ? ASSEMBLED : inputCol);
  }

  private static Dataset<Row> load(SparkSession spark, Source source) {
    if (source.paths().isEmpty() && source.options().isEmpty()) {
      throw Section.missing(source.section() + ".path", "a path, or a list of paths");
    }
    if (FILE_FORMATS.contains(source.format())) {
      requireFiles(source, spark.sparkContext().hadoopConfiguration());
    }
    DataFrameReader reader = spark.read().format(source.format()).options(source.options());
    try {
      return source.paths().isEmpty()
          ? reader.load()
          : reader.load(source.paths().toArray(String[]::new));
    } catch (Exception e) {
      // Scala does not declare it, so javac refuses to catch it by name.
      if (e instanceof ClassNotFoundException) {
        throw new IllegalArgumentException(
            Text.format(
                "%s.format: there is no source '%s' here; Spark brings parquet, csv, json, orc, text, jdbc, image and binaryFile",
                source.section(), source.format()),
            e);
      }
      throw e;
    }
  }

  private static Dataset<Row> filtered(Source source, Dataset<Row> rows) {
    if (source.where().isEmpty()) {
      return rows;
    }
    Value condition = source.where().get();
    try {
      return rows.where(condition.asText());
    } catch (Exception e) {
      // As above.
      if (e instanceof AnalysisException) {
        throw new IllegalArgumentException(
            Text.format(
                "%s must be a condition on the columns %s, such as \"label < 5\": %s",
                condition.place(),
                String.join(", ", rows.columns()),
                e.getMessage().lines().findFirst().orElse("")),
            e);
      }
      throw e;
    }
  }

  /** Spark would refuse missing files as well, but log a stack trace first. */
  private static void requireFiles(Source source, Configuration hadoop) {
    for (String name : source.paths()) {
      Path path = new Path(name);
      try {
        FileSystem files = HadoopPaths.fileSystem(path, hadoop);
        FileStatus[] found = files.globStatus(path);
        if (found == null || found.length == 0) {
          throw new IllegalArgumentException(
              Text.format(
                  "%s.path: there is nothing at %s", source.section(), files.makeQualified(path)));
        }
      } catch (IOException e) {
        throw new IllegalArgumentException(
            Text.format("%s.path: cannot read %s: %s", source.section(), name, e.getMessage()), e);
      }
    }
  }

  private static List<String> columns(Source source, String inputCol, StructType schema) {
    List<String> wanted = source.columns();
    if (wanted.isEmpty()) {
      String usual = source.imageColumn().orElse(inputCol);
      if (usual == null) {
        throw Section.missing(
            source.section() + ".columns",
            "one column of vectors, arrays or images, or numeric columns, among "
                + String.join(", ", schema.fieldNames()));
      }
      wanted = List.of(usual);
    }
    Set<String> found = new LinkedHashSet<>();
    for (String name : wanted) {
      List<String> matches = matches(source, name, schema);
      if (matches.isEmpty()) {
        throw new IllegalArgumentException(
            Text.format(
                "%s.columns: there is no column '%s'; the columns are %s",
                source.section(), name, String.join(", ", schema.fieldNames())));
      }
      found.addAll(matches);
    }
    return List.copyOf(found);
  }

  /** The column of that name, or all columns that match a name with *, in the source's order. */
  private static List<String> matches(Source source, String name, StructType schema) {
    List<String> all = Arrays.asList(schema.fieldNames());
    if (all.contains(name)) {
      return List.of(name);
    }
    if (!name.contains("*")) {
      ColumnPath path = ColumnPath.of(schema, source.section() + ".columns", name);
      return List.of(path.isNested() ? name : path.field().name());
    }
    Pattern pattern = Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q"));
    return all.stream().filter(column -> pattern.matcher(column).matches()).toList();
  }

  private static InputTable single(Source source, Dataset<Row> rows, String name, String inputCol) {
    if (inputCol != null && !inputCol.equals(name)) {
      throw new IllegalArgumentException(
          Text.format(
              "model.inputCol is '%s', but %s.columns names '%s'; leave model.inputCol out",
              inputCol, source.section(), name));
    }
    FeatureColumn.check(rows.schema(), source.section() + ".columns", name);
    return new InputTable(rows, rows, name, List.of(name), Optional.empty());
  }

  /** Turns images into vectors; the estimator's handleInvalid decides about invalid ones. */
  private static InputTable images(
      Source source, Dataset<Row> rows, String name, AutoencoderEstimator<?, ?> estimator) {
    boolean named = estimator.isDefined(estimator.inputCol());
    String target =
        named && !estimator.getInputCol().equals(name) ? estimator.getInputCol() : ASSEMBLED;
    requireFree(source, target, rows);
    ImageVectorizer vectorizer =
        source
            .vectorizer()
            .setInputCol(name)
            .setOutputCol(target)
            .setHandleInvalid(estimator.getHandleInvalid());
    return new InputTable(
        rows, vectorizer.transform(rows), target, List.of(name), Optional.of(vectorizer));
  }

  private static InputTable assemble(
      Source source, Dataset<Row> rows, List<String> columns, String target) {
    for (String name : columns) {
      DataType type = typeOf(source, rows.schema(), name);
      if (!isNumeric(type)) {
        throw new IllegalArgumentException(
            Text.format(
                "%s.columns: column '%s' must be numeric, as one of %d, but it is %s%s",
                source.section(),
                name,
                columns.size(),
                type.catalogString(),
                type.catalogString().equals("string")
                    ? "; for csv, set options.inferSchema = true"
                    : ""));
      }
    }
    for (String name : columns) {
      if (!List.of(rows.columns()).contains(name)) {
        throw new IllegalArgumentException(
            Text.format(
                "%s.columns: '%s' is a field of a struct; a field can only be a whole row (an array or a Vector), so give its numbers columns of their own",
                source.section(), name));
      }
    }
    requireFree(source, target, rows);
    Transformer assembler =
        assembler(columns.stream().map(SourceReader::quotedIfDotted).toList(), target);
    Dataset<Row> assembled = assembled(rows, columns, target);
    return new InputTable(assembled, assembled, target, columns, Optional.of(assembler));
  }

  private static void requireFree(Source source, String target, Dataset<Row> rows) {
    if (Arrays.asList(rows.schema().fieldNames()).contains(target)) {
      throw new IllegalArgumentException(
          Text.format(
              "%s: the columns are assembled into '%s', but there is such a column already; choose another name with model.inputCol",
              source.section(), target));
    }
  }

  /**
   * By numbers for names: Spark 3.5's VectorAssembler takes no column that has a dot in its name.
   */
  private static Dataset<Row> assembled(Dataset<Row> rows, List<String> columns, String target) {
    List<String> names = new ArrayList<>(List.of(rows.columns()));
    VectorAssembler assembler =
        assembler(
            columns.stream().map(name -> "" + names.indexOf(name)).toList(), "" + names.size());
    String[] numbers =
        IntStream.range(0, names.size()).mapToObj(i -> "" + i).toArray(String[]::new);
    names.add(target);
    return assembler.transform(rows.toDF(numbers)).toDF(names.toArray(String[]::new));
  }

  /** As Spark 4's VectorAssembler takes a name with a dot; Spark 3.5's takes none. */
  private static String quotedIfDotted(String name) {
    return name.contains(".") ? FeatureColumn.quote(name) : name;
  }

  private static VectorAssembler assembler(List<String> columns, String target) {
    return new VectorAssembler()
        .setInputCols(columns.toArray(String[]::new))
        .setOutputCol(target)
        .setHandleInvalid("keep");
  }

  private static DataType typeOf(Source source, StructType schema, String name) {
    return ColumnPath.of(schema, source.section() + ".columns", name).type();
  }

  private static boolean isNumeric(DataType type) {
    return type instanceof NumericType || type instanceof BooleanType;
  }
}
