package org.sparksae.spark.ml;

import static org.sparksae.spark.ml.SmallFits.INPUTS;
import static org.sparksae.spark.ml.SmallFits.SIDE;
import static org.sparksae.spark.ml.SmallFits.frame;
import static org.sparksae.spark.ml.SmallFits.kSparse;
import static org.sparksae.spark.ml.SmallFits.strided;
import static org.sparksae.spark.ml.SmallFits.withTarget;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.sparksae.core.train.IterationRecord;
import org.sparksae.core.train.checkpoint.RunIdentity;
import org.sparksae.spark.LocalSpark;
import org.sparksae.spark.TestFrames;
import org.sparksae.spark.TestFrames.InputType;
import org.sparksae.spark.ml.EarlierFits.Training;

/**
 * A JVM of its own that writes one of everything that this library saves, or reads what an earlier
 * state of it wrote; in both cases it prints a line for each, by which {@link EarlierFilesTest}
 * tells that they are the same.
 *
 * <pre>
 * models/       fitted models of every kind, and those of the stages that prepare rows
 * stages/       estimators and transformers that are nothing but Params
 * pipeline/     a PipelineModel
 * checkpoints/  trainings that were cut off
 * </pre>
 *
 * <p>{@code write <fixtures> <set>} makes those of one {@link EarlierFits}, without Hadoop's {@code
 * .crc} files, and {@code read <fixtures> <scratch>} reads all. What was once made is never made
 * again: a later release gets a directory of its own. Only the first has stages and a pipeline.
 */
final class EarlierFiles {
  /** What each line begins with. */
  static final String LINE = "saved ";

  private static final List<String> OUTPUTS = List.of("code", "reconstruction", "error", "outlier");

  private final EarlierFits fits;
  private final Path directory;
  private final Dataset<Row> rows;
  private final Dataset<Row> arrays;
  private final Dataset<Row> images;

  private EarlierFiles(SparkSession spark, EarlierFits fits, Path fixtures) {
    this.fits = fits;
    this.directory = fixtures.resolve(fits.directory());
    this.rows = withTarget(frame(spark, InputType.DENSE_VECTOR, INPUTS));
    this.arrays = frame(spark, InputType.NULLABLE_FLOATS, INPUTS);
    this.images = frame(spark, InputType.NULLABLE_FLOATS, SIDE * SIDE);
  }

  public static void main(String[] args) throws IOException {
    SparkSession spark = LocalSpark.withoutCallSites(LocalSpark.builder("local[2]").getOrCreate());
    Path fixtures = Path.of(args[1]);
    if (args[0].equals("write")) {
      new EarlierFiles(spark, EarlierFits.valueOf(args[2]), fixtures).write();
    } else {
      for (EarlierFits fits : EarlierFits.values()) {
        new EarlierFiles(spark, fits, fixtures).read(Path.of(args[2]).resolve(fits.directory()));
      }
    }
    spark.stop();
  }

  private void write() throws IOException {
    for (Map.Entry<String, AutoencoderEstimator<?, ?>> kind : fits.kinds().entrySet()) {
      AutoencoderModel<?> model = kind.getValue().fit(rowsOf(kind.getValue()));
      model.setPreparation("patchScaling(clip=3.0)");
      save("models/" + kind.getKey(), model);
      print("models/" + kind.getKey(), describe(model, rowsOf(kind.getValue())));
    }
    if (fits == EarlierFits.CLASSIC) {
      writeStages();
    }
    for (Map.Entry<String, Training> training :
        fits.trainings(directory, rows, images).entrySet()) {
      Path place = directory.resolve("checkpoints").resolve(training.getKey());
      print("checkpoints/" + training.getKey(), train(training.getValue(), place));
      cutOff(training.getValue(), place);
    }
    delete(directory, path -> path.getFileName().toString().endsWith(".crc"));
  }

