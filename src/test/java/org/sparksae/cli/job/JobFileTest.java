package org.sparksae.cli.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.classification.LogisticRegression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparksae.core.model.ImageShape;
import org.sparksae.spark.ml.SparseAutoencoder;

class JobFileTest {
  private static final String SMALLEST =
      "input { path = rows.parquet, columns = [x] }\nmodel.hiddenLayers = [3]\noutput.dir = out\n";

  @TempDir private Path dir;

  @Test
  void theSmallestJobHasDefaultsForTheRest() throws IOException {
    JobConfig job = job(SMALLEST);
    assertEquals("parquet", job.input().format());
    assertEquals(List.of("rows.parquet"), job.input().paths());
    assertEquals("out/features.parquet", job.encode().output().toString());
    assertFalse(job.encode().keepInput());
    assertTrue(job.picture().isEmpty());
    assertTrue(job.evaluate().comparison().labelCol().isEmpty());
    SparseAutoencoder estimator = (SparseAutoencoder) job.estimator();
    assertEquals("code", estimator.getOutputCol());
    assertEquals(new SparseAutoencoder().getMaxIter(), estimator.getMaxIter());
  }

  /** As Windows' editors and shells save text. */
  @ParameterizedTest
  @CsvSource({"UTF-16", "UTF-16LE", "UTF-16BE"})
  void aFileInUtf16IsRefusedWithTheRemedy(String charset) throws IOException {
    Path file = Files.write(dir.resolve("wide.conf"), SMALLEST.getBytes(charset));
    for (String path : List.of(file.toString(), file.toUri().toString())) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> JobFile.read(path, List.of()))
              .getMessage();
      assertTrue(message.contains("wide.conf must be UTF-8 text, but is UTF-16"), message);
      assertTrue(message.contains("iconv -f UTF-16 -t UTF-8"), message);
    }
  }

  @Test
  void aFileInLatin1IsRefusedWhereItDiffersFromUtf8() throws IOException {
    String text = SMALLEST.replace("rows", "Zähler");
    Path file = Files.write(dir.resolve("latin.conf"), text.getBytes(StandardCharsets.ISO_8859_1));
    String message =
        assertThrows(IllegalArgumentException.class, () -> JobFile.read(file.toString(), List.of()))
            .getMessage();
    assertTrue(message.contains("latin.conf must be UTF-8 text"), message);
  }

  @Test
  void aByteOrderMarkOfUtf8IsNoPartOfTheJob() throws IOException {
    Path file = Files.writeString(dir.resolve("marked.conf"), "\ufeff" + SMALLEST);
    for (String path : List.of(file.toString(), file.toUri().toString())) {
      Section job = JobFile.read(path, List.of());
      assertEquals("parquet", JobConfig.of(job).input().format());
    }
  }

  @Test
  void everyKeyIsRead() throws IOException {
    JobConfig job =
        job(
            """
            input {
              format = csv
              path = ["a.csv", "b.csv"]
              options { header = true, sep = ";", a.b = 1 }
              columns = [x, y]
              where = "x > 0"
            }
            model { hiddenLayers = 5, sparsity = [l1], regParam = 1 }
            output.dir = "hdfs://nameservice/out"
            picture { imageShape = [1, 2, 3], zoom = 4, maxUnits = 9, layer = 1, filters = decoder }
            encode { input.path = c.csv, output = elsewhere, keepInput = true }
            evaluate {
              input { path = d.csv, options.sep = "," }
              training { path = f.csv, where = "y < 1" }
              labelCol = label
              classifier { maxIter = 7, regParam = 0.5, fitIntercept = false }
              fineTuning { maxIter = 8, tol = 0.25, blockSize = 9 }
              output = e.json
            }
            """);
    assertEquals(List.of("a.csv", "b.csv"), job.input().paths());
    assertEquals(Map.of("header", "true", "sep", ";", "a.b", "1"), job.input().options());
    assertEquals("hdfs://nameservice/out", job.directory().toString());
    assertEquals(new ImageShape(1, 2, 3), job.picture().orElseThrow().imageShape());
    assertEquals(4, job.picture().orElseThrow().zoom());
    assertEquals(9, job.picture().orElseThrow().maxUnits());
    assertEquals(1, job.picture().orElseThrow().layer());
    assertTrue(job.picture().orElseThrow().byDecoder());
    assertEquals(List.of("c.csv"), job.encode().input().paths());
    assertEquals(List.of("x", "y"), job.encode().input().columns());
    assertEquals("elsewhere", job.encode().output().toString());
    assertTrue(job.encode().keepInput());
    assertEquals("csv", job.evaluate().input().format());
    assertEquals(",", job.evaluate().input().options().get("sep"));
    assertEquals("true", job.evaluate().input().options().get("header"));
    assertEquals("label", job.evaluate().comparison().labelCol().orElseThrow());
    assertEquals("x > 0", job.input().where().orElseThrow().asText());
    assertEquals("y < 1", job.evaluate().comparison().training().where().orElseThrow().asText());
    assertEquals("x > 0", job.evaluate().input().where().orElseThrow().asText());
    LogisticRegression classifier =
        assertInstanceOf(LogisticRegression.class, job.evaluate().comparison().classifier());
    assertEquals(7, classifier.getMaxIter());
    assertEquals(0.5, classifier.getRegParam());
    assertFalse(classifier.getFitIntercept());
    assertEquals(8, job.evaluate().comparison().fineTuning().orElseThrow().getMaxIter());
    assertEquals(0.25, job.evaluate().comparison().fineTuning().orElseThrow().getTol());
    assertEquals(9, job.evaluate().comparison().fineTuning().orElseThrow().getBlockSize());
    assertEquals("e.json", job.evaluate().output().orElseThrow().toString());
    assertArrayEquals(new int[] {5}, ((SparseAutoencoder) job.estimator()).getHiddenLayers());
    assertEquals(1.0, job.estimator().getRegParam());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inputs.path = x                | inputs (job.conf: 4) is not a key; did you mean input? The keys of a job file are encode, evaluate, grid, input",
        "input.paths = x                | input.paths (job.conf: 4) is not a key; did you mean path? The keys of input are columns, format",
        "model.hidden = 3               | model.hidden (job.conf: 4) is not a key; did you mean hiddenLayers? The keys of model are activation,",
        "model.batchsize = 3            | model.batchsize (job.conf: 4) is not a key; did you mean batchSize? The keys of model are activation,",
        "model.learningRate = 3         | model.learningRate (job.conf: 4) is not a key; the keys of model are activation,",
        "output.model = x               | output.model (job.conf: 4) is not a key; the keys of output are dir",
        "picture.shape = [2, 2]         | picture.shape (job.conf: 4) is not a key",
        "encode.keep = true             | encode.keep (job.conf: 4) is not a key",
        "encode.input.paths = x         | encode.input.paths (job.conf: 4) is not a key",
        "evaluate.label = x             | evaluate.label (job.conf: 4) is not a key",
        "evaluate.classifier.c = 1      | evaluate.classifier.c (job.conf: 4) is not a key",
        "evaluate.classifier.labelCol=x | evaluate.classifier.labelCol (job.conf: 4) is not a key",
        "model = 3                      | model (job.conf: 4) must be a section, model { ... }, got 3",
        "input.path = []                | input.path (job.conf: 4) must be a path",
        "input.path = 3                 | input.path (job.conf: 4) must be text; put it in quotes, got 3",
        "input.format = image           | input.imageShape must be set: [channels, height, width]",
        "input.format = BINARYFILE      | input.imageShape must be set: [channels, height, width]",
        "input.imageShape = [28, 28]    | input.imageShape (job.conf: 4): imageShape must be [channels, height, width]",
        "encode.input.imageShape = [2, 4, 4] | encode.input.imageShape (job.conf: 4): imageShape must be",
        "picture.imageShape = [2]       | picture.imageShape (job.conf: 4) must be [channels, height, width]",
        "picture.imageShape = [2, 2, 2] | channels 1 or 3, got [2,2,2]",
        "picture.imageShape = [1, 0, 2] | each 1 or more and channels 1 or 3, got [1,0,2]",
        "picture.imageShape = [4, 5]    | channels 1 or 3 (write [1, 4, 5]), got [4,5]",
        "picture.imageShape = [4, 5, 3] | channels 1 or 3 (write [3, 4, 5]), got [4,5,3]",
        "picture.imageShape = []        | channels 1 or 3, got []",
        "picture.zoom = 2               | picture.imageShape must be set",
        "picture.layer = 2              | picture.layer (job.conf: 4) must be in [1, 1], one of the hidden layers, got 2",
        "picture.filters = both         | picture.filters (job.conf: 4) must be encoder or decoder, got \"both\"",
        "preprocess = zcaWhitening      | preprocess (job.conf: 4) must be a list of sections",
        "preprocess = [{ clip = 1 }]    | preprocess.1.stage must be set: one of patchScaling, zcaWhitening, standardScaler, minMaxScaler, maxAbsScaler",
        "preprocess = [{ stage = pca }] | preprocess.1.stage (job.conf: 4) must be one of patchScaling, zcaWhitening, standardScaler, minMaxScaler, maxAbsScaler, got \"pca\"",
        "preprocess = [{ stage = zcaWhitening, eps = 1 }] | preprocess.1.eps (job.conf: 4) is not a key; did you mean epsilon? The keys of preprocess.1 are epsilon, stage",
        "preprocess = [{ stage = standardScaler, mean = true }] | preprocess.1.mean (job.conf: 4) is not a key; the keys of preprocess.1 are stage, withMean, withStd",
        "preprocess = [{ stage = minMaxScaler, low = 0 }] | preprocess.1.low (job.conf: 4) is not a key; the keys of preprocess.1 are max, min, stage",
        "preprocess = [{ stage = maxAbsScaler, max = 1 }] | preprocess.1.max (job.conf: 4) is not a key; the keys of preprocess.1 are stage",
        "preprocess = [{ stage = standardScaler, withMean = 1 }] | preprocess.1.withMean (job.conf: 4) must be true or false, got 1",
        "preprocess = [{ stage = patchScaling, clip = 0 }] | preprocess.1.clip (job.conf: 4): clip must be above 0",
        "evaluate.topRows.units = 3     | evaluate.topRows.column must be set",
        "encode.keepInput = maybe       | encode.keepInput (job.conf: 4) must be true or false, got \"maybe\"",
        "model.maxIter = 1.5            | model.maxIter (job.conf: 4) must be a whole number of at most 32 bits, got 1.5",
        "model.maxIter = 3000000000     | must be a whole number of at most 32 bits, got 3000000000",
        "model.maxIter = many           | model.maxIter (job.conf: 4) must be a whole number, got \"many\"",
        "model.maxIter = [1]            | model.maxIter (job.conf: 4) must be a whole number, got [1]",
        "model.maxIter = null           | got null; leave the key out to use its default",
        "model.maxIter = -1             | model.maxIter (job.conf: 4): maxIter must be 0 or more, got -1",
        "model.seed = 1e30              | must be a whole number of at most 64 bits",
        "model.regParam = NaN           | model.regParam (job.conf: 4) must be a number, got \"NaN\"",
        "model.tiedWeights = 1          | model.tiedWeights (job.conf: 4) must be true or false, got 1",
        "model.solver = 1               | model.solver (job.conf: 4) must be text; put it in quotes, got 1",
        "model.solver = sgd             | model.solver (job.conf: 4): solver must be one of l-bfgs, adam, got 'sgd'",
        "model.hiddenLayers = [3, x]    | model.hiddenLayers (job.conf: 4) must be a whole number, got \"x\"",
        "model.hiddenLayers = {a=1}     | model.hiddenLayers (job.conf: 4) must be a list of whole numbers",
        "model.sparsity = [1]           | model.sparsity (job.conf: 4) must be text; put it in quotes, got 1",
        "evaluate.classifier.maxIter=-1 | evaluate.classifier.maxIter (job.conf: 4): ",
      })
  void refusesWhatIsNotValidByKeyPlaceValueAndRule(String line, String message) {
    refused(SMALLEST + line, message);
  }

  @Test
  void imagesHaveTheShapeOfTheConvolutionsIfNoOtherIsSaid() throws IOException {
    String text =
        """
        input { path = images, format = binaryFile }
        model { kind = convolutional, imageShape = [3, 4, 5], filters = [2], kernelSizes = [3] }
        output.dir = out
        """;
    JobConfig job = job(text);
    int[] shape = {3, 4, 5};
    assertArrayEquals(shape, job.input().vectorizer().getImageShape());
    assertArrayEquals(shape, job.evaluate().comparison().training().vectorizer().getImageShape());
    refused(
        text + "input.imageShape = [1, 4, 5]",
        "input.imageShape (job.conf: 4) must be [3, 4, 5], the value of model.imageShape (job.conf: 2);"
            + " leave it out here, got [1,4,5]");
    refused(
        text + "model.imageShape = [2, 4, 5]",
        "model.imageShape (job.conf: 4): imageShape must be [channels, height, width]");
  }

  @Test
  void whatMustBeThereIsNamed() {
    refused("model.hiddenLayers = [3], input.path = x", "output.dir must be set");
    refused("output.dir = x, input.path = x", "model.hiddenLayers must be set");
  }

  @Test
  void settingsDisplaceWhatTheFileSays() throws IOException {
    JobConfig job =
        job(
            SMALLEST + "encode.output = ${output.dir}/codes",
            "output.dir=hdfs://host/a b#c",
            "model.hiddenLayers=[4, 2]",
            "model.maxIter=7",
            "model.tiedWeights=true",
            "model.sparsityTargets=0.1",
            "input.options.sep=;");
    assertEquals("hdfs://host/a b#c", job.directory().toString());
    assertEquals("hdfs://host/a b#c/codes", job.encode().output().toString());
    assertArrayEquals(new int[] {4, 2}, ((SparseAutoencoder) job.estimator()).getHiddenLayers());
    assertEquals(7, job.estimator().getMaxIter());
    assertTrue(job.estimator().getTiedWeights());
    assertArrayEquals(new double[] {0.1}, job.estimator().getSparsityTargets());
    assertEquals(Map.of("sep", ";"), job.input().options());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.maxIters=7 | model.maxIters (--set) is not a key; did you mean maxIter? The keys of model",
        "model.maxIter    | --set must be key=value, such as model.maxIter=20, got 'model.maxIter'",
        "=7               | --set must be key=value",
        "model..x=7       | model. (--set) is not a key",
      })
  void settingsAreCheckedLikeTheFile(String setting, String message) {
    refused(SMALLEST, message, setting);
  }

  @Test
  void namesTheFileAndLineOfASyntaxError() throws IOException {
    Path file = Files.writeString(dir.resolve("job.conf"), "input {\n  path = \n}}");
    ConfigException error =
        assertThrows(ConfigException.class, () -> JobFile.read(file.toString(), List.of()));
    assertTrue(error.getMessage().contains("job.conf: 3"), error.getMessage());
  }

  @Test
  void namesAMissingFile() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> JobFile.read(dir.resolve("none.conf").toString(), List.of()));
    assertTrue(error.getMessage().contains("there is no job file file:"), error.getMessage());
  }

  @Test
  void readsAnAddressOfAnyHadoopFileSystem() throws IOException {
    Path file = Files.writeString(dir.resolve("job.conf"), SMALLEST);
    JobConfig job = JobConfig.of(JobFile.read(file.toUri().toString(), List.of()));
    assertEquals("out", job.directory().toString());
  }

  @Test
  void theJobsOfThisRepositoryAreValid() throws IOException {
    try (var jobs = Files.walk(Path.of("jobs"))) {
      // Tests of the examples check the jobs with a section that the library does not know.
      List<Path> files =
          jobs.filter(path -> path.endsWith("job.conf"))
              .filter(path -> !path.startsWith("jobs/fashion-mnist-anomaly"))
              .filter(path -> !path.startsWith("jobs/synthetic-truth"))
              .filter(path -> !path.startsWith("jobs/transformer-curves"))
              .toList();
      assertFalse(files.isEmpty());
      for (Path file : files) {
        JobConfig.of(JobFile.read(file.toString(), List.of()));
      }
    }
  }

  private JobConfig job(String text, String... settings) throws IOException {
    Path file = Files.writeString(dir.resolve("job.conf"), text);
    return JobConfig.of(JobFile.read(file.toString(), List.of(settings)));
  }

  private void refused(String text, String message, String... settings) {
    String said =
        assertThrows(IllegalArgumentException.class, () -> job(text, settings)).getMessage();
    assertTrue(said.contains(message), said);
  }
}
