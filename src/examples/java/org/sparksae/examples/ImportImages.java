package org.sparksae.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.sparksae.cli.report.Staging;
import org.sparksae.core.Text;
import org.sparksae.examples.options.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Cuts patches out of photographs at random places: one Parquet directory with the columns {@code
 * patch} (array of float, luminance in [0, 1], row-major), {@code image} (the file's name), {@code
 * top} and {@code left} (the patch's place in the image, after the image was reduced).
 *
 * <p>Every image gives the same number of patches, or one more. Their places depend on the seed, on
 * the image's place in the order of names, and on its size. One task reads one image after the
 * other, so it needs memory for one image and rows are in the order of names.
 */
@Command(
    name = "import-images",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Cut patches out of photographs (JPEG, PNG, GIF, BMP), and write them as Parquet.")
public final class ImportImages implements Callable<Integer> {
  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "gif", "bmp");

  private static final StructType SCHEMA =
      new StructType()
          .add("patch", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("image", DataTypes.StringType, false)
          .add("top", DataTypes.IntegerType, false)
          .add("left", DataTypes.IntegerType, false);

  @Spec private CommandSpec spec;
  @Mixin private OutputOptions output;

  @Option(
      names = "--images",
      required = true,
      paramLabel = "PATH",
      description = "A folder of images, a pattern or a file, on any Hadoop file system.")
  private String images;

  @Option(
      names = "--patches",
      paramLabel = "N",
      description = "Number of patches (default: ${DEFAULT-VALUE}).")
  private int patches = 10_000;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "Edge of a patch (default: ${DEFAULT-VALUE}).")
  private int size = 8;

  @Option(
      names = "--longest-edge",
      paramLabel = "PIXELS",
      description = {
        "Reduce larger images first, by the means of squares of pixels, until no edge is longer.",
        "Single pixels of a camera have little detail (default: keep images as they are)."
      })
  private int longestEdge = Integer.MAX_VALUE;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Seed of the patches' places (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  /** The files to cut patches from, and how. */
  private record Cut(List<String> files, int patches, int size, int longestEdge, long seed)
      implements Serializable {

    /** The number of patches from an image; the first images take the remainder. */
    int patchesOf(int image) {
      return patches / files.size() + (image < patches % files.size() ? 1 : 0);
    }
  }

  @Override
  public Integer call() throws IOException {
    requirePositive("--patches", patches);
    requirePositive("--size", size);
    requirePositive("--longest-edge", longestEdge);
    SparkSession spark = SparkSession.builder().appName("import-images").getOrCreate();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Cut cut = new Cut(files(hadoop), patches, size, longestEdge, seed);
    try (Staging staging = output.staging(hadoop)) {
      rows(spark, cut)
          .write()
          .option("compression", "zstd")
          .parquet(staging.path(output.directory().getName()).toString());
      staging.publish();
    }
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %d patches of %d x %d pixels from %d images%n",
            output,
            patches,
            size,
            size,
            cut.files().size());
    return 0;
  }

  private void requirePositive(String option, int value) {
    if (value < 1) {
      throw new ParameterException(
          spec.commandLine(), Text.format("%s must be at least 1, got %d", option, value));
    }
  }

  /** The images in the order of their names; qualified, for executors with another directory. */
  private List<String> files(Configuration hadoop) throws IOException {
    Path path = new Path(images);
    FileStatus[] found = path.getFileSystem(hadoop).globStatus(path);
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus status : found == null ? new FileStatus[0] : found) {
      if (status.isDirectory()) {
        files.addAll(List.of(path.getFileSystem(hadoop).listStatus(status.getPath())));
      } else {
        files.add(status);
      }
    }
    List<String> names =
        files.stream()
            .filter(FileStatus::isFile)
            .map(FileStatus::getPath)
            .filter(ImportImages::isImage)
            .sorted(Comparator.comparing(Path::getName))
            .map(Path::toString)
            .toList();
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          Text.format(
              "--images: there is no file %s at %s",
              String.join(", ", ENDINGS.stream().sorted().map(e -> "*." + e).toList()),
              path.getFileSystem(hadoop).makeQualified(path)));
    }
    return names;
  }

  private static boolean isImage(Path file) {
    String name = file.getName();
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  private static Dataset<Row> rows(SparkSession spark, Cut cut) {
    Broadcast<SerializableConfiguration> hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    FlatMapFunction<Long, Row> cutter =
        index -> patches(cut, index.intValue(), hadoop.value().value());
    return spark.range(0, cut.files().size(), 1, 1).flatMap(cutter, Encoders.row(SCHEMA));
  }

  private static Iterator<Row> patches(Cut cut, int index, Configuration hadoop) {
    Path file = new Path(cut.files().get(index));
    GreyImage image = read(file, hadoop).reduced(cut.longestEdge());
    int size = cut.size();
    if (image.height() < size || image.width() < size) {
      throw new IllegalArgumentException(
          Text.format(
              "%s has %d x %d pixels%s, but --size is %d: leave it out, or cut smaller patches",
              file,
              image.height(),
              image.width(),
              cut.longestEdge() == Integer.MAX_VALUE ? "" : " after --longest-edge",
              size));
    }
    SplittableRandom random = new SplittableRandom(cut.seed() * 31 + index);
    return IntStream.range(0, cut.patchesOf(index))
        .mapToObj(
            patch -> {
              int top = random.nextInt(image.height() - size + 1);
              int left = random.nextInt(image.width() - size + 1);
              return RowFactory.create(image.patch(top, left, size), file.getName(), top, left);
            })
        .iterator();
  }

  private static GreyImage read(Path file, Configuration hadoop) {
    try (InputStream in = file.getFileSystem(hadoop).open(file)) {
      return GreyImage.read(in);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          Text.format("cannot read the image %s: %s", file, e.getMessage()), e);
    }
  }
}