  /** Reads what {@link #write} wrote; the trainings go on in a copy. */
  private void read(Path scratch) throws IOException {
    for (Map.Entry<String, AutoencoderEstimator<?, ?>> kind : fits.kinds().entrySet()) {
      String path = directory.resolve("models").resolve(kind.getKey()).toString();
      AutoencoderModel<?> model =
          kind.getValue() instanceof SparseAutoencoder
              ? SparseAutoencoderModel.load(path)
              : ConvolutionalSparseAutoencoderModel.load(path);
      print("models/" + kind.getKey(), describe(model, rowsOf(kind.getValue())));
    }
    if (fits == EarlierFits.CLASSIC) {
      readStages();
    }
    for (Map.Entry<String, Training> training :
        fits.trainings(directory, rows, images).entrySet()) {
      Path place = Files.createDirectories(scratch).resolve(training.getKey());
      copy(directory.resolve("checkpoints").resolve(training.getKey()), place);
      print("checkpoints/" + training.getKey(), train(training.getValue(), place));
    }
  }

  private void writeStages() throws IOException {
    for (Map.Entry<String, PipelineStage> stage : preparing().entrySet()) {
      Transformer model =
          new Pipeline().setStages(new PipelineStage[] {stage.getValue()}).fit(rows).stages()[0];
      save("models/" + stage.getKey(), (MLWritable) model);
      print("models/" + stage.getKey(), describe(model, rows));
    }
    for (Map.Entry<String, MLWritable> stage : stages().entrySet()) {
      save("stages/" + stage.getKey(), stage.getValue());
    }
    PipelineModel pipeline = pipeline().fit(arrays);
    save("pipeline", pipeline);
    print("pipeline", describe(pipeline, arrays));
    print("pipeline", describe(pipeline, arrays)); // which read loads by two readers
  }

  private void readStages() {
    Path models = directory.resolve("models");
    print(
        "models/patch-scaling",
        describe(PatchScalingModel.load(models.resolve("patch-scaling").toString()), rows));
    print(
        "models/zca-whitening",
        describe(ZcaWhiteningModel.load(models.resolve("zca-whitening").toString()), rows));
    String pipeline = directory.resolve("pipeline").toString();
    print("pipeline", describe(SavedPipeline.load(pipeline), arrays));
    print("pipeline", describe(PipelineModel.load(pipeline), arrays));
  }

  private void print(String name, Map<String, String> line) {
    System.out.println(LINE + fits.directory() + "/" + name + " " + line);
  }

  private void save(String name, MLWritable saved) throws IOException {
    saved.write().save(directory.resolve(name).toString());
  }

  private Dataset<Row> rowsOf(AutoencoderEstimator<?, ?> estimator) {
    return estimator instanceof SparseAutoencoder ? rows : images;
  }

  private static PatchScaling patchScaling() {
    return new PatchScaling()
        .setInputCol(TestFrames.FEATURES)
        .setOutputCol("code")
        .setClip(2)
        .setMin(0.2)
        .setMax(0.8);
  }

  private static ZcaWhitening zcaWhitening() {
    return new ZcaWhitening().setInputCol(TestFrames.FEATURES).setOutputCol("code").setEpsilon(0.1);
  }

  private static Map<String, PipelineStage> preparing() {
    Map<String, PipelineStage> preparing = new LinkedHashMap<>();
    preparing.put("patch-scaling", patchScaling());
    preparing.put("zca-whitening", zcaWhitening());
    return preparing;
  }

