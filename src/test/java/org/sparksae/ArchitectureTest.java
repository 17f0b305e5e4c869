package org.sparksae;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** What may know what, and what nothing may do. */
@AnalyzeClasses(packages = "org.sparksae", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static void theRulesSawTheProduct(JavaClasses classes) {
    assertTrue(classes.size() > 70, () -> "only " + classes.size() + " classes imported");
    for (String name :
        new String[] {
          "core.linalg.Gemm",
          "core.nn.Autoencoder",
          "core.optim.Lbfgs",
          "core.train.FullBatchLoop",
          "core.format.ModelFile",
          "spark.data.BlockedRows",
          "spark.exchange.TreeSum",
          "spark.ml.SparseAutoencoder"
        }) {
      assertTrue(classes.contain("org.sparksae." + name), name);
    }
    assertTrue(!classes.contain(ArchitectureTest.class), "tests are not the product");
  }

  @ArchTest
  static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("cli")
          .definedBy("org.sparksae.cli..")
          .layer("ml")
          .definedBy("org.sparksae.spark.ml..")
          .layer("exchange")
          .definedBy("org.sparksae.spark.exchange..")
          .layer("data")
          .definedBy("org.sparksae.spark.data..")
          .layer("report")
          .definedBy("org.sparksae.core.report..")
          .layer("train")
          .definedBy("org.sparksae.core.train..")
          .layer("format")
          .definedBy("org.sparksae.core.format..")
          .layer("optim")
          .definedBy("org.sparksae.core.optim..")
          .layer("nn")
          .definedBy("org.sparksae.core.nn..")
          .layer("linalg")
          .definedBy("org.sparksae.core.linalg..")
          .whereLayer("exchange")
          .mayOnlyAccessLayers("data", "train", "nn", "linalg")
          .whereLayer("data")
          .mayOnlyAccessLayers("train", "nn", "linalg")
          .whereLayer("report")
          .mayOnlyAccessLayers("train", "nn", "linalg")
          .whereLayer("train")
          .mayOnlyAccessLayers("optim", "nn", "linalg")
          .whereLayer("format")
          .mayOnlyAccessLayers("nn", "linalg")
          .whereLayer("optim")
          .mayOnlyAccessLayers("linalg")
          .whereLayer("nn")
          .mayOnlyAccessLayers("linalg")
          .whereLayer("linalg")
          .mayNotAccessAnyLayer()
          .whereLayer("ml")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .because("each layer is understood, and tested, without those above it");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices()
          .matching("org.sparksae.(**)")
          .should()
          .beFreeOfCycles()
          .because("packages in a cycle are one package");

  @ArchTest
  static final ArchRule CORE_KNOWS_JAVA_AND_NETLIB =
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
                  .or(resideInAPackage("org.sparksae.core..")))
          .because("one process without Spark takes the path of a cluster");

  @ArchTest
  static final ArchRule FORMAT_KNOWS_JACKSON_TOO =
      classes()
          .that()
          .resideInAPackage("org.sparksae.core.format..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "com.fasterxml.jackson..", "org.sparksae.core..")
          .because("a model file can be read without Spark");

  @ArchTest
  static final ArchRule PICTURES_IN_REPORTS_ONLY =
      noClasses()
          .that()
          .resideInAPackage("org.sparksae..")
          .and()
          .resideOutsideOfPackage("org.sparksae.core.report..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.awt..", "javax..")
          .because("executors are without a screen, and often without its libraries");

  @ArchTest
  static final ArchRule NO_PRIVATE_LIBRARIES_OF_SPARK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("breeze..", "org.json4s..")
          .because("Spark changes and replaces them between releases");

  @ArchTest
  static final ArchRule NO_JAVA_DESERIALISATION =
      noClasses()
          .should()
          .dependOnClassesThat(assignableTo(ObjectInputStream.class))
          .because("reading an object stream runs what the file says");

  @ArchTest
  static final ArchRule STANDARD_STREAMS_IN_COMMANDS_ONLY =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.sparksae.cli..")
          .should(ACCESS_STANDARD_STREAMS)
          .because("a library logs");

  @ArchTest
  static final ArchRule NO_PRINTED_STACK_TRACES =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.sparksae.cli..")
          .should()
          .callMethod(Throwable.class, "printStackTrace")
          .because("a library logs");

  @ArchTest
  static final ArchRule NO_UNSEEDED_RANDOMNESS =
      noClasses()
          .should()
          .callConstructor(Random.class)
          .orShould()
          .callConstructor(SplittableRandom.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat(assignableTo(ThreadLocalRandom.class))
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.security.SecureRandom")
          .because("equal data, Params and seed give equal models");

  @ArchTest
  static final ArchRule INCUBATOR_IN_ONE_CLASS =
      noClasses()
          .that()
          .doNotHaveSimpleName("VectorKernels")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jdk.incubator..")
          .because("without --add-modules the class that touches it does not load");
}
