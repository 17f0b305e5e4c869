package org.sparksae.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sparksae.spark.LocalSpark;

/** What MLlib asks of every stage about its Params, its copies and its uid. */
@ExtendWith(LocalSpark.class)
class StageContractTest {
  private static final String ALL = "org.sparksae.spark.ml.Subject#all";
  private static final String ESTIMATORS = "org.sparksae.spark.ml.Subject#estimators";

  @Test
  void everyPublicStageIsASubject() {
    assertEquals(
        Subject.namesOfClasses(),
        Subject.all().stream()
            .map(subject -> subject.stage().getClass().getName())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void paramsAreOwnedDocumentedAndInOrder(Subject subject) {
    Params stage = subject.stage();
    List<String> names = Arrays.stream(stage.params()).map(Param::name).toList();
    assertEquals(List.copyOf(new TreeSet<>(names)), names);
    for (Param<?> param : stage.params()) {
      assertEquals(stage.uid(), param.parent(), param.name());
      assertSame(param, stage.getParam(param.name()));
      assertFalse(param.doc().isBlank(), param.name());
      assertTrue(stage.explainParam(param).startsWith(param.name() + ": " + param.doc()));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void everyParamHasAGetterAndOnWhatLearnsASetter(Subject subject) throws Exception {
    Params stage = subject.stage();
    for (Param<?> param : stage.params()) {
      Method getter = stage.getClass().getMethod("get" + capital(param));
      if (stage.isDefined(param)) {
        assertEquals(text(stage.getOrDefault(param)), text(getter.invoke(stage)), param.name());
      }
      boolean isSet = Arrays.stream(stage.getClass().getMethods()).anyMatch(m -> sets(m, param));
      assertTrue(isSet || subject.isModel(), param.name());
    }
  }

  private static boolean sets(Method method, Param<?> param) {
    return method.getName().equals("set" + capital(param)) && method.getParameterCount() == 1;
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void nullIsRefusedByEveryParam(Subject subject) {
    Params stage = subject.stage().copy(ParamMap.empty());
    Map<String, String> before = Fixtures.values(stage);
    for (Param<?> param : stage.params()) {
      String refused =
          assertThrows(
                  IllegalArgumentException.class, () -> stage.set(param.name(), null), param::name)
              .getMessage();
      assertTrue(refused.startsWith(param.name() + " must be "), refused);
      assertTrue(
          refused.endsWith("got null; to unset it, call clear(%1$s())".formatted(param.name())),
          refused);
    }
    assertEquals(before, Fixtures.values(stage));
  }

  /** What a Param of MLlib's name and type is found by. */
  @ParameterizedTest
  @MethodSource(ALL)
  void theSharedTraitsOfItsParamsAreMixedIn(Subject subject) {
    Params stage = subject.stage();
    for (Param<?> param : stage.params()) {
      Optional<Class<?>> trait = sharedTrait(param);
      assertTrue(
          trait.isEmpty() || trait.get().isInstance(stage), () -> trait.orElseThrow().getName());
    }
    assertTrue(sharedTrait(stage.getParam("outputCol")).isPresent());
  }

  private static Optional<Class<?>> sharedTrait(Param<?> param) {
    try {
      return Optional.of(Class.forName("org.apache.spark.ml.param.shared.Has" + capital(param)));
    } catch (ClassNotFoundException notShared) {
      return Optional.empty();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aCopyIsOfItsOwnClassAndHasEverything(Subject subject) throws Exception {
    Params stage = subject.stage();
    Class<?> type = stage.getClass();
    assertSame(type, type.getMethod("copy", ParamMap.class).getReturnType());
    Params copy = stage.copy(ParamMap.empty().put(stage.getParam("outputCol"), (Object) "other"));
    assertSame(type, copy.getClass());
    assertNotSame(stage, copy);
    assertEquals(stage.uid(), copy.uid());
    assertEquals("code", stage.getOrDefault(stage.getParam("outputCol")));
    Map<String, String> expected = Fixtures.values(stage);
    expected.put("outputCol", "[other]");
    assertEquals(expected, Fixtures.values(copy));
    if (subject.isModel()) {
      assertSame(((Model<?>) stage).parent(), ((Model<?>) copy).parent());
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aUidOfItsOwnOrAGivenOne(Subject subject) throws Exception {
    Class<?> type = subject.stage().getClass();
    Params first = (Params) type.getConstructor().newInstance();
    Params second = (Params) type.getConstructor().newInstance();
    assertFalse(first.uid().equals(second.uid()));
    assertEquals("given", ((Params) type.getConstructor(String.class).newInstance("given")).uid());
  }

  @ParameterizedTest
  @MethodSource(ESTIMATORS)
  void aModelHasItsEstimatorsUidParamsAndValues(Subject subject) {
    Estimator<?> estimator = (Estimator<?>) subject.stage();
    Params model = (Params) estimator.fit(subject.rows());
    assertEquals(estimator.uid(), model.uid());
    assertSame(estimator, ((Model<?>) model).parent());
    assertEquals(names(estimator), names(model));
    assertEquals(Fixtures.values(estimator), Fixtures.values(model));
  }

  @ParameterizedTest
  @MethodSource(ESTIMATORS)
  void fitTakesParamsOfACall(Subject subject) {
    Estimator<?> estimator = (Estimator<?>) subject.stage();
    Params model =
        (Params)
            estimator.fit(
                subject.rows(),
                ParamMap.empty().put(estimator.getParam("outputCol"), (Object) "other"));
    assertEquals("other", model.getOrDefault(model.getParam("outputCol")));
    assertEquals("code", estimator.getOrDefault(estimator.getParam("outputCol")));
  }

  @ParameterizedTest
  @MethodSource(ESTIMATORS)
  void anEstimatorTellsTheColumnsOfItsModel(Subject subject) {
    Estimator<?> estimator = (Estimator<?>) subject.stage();
    StructType told = estimator.transformSchema(subject.rows().schema());
    StructType made = ((Model<?>) estimator.fit(subject.rows())).transform(subject.rows()).schema();
    assertEquals(List.of(told.fieldNames()), List.of(made.fieldNames()));
    for (int i = 0; i < told.size(); i++) {
      assertEquals(told.apply(i).dataType(), made.apply(i).dataType());
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aModelPrintsItsClassAndUid(Subject subject) {
    if (subject.isModel()) {
      String text = subject.stage().toString();
      assertTrue(text.startsWith(subject + ": uid=" + subject.stage().uid() + ", "), text);
    }
  }

  private static Set<String> names(Params params) {
    return Arrays.stream(params.params()).map(Param::name).collect(Collectors.toSet());
  }

  private static String capital(Param<?> param) {
    return Character.toUpperCase(param.name().charAt(0)) + param.name().substring(1);
  }

  private static String text(Object value) {
    return Arrays.deepToString(new Object[] {value});
  }
}
