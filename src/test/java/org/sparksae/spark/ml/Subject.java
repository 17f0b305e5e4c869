package org.sparksae.spark.ml;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestImages;

/**
 * A stage or evaluator of this library as MLlib's own generic checks meet it: with its columns set,
 * and rows that have them.
 */
record Subject(Params stage, Dataset<Row> rows) {
  private static SparkSession session;
  private static List<Subject> all;

  /** One of every public class; made once a session. */
  static synchronized List<Subject> all() {
    if (session != LocalSpark.session()) {
      session = LocalSpark.session();
      all = make();
    }
    return all;
  }

  static List<Subject> estimators() {
    return all().stream().filter(subject -> subject.stage() instanceof Estimator).toList();
  }

  static List<Subject> transformers() {
    return all().stream().filter(subject -> subject.stage() instanceof Transformer).toList();
  }

  /** The names of all public classes that are a stage or an evaluator, by a look at the classes. */
  static Set<String> namesOfClasses() {
    try {
      Path place =
          Path.of(
              SparseAutoencoder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(place)) {
        return files
            .map(file -> place.relativize(file).toString())
            .filter(file -> file.endsWith(".class"))
            .map(Subject::type)
            .filter(
                type ->
                    PipelineStage.class.isAssignableFrom(type)
                        || Evaluator.class.isAssignableFrom(type))
            .filter(type -> Modifier.isPublic(type.getModifiers()))
            .filter(type -> !Modifier.isAbstract(type.getModifiers()))
            .map(Class::getName)
            .collect(Collectors.toCollection(TreeSet::new));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The class in a file below the folder of all classes. */
  private static Class<?> type(String file) {
    String name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
    try {
      return Class.forName(name, false, Subject.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Subject> make() {
    Dataset<Row> vectors = vectors();
    List<Subject> subjects = new ArrayList<>();
    List<Estimator<?>> estimators =
        List.of(
            Fixtures.estimator().setReconstructionCol("reconstruction"),
            new ConvolutionalSparseAutoencoder()
                .setInputCol(TestFrames.FEATURES)
                .setOutputCol("code")
                .setImageShape(1, 2, 3)
                .setFilters(2)
                .setKernelSizes(2)
                .setMaxIter(2),
            new PatchScaling().setInputCol(TestFrames.FEATURES).setOutputCol("code").setClip(2),
            new ZcaWhitening().setInputCol(TestFrames.FEATURES).setOutputCol("code").setEpsilon(1));
    for (Estimator<?> estimator : estimators) {
      Model<?> model = estimator.fit(vectors);
      subjects.add(new Subject(estimator, vectors));
      subjects.add(new Subject(model, vectors));
    }
    subjects.add(
        new Subject(
            new ArrayVectorizer().setInputCol(TestFrames.FEATURES).setOutputCol("code"), vectors));
    subjects.add(
        new Subject(
            new ImageVectorizer()
                .setInputCol("content")
                .setOutputCol("code")
                .setImageShape(1, TestImages.HEIGHT, TestImages.WIDTH),
            images()));
    subjects.add(
        new Subject(
            new ReconstructionEvaluator()
                .setInputCol(TestFrames.FEATURES)
                .setOutputCol("code")
                .setReconstructionCol("reconstruction")
                .setMetricName("mse"),
            ((Transformer) subjects.get(1).stage()).transform(vectors)));
    return List.copyOf(subjects);
  }

  private static Dataset<Row> vectors() {
    StructType schema =
        new StructType()
            .add(
                TestFrames.FEATURES,
                SQLDataTypes.VectorType(),
                true,
                new AttributeGroup(TestFrames.FEATURES, 6).toMetadata())
            .add("weight", DataTypes.DoubleType);
    List<Row> rows = new ArrayList<>();
    for (float[] row : TestFrames.rows(12, 6, 5)) {
      rows.add(RowFactory.create(Vectors.dense(TestFrames.doubles(row)), 1.0 + rows.size()));
    }
    return TestFrames.frame(schema, List.of(rows.subList(0, 7), rows.subList(7, 12)));
  }

  private static Dataset<Row> images() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      rows.add(RowFactory.create((Object) png(i)));
    }
    StructType schema = new StructType().add("content", DataTypes.BinaryType);
    return TestFrames.frame(schema, List.of(rows));
  }

  private static byte[] png(int number) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(TestImages.image(number, BufferedImage.TYPE_INT_RGB), "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  boolean isModel() {
    return stage instanceof Model;
  }

  /** What the stage makes of its rows, or of others with the same columns. */
  List<Row> transformed() {
    return ((Transformer) stage).transform(rows).collectAsList();
  }

  @Override
  public String toString() {
    return stage.getClass().getSimpleName();
  }
}