  private static Map<String, MLWritable> stages() {
    Map<String, MLWritable> stages = new LinkedHashMap<>();
    stages.put("estimator", Fixtures.everyParamSet());
    stages.put("estimator-of-defaults", new SparseAutoencoder());
    stages.put(
        "convolutional-estimator",
        strided()
            .setSpatialSparsity(true)
            .setLifetimeSparsity(0.2)
            .setPooling("average")
            .setPoolSize(3)
            .setPoolStride(3));
    stages.put("convolutional-estimator-of-defaults", new ConvolutionalSparseAutoencoder());
    stages.put("patch-scaling", patchScaling());
    stages.put("zca-whitening", zcaWhitening());
    stages.put(
        "array-vectorizer",
        new ArrayVectorizer().setInputCol("a").setOutputCol("v").setHandleInvalid("skip"));
    stages.put(
        "image-vectorizer",
        new ImageVectorizer()
            .setInputCol("content")
            .setOutputCol("v")
            .setImageShape(3, 4, 5)
            .setHandleInvalid("skip"));
    stages.put(
        "evaluator",
        new ReconstructionEvaluator()
            .setInputCol("x")
            .setReconstructionCol("y")
            .setOutputCol("z")
            .setMetricName("deadFraction")
            .setWeightCol("w"));
    stages.put("pipeline", pipeline());
    return stages;
  }

  private static Pipeline pipeline() {
    return new Pipeline()
        .setStages(
            new PipelineStage[] {
              new ArrayVectorizer().setInputCol(TestFrames.FEATURES).setOutputCol("vector"),
              patchScaling().setInputCol("vector").setOutputCol("scaled"),
              zcaWhitening().setInputCol("scaled").setOutputCol("white"),
              kSparse().setInputCol("white")
            });
  }

  /** What a model is and gives. */
  private static Map<String, String> describe(Transformer model, Dataset<Row> rows) {
    Map<String, String> line = new LinkedHashMap<>();
    line.put("uid", model.uid());
    if (model instanceof AutoencoderModel<?> autoencoder) {
      line.putAll(RunIdentity.fieldsOf(autoencoder.spec()));
      line.put("preparation", autoencoder.preparation());
      line.put("parameters", Digests.of(autoencoder.parameters()));
    }
    Dataset<Row> transformed = model.transform(rows);
    List<String> columns = new ArrayList<>(OUTPUTS);
    columns.retainAll(Arrays.asList(transformed.columns()));
    List<Row> outputs = transformed.selectExpr(columns.toArray(String[]::new)).collectAsList();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      line.put(
          columns.get(i),
          Digests.of(outputs.stream().map(row -> List.of(row.get(column))).toList().toString()));
    }
    return line;
  }

  /**
   * Fits with checkpoints. The seconds are those of the iterations before the cut: a training that
   * began anew would have others.
   */
  private static Map<String, String> train(Training training, Path place) {
    AutoencoderEstimator<?, ?> estimator = training.estimator();
    estimator
        .setMaxIter(EarlierFits.ITERATIONS)
        .setCheckpointDir(place.toString())
        .setCheckpointInterval(2);
    AutoencoderModel<?> model = estimator.fit(training.rows());
    Map<String, String> line = new LinkedHashMap<>();
    line.put("parameters", Digests.of(model.parameters()));
    List<TrainingStage> stages = model.summary().stages();
    line.put("objectives", Digests.ofObjectives(stages));
    List<Double> seconds = new ArrayList<>();
    for (int stage = 0; stage < training.cuts().length; stage++) {
      List<IterationRecord> iterations = stages.get(stage).history();
      iterations
          .subList(0, training.cuts()[stage])
          .forEach(iteration -> seconds.add(iteration.seconds()));
    }
    line.put("seconds", seconds.toString());
    return line;
  }

  /** Leaves what there was at the cut: of each stage that had begun its last checkpoint. */
  private static void cutOff(Training training, Path place) throws IOException {
    boolean staged = Files.exists(place.resolve("layer-1"));
    List<String> stages = staged ? List.of("layer-1", "layer-2", "joint") : List.of("");
    for (int stage = 0; stage < stages.size(); stage++) {
      Path own = place.resolve(stages.get(stage));
      if (stage < training.cuts().length) {
        Path kept = own.resolve("checkpoint-%08d.safetensors".formatted(training.cuts()[stage]));
        delete(own, path -> Files.isRegularFile(path) && !path.equals(kept));
      } else {
        delete(own, path -> true);
      }
    }
  }

  private static void delete(Path directory, Predicate<Path> which) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.filter(which).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }
}
