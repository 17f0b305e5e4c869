package org.sparksae;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparksae.core.Text;

/** What may know what, and what nothing may do. */
class ArchitectureTest {
  // Rules in fields, for ArchUnit's own engine, would fail without failing the build: Surefire 3.5
  // reports that engine's methods only.
  // The option DoNotIncludeTests knows tests in target/test-classes only; profiles build elsewhere.
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(place -> !place.contains("/test-classes/"))
          .importPackages("org.sparksae");

  private static final Set<String> RINGLESS =
      Set.of(
          "org.sparksae.core.model",
          "org.sparksae.core.nn",
          "org.sparksae.core.nn.layer",
          "org.sparksae.core.nn.code");

  @Test
  void theRulesSeeTheProduct() throws IOException, URISyntaxException {
    Path classes = Path.of(Text.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(classes)) {
      assertEquals(
          files.filter(file -> file.toString().endsWith(".class")).count(),
          PRODUCT.stream().filter(type -> isIn(classes, type)).count());
    }
    assertFalse(PRODUCT.contain(ArchitectureTest.class), "tests are not the product");
  }

  private static boolean isIn(Path directory, JavaClass type) {
    return Path.of(type.getSource().orElseThrow().getUri()).startsWith(directory);
  }

  @Test
  void layers() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("examples")
        .definedBy("org.sparksae.examples..")
        .layer("cli")
        .definedBy("org.sparksae.cli")
        .layer("cli.report")
        .definedBy("org.sparksae.cli.report..")
        .layer("cli.job")
        .definedBy("org.sparksae.cli.job..")
        .layer("ml")
        .definedBy("org.sparksae.spark.ml..")
        .layer("exchange")
        .definedBy("org.sparksae.spark.exchange..")
        .layer("data")
        .definedBy("org.sparksae.spark.data..")
        .layer("job")
        .definedBy("org.sparksae.spark.job..")
        .layer("report")
        .definedBy("org.sparksae.core.report..")
        .layer("train")
        .definedBy("org.sparksae.core.train")
        .layer("train.checkpoint")
        .definedBy("org.sparksae.core.train.checkpoint..")
        .layer("stats")
        .definedBy("org.sparksae.core.stats..")
        .layer("rows")
        .definedBy("org.sparksae.core.rows..")
        .layer("format")
        .definedBy("org.sparksae.core.format..")
        .layer("collective")
        .definedBy("org.sparksae.core.collective..")
        .layer("optim")
        .definedBy("org.sparksae.core.optim..")
        .layer("nn")
        .definedBy("org.sparksae.core.nn..")
        .layer("model")
        .definedBy("org.sparksae.core.model..")
        .layer("linalg")
        .definedBy("org.sparksae.core.linalg..")
        .whereLayer("exchange")
        .mayOnlyAccessLayers(
            "data",
            "job",
            "train.checkpoint",
            "train",
            "rows",
            "format",
            "collective",
            "optim",
            "nn",
            "model",
            "linalg")
        .whereLayer("data")
        .mayOnlyAccessLayers("job", "rows", "model", "linalg")
        .whereLayer("job")
        .mayNotAccessAnyLayer()
        .whereLayer("report")
        .mayOnlyAccessLayers("model")
        .whereLayer("train.checkpoint")
        .mayOnlyAccessLayers("train", "format", "optim", "model", "linalg")
        .whereLayer("stats")
        .mayOnlyAccessLayers("train", "rows", "format", "nn", "model", "linalg")
        .whereLayer("train")
        .mayOnlyAccessLayers("rows", "optim", "collective", "nn", "model", "linalg")
        .whereLayer("rows")
        .mayOnlyAccessLayers("linalg")
        .whereLayer("collective")
        .mayOnlyAccessLayers("linalg")
        .whereLayer("format")
        .mayOnlyAccessLayers("model", "linalg")
        .whereLayer("optim")
        .mayOnlyAccessLayers("linalg")
        .whereLayer("nn")
        .mayOnlyAccessLayers("model", "linalg")
        .whereLayer("model")
        .mayOnlyAccessLayers("linalg")
        .whereLayer("linalg")
        .mayNotAccessAnyLayer()
        .whereLayer("ml")
        .mayOnlyBeAccessedByLayers("cli.job", "cli.report", "cli", "examples")
        .whereLayer("cli.job")
        .mayOnlyBeAccessedByLayers("cli.report", "cli", "examples")
        .whereLayer("cli.report")
        .mayOnlyBeAccessedByLayers("cli", "examples")
        .whereLayer("cli")
        .mayOnlyBeAccessedByLayers("examples")
        .whereLayer("examples")
        .mayNotBeAccessedByAnyLayer()
        .because("each layer is understood, and tested, without those above it")
        .check(PRODUCT);
  }

  @Test
  void layersOfMl() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("stages")
        .definedBy("org.sparksae.spark.ml")
        .layer("fit")
        .definedBy("org.sparksae.spark.ml.fit..")
        .layer("feature")
        .definedBy("org.sparksae.spark.ml.feature..")
        .layer("evaluate")
        .definedBy("org.sparksae.spark.ml.evaluate..")
        .layer("transform")
        .definedBy("org.sparksae.spark.ml.transform..")
        .layer("file")
        .definedBy("org.sparksae.spark.ml.file..")
        .layer("param")
        .definedBy("org.sparksae.spark.ml.param..")
        .whereLayer("stages")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("fit")
        .mayOnlyAccessLayers("transform", "file", "param")
        .whereLayer("feature")
        .mayOnlyAccessLayers("transform", "file", "param")
        .whereLayer("evaluate")
        .mayOnlyAccessLayers("transform")
        .whereLayer("transform")
        .mayOnlyAccessLayers("param")
        .whereLayer("file")
        .mayNotAccessAnyLayer()
        .whereLayer("param")
        .mayNotAccessAnyLayer()
        .because("users read the stages alone, and what stands behind them is understood by itself")
        .check(PRODUCT);
  }

  @Test
  void usersOfMlKnowTheStagesOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.sparksae.spark.ml..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.sparksae.spark.ml.fit..",
            "org.sparksae.spark.ml.feature..",
            "org.sparksae.spark.ml.evaluate..",
            "org.sparksae.spark.ml.transform..",
            "org.sparksae.spark.ml.file..")
        .because("these packages are public for each other, not for callers")
        .check(PRODUCT);
  }

  @Test
  void noCycles() {
    slices()
        .matching("org.sparksae.(**)")
        .should()
        .beFreeOfCycles()
        .because("packages in a cycle are one package")
        .check(PRODUCT);
  }

  /** Packages in a ring show here as well, by the classes that make it. */
  @Test
  void noRingsOfClassesBetweenPackagesOrInWhatAModelIsAndHowItComputes() {
    String rings =
        ClassRings.of(PRODUCT).stream()
            .filter(ring -> packages(ring).size() > 1 || RINGLESS.containsAll(packages(ring)))
            .map(ring -> ClassRings.describe(PRODUCT, ring))
            .collect(Collectors.joining());
    assertEquals("", rings);
  }

  /** The compiler does not ask, and a reader looks for a class by its package. */
  @ParameterizedTest
  @ValueSource(strings = {"src/main/java", "src/examples/java", "src/test/java"})
  void everySourceLiesInTheFolderOfItsPackage(String root) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(root))) {
      assertEquals(
          List.of(),
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !isInFolderOfItsPackage(Path.of(root), file))
              .toList());
    }
  }

  private static boolean isInFolderOfItsPackage(Path root, Path file) {
    String name = root.relativize(file.getParent()).toString().replace('/', '.');
    try {
      return Files.readAllLines(file).contains("package " + name + ";");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> packages(Set<String> classes) {
    return classes.stream()
        .map(name -> name.substring(0, name.lastIndexOf('.')))
        .collect(Collectors.toSet());
  }

  @Test
  void coreKnowsJavaAndNetlib() {
    classes()
        .that()
        .resideInAPackage("org.sparksae.core..")
        .and()
        .resideOutsideOfPackage("org.sparksae.core.format..")
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage("java..")
                .or(resideInAPackage("javax.imageio.."))
                .or(resideInAPackage("jdk.incubator.vector.."))
                .or(resideInAPackage("dev.ludovic.netlib.."))
                // What its LAPACK takes as out parameters.
                .or(resideInAPackage("org.netlib.util.."))
                .or(resideInAPackage("org.sparksae.core..")))
        .because("one process without Spark takes the path of a cluster")
        .check(PRODUCT);
  }

  @Test
  void formatKnowsJacksonToo() {
    classes()
        .that()
        .resideInAPackage("org.sparksae.core.format..")
        .and()
        .resideOutsideOfPackage("org.sparksae.core.format.onnx..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "com.fasterxml.jackson..", "org.sparksae.core..")
        .because("a model file can be read without Spark")
        .check(PRODUCT);
  }

  @Test
  void onnxKnowsItsMessages() {
    classes()
        .that()
        .resideInAPackage("org.sparksae.core.format.onnx..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "ai.onnx.proto..", "com.google.protobuf..", "org.sparksae.core..")
        .because("an ONNX file can be written without Spark")
        .check(PRODUCT);
  }

  @Test
  void picturesInReportsAndImagesOnly() {
    noClasses()
        .that()
        .resideInAPackage("org.sparksae..")
        .and()
        .resideOutsideOfPackages("org.sparksae.core.report..", "org.sparksae.core.image..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax..")
        .because("executors are without a screen, and often without its libraries")
        .check(PRODUCT);
  }

  @Test
  void noPrivateLibrariesOfSpark() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("breeze..", "org.json4s..")
        .because("Spark changes and replaces them between releases")
        .check(PRODUCT);
  }

  @Test
  void noJavaDeserialisation() {
    noClasses()
        .should()
        .dependOnClassesThat(assignableTo(ObjectInputStream.class))
        .because("reading an object stream runs what the file says")
        .check(PRODUCT);
  }

  @Test
  void noStandardStreams() {
    noClasses()
        .should(ACCESS_STANDARD_STREAMS)
        .because("a library logs, and a command prints to picocli's writers")
        .check(PRODUCT);
  }

  @Test
  void noPrintedStackTraces() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.sparksae.cli")
        .should()
        .callMethodWhere(target(name("printStackTrace")))
        .because("a library logs")
        .check(PRODUCT);
  }

  @Test
  void noUnseededRandomness() {
    noClasses()
        .should()
        .callConstructor(Random.class)
        .orShould()
        .callConstructor(SplittableRandom.class)
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(StrictMath.class, "random")
        .orShould()
        .dependOnClassesThat(assignableTo(ThreadLocalRandom.class))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.security.SecureRandom")
        .because("equal data, Params and seed give equal models")
        .check(PRODUCT);
  }

  @Test
  void incubatorInVectorKernelsOnly() {
    noClasses()
        .that()
        .haveNameNotMatching("org\\.sparksae\\.core\\.linalg\\.Vector[A-Za-z]+")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .because("without --add-modules the classes that touch it do not load")
        .check(PRODUCT);
    noClasses()
        .that()
        .haveNameNotMatching("org\\.sparksae\\.core\\.linalg\\.Vector[A-Za-z]+")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("org\\.sparksae\\.core\\.linalg\\.Vector[A-Za-z]+")
        .because("the vector kernels are loaded by name, where that fails")
        .check(PRODUCT);
  }
}
