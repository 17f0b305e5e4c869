package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.LocalSpark;

/** What a Spark Connect server asks of the classes that its clients may use. */
@ExtendWith(LocalSpark.class)
class ConnectContractTest {
  private static final String ALL = "org.sparksae.spark.ml.Subject#all";
  private static final String DEFAULT_FS = "fs.defaultFS";

  @TempDir private Path folder;

  /** The server calls no class that is not listed, and one that is listed wrongly breaks all. */
  @Test
  void everyPublicStageIsAServiceOfItsKind() {
    Set<String> listed = new TreeSet<>();
    for (Class<?> kind : new Class<?>[] {Estimator.class, Transformer.class, Evaluator.class}) {
      ServiceLoader.load(kind).stream()
          .map(provider -> provider.type().getName())
          .filter(name -> name.startsWith("org.sparksae."))
          .forEach(listed::add);
    }
    assertEquals(Subject.namesOfClasses(), listed);
  }

  /** The server keeps models on its own disk, where the default file system is another one. */
  @ParameterizedTest
  @MethodSource(ALL)
  void aStageIsSavedToAndLoadedFromTheLocalDisk(Subject subject) throws Exception {
    assumeTrue(
        Arrays.stream(MLWriter.class.getMethods()).anyMatch(m -> m.getName().equals("saveToLocal")),
        "this version of Spark does not save to local disks");
    String place = folder.resolve("stage").toString();
    MLWriter writer = ((MLWritable) subject.stage()).write();
    MLReader<?> reader = (MLReader<?>) subject.stage().getClass().getMethod("read").invoke(null);
    Configuration hadoop = LocalSpark.session().sparkContext().hadoopConfiguration();
    String before = hadoop.get(DEFAULT_FS);
    hadoop.set(DEFAULT_FS, "elsewhere://host");
    Params loaded;
    try {
      assertThrows(Exception.class, () -> writer.save(place), "the default is not there");
      call(writer, "saveToLocal", place);
      loaded = (Params) call(reader, "loadFromLocal", place);
    } finally {
      hadoop.set(DEFAULT_FS, before);
    }
    assertEquals(subject.stage().uid(), loaded.uid());
    assertEquals(Fixtures.values(subject.stage()), Fixtures.values(loaded));
    if (loaded instanceof Transformer transformer) {
      assertEquals(
          ((Transformer) subject.stage()).transform(subject.rows()).collectAsList(),
          transformer.transform(subject.rows()).collectAsList());
    }
  }

  /** The server refuses a fit whose model would be too large for it. */
  @Test
  void aModelHasTheSizeThatItsEstimatorEstimates() {
    for (Subject subject : Subject.estimators()) {
      if (subject.stage() instanceof AutoencoderEstimator<?, ?> estimator) {
        AutoencoderModel<?> model = estimator.fit(subject.rows());
        assertEquals(4L * model.parameters().length, model.estimatedSize());
        assertEquals(model.estimatedSize(), estimator.estimateModelSize(subject.rows()));
      }
    }
  }

  private static Object call(Object of, String name, String path) throws Exception {
    Method method = of.getClass().getMethod(name, String.class);
    return method.invoke(of, path);
  }
}
