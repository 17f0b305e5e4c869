package org.sparksae.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.sparksae.cli.report.Staging;
import org.sparksae.core.Text;
import org.sparksae.examples.options.LimitOption;
import org.sparksae.examples.options.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Turns a pair of IDX files (images, labels) into one Parquet directory with the columns {@code
 * image} (array of float, pixels divided by 255, row-major) and {@code label} (int), in the order
 * of the files.
 *
 * <p>One task streams both files, so memory does not depend on their size and rows keep the files'
 * order. The output appears under its name only when it is complete.
 */
@Command(
    name = "import-idx",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Convert a pair of IDX files (the MNIST family) to Parquet.")
public final class ImportIdx implements Callable<Integer> {

  private static final int IMAGE_RANK = 3;
  private static final int LABEL_RANK = 1;

  /** Up to this many rows go into one file, which is handy to pass around. */
  private static final int ROWS_PER_FILE = 100_000;

  private static final StructType SCHEMA =
      new StructType()
          .add("image", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("label", DataTypes.IntegerType, false);

  @Spec private CommandSpec spec;
  @Mixin private OutputOptions output;
  @Mixin private LimitOption limit;

  @Option(
      names = "--images",
      required = true,
      paramLabel = "FILE",
      description = "IDX file of images, plain or gzipped, on any Hadoop file system.")
  private String images;

  @Option(
      names = "--labels",
      required = true,
      paramLabel = "FILE",
      description = "IDX file of labels, one per image.")
  private String labels;

  @Override
  public Integer call() throws IOException {
    SparkSession spark = SparkSession.builder().appName("import-idx").getOrCreate();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    try (Staging staging = output.staging(hadoop)) {
      int available = verifiedCount(hadoop);
      int rows = Math.min(limit.limit(), available);
      rows(spark, rows, qualified(images, hadoop), qualified(labels, hadoop))
          .write()
          .option("compression", "zstd")
          .option("maxRecordsPerFile", ROWS_PER_FILE)
          .parquet(staging.path(output.directory().getName()).toString());
      staging.publish();
      spec.commandLine()
          .getOut()
          .printf(Locale.ROOT, "%s: %d rows of %d%n", output, rows, available);
    }
    return 0;
  }

  /**
   * Reads both files to their ends. That takes a second for 60 000 images, and every error comes
   * from here, before anything is written, instead of from a failed stage.
   */
  private int verifiedCount(Configuration hadoop) throws IOException {
    try (IdxFile imageFile = IdxFile.open(new Path(images), hadoop, IMAGE_RANK);
        IdxFile labelFile = IdxFile.open(new Path(labels), hadoop, LABEL_RANK)) {
      if (imageFile.count() != labelFile.count()) {
        throw new IllegalArgumentException(
            Text.format(
                "%s holds %d images, but %s holds %d labels: there must be one label per image, so take both files from the same set",
                images, imageFile.count(), labels, labelFile.count()));
      }
      imageFile.verifyRest();
      labelFile.verifyRest();
      return imageFile.count();
    }
  }

  /** A relative path is meant from the driver's working directory, not from an executor's. */
  private static String qualified(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    return path.getFileSystem(hadoop).makeQualified(path).toString();
  }

  private static Dataset<Row> rows(
      SparkSession spark, int rows, String imagePath, String labelPath) {
    Broadcast<SerializableConfiguration> hadoop =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .broadcast(new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
    MapPartitionsFunction<Long, Row> reader =
        indices -> new RowReader(imagePath, labelPath, hadoop.value().value(), indices);
    return spark.range(0, rows, 1, 1).mapPartitions(reader, Encoders.row(SCHEMA));
  }

  /** Pairs the records of both files, one row per index. The files are closed with the task. */
  private static final class RowReader implements Iterator<Row> {
    private static final float WHITE = 255f;

    private final IdxFile images;
    private final IdxFile labels;
    private final Iterator<Long> indices;
    private final byte[] pixels;
    private final byte[] label;

    RowReader(String images, String labels, Configuration hadoop, Iterator<Long> indices)
        throws IOException {
      this.images = open(images, hadoop, IMAGE_RANK);
      this.labels = open(labels, hadoop, LABEL_RANK);
      this.indices = indices;
      this.pixels = new byte[this.images.recordLength()];
      this.label = new byte[this.labels.recordLength()];
    }

    private static IdxFile open(String file, Configuration hadoop, int rank) throws IOException {
      IdxFile opened = IdxFile.open(new Path(file), hadoop, rank);
      TaskCompletionListener closing =
          context -> {
            try {
              opened.close();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      TaskContext.get().addTaskCompletionListener(closing);
      return opened;
    }

    @Override
    public boolean hasNext() {
      return indices.hasNext();
    }

    @Override
    public Row next() {
      indices.next();
      try {
        images.next(pixels);
        labels.next(label);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      float[] image = new float[pixels.length];
      for (int i = 0; i < image.length; i++) {
        image[i] = Byte.toUnsignedInt(pixels[i]) / WHITE;
      }
      return RowFactory.create(image, Byte.toUnsignedInt(label[0]));
    }
  }
}
