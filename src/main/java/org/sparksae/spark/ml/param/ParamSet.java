package org.sparksae.spark.ml.param;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import scala.Function1;
import scala.Option;

/**
 * The Param objects of one stage.
 *
 * <p>A Param is declared where its accessor is: the accessor calls one of the methods below with
 * the Param's name, what it is, its rule and, if it has one, its default. The first call makes the
 * Param and sets its default; later ones give the same object. The Param's documentation is what it
 * is, followed by its rule.
 */
public final class ParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Params stage;
  private final boolean setsDefaults;
  private final Map<String, Param<?>> made = new HashMap<>();

  /**
   * An empty set.
   *
   * @param stage has its uid already, which its Params take over
   */
  public ParamSet(Params stage) {
    this(stage, true);
  }

  private ParamSet(Params stage, boolean setsDefaults) {
    this.stage = stage;
    this.setsDefaults = setsDefaults;
  }

  /**
   * An empty set for a model whose Params only say how it was learned. It gets defaults from its
   * estimator or its file; if an old file has none, nothing is known.
   */
  public static ParamSet withoutDefaults(Params model) {
    return new ParamSet(model, false);
  }

  /** Makes all Params of the stage, whose accessors must find this set by now. */
  public void makeAll() {
    stage.params();
  }

  /** A text. */
  public Param<String> text(String name, String what, Rule<String> rule) {
    return text(name, what, rule, null);
  }

  /** A text with a default. */
  public Param<String> text(String name, String what, Rule<String> rule, String byDefault) {
    return make(
        name, () -> new Param<>(stage, name, doc(what, rule), rule.<String>of(name)), byDefault);
  }

  /** A list of texts. */
  StringArrayParam texts(String name, String what, Rule<String[]> rule, String... byDefault) {
    return make(
        name, () -> new StringArrayParam(stage, name, doc(what, rule), rule.of(name)), byDefault);
  }

  /** A number. */
  DoubleParam number(String name, String what, Rule<Double> rule) {
    return number(name, what, rule, null);
  }

  /** A number with a default. */
  DoubleParam number(String name, String what, Rule<Double> rule, Double byDefault) {
    return make(
        name, () -> new DoubleParam(stage, name, doc(what, rule), rule.of(name)), byDefault);
  }

  /** A list of numbers. */
  DoubleArrayParam numbers(String name, String what, Rule<double[]> rule, double... byDefault) {
    return make(
        name, () -> new DoubleArrayParam(stage, name, doc(what, rule), rule.of(name)), byDefault);
  }

  /** A whole number. */
  public IntParam integer(String name, String what, Rule<Integer> rule) {
    return integer(name, what, rule, null);
  }

  /** A whole number with a default. */
  IntParam integer(String name, String what, Rule<Integer> rule, Integer byDefault) {
    return make(name, () -> new IntParam(stage, name, doc(what, rule), rule.of(name)), byDefault);
  }

  /** A list of whole numbers. */
  public IntArrayParam integers(String name, String what, Rule<int[]> rule) {
    return integers(name, what, rule, null);
  }

  /** A list of whole numbers with a default. */
  IntArrayParam integers(String name, String what, Rule<int[]> rule, int[] byDefault) {
    return make(
        name, () -> new IntArrayParam(stage, name, doc(what, rule), rule.of(name)), byDefault);
  }

  /** A whole number of 64 bits. */
  LongParam whole(String name, String what, long byDefault) {
    return whole(name, what, Rule.whole(), byDefault);
  }

  /** A whole number of 64 bits with a rule. */
  LongParam whole(String name, String what, Rule<Long> rule, long byDefault) {
    return make(name, () -> new LongParam(stage, name, doc(what, rule), rule.of(name)), byDefault);
  }

  /** Yes or no. */
  BooleanParam flag(String name, String what, boolean byDefault) {
    return make(name, () -> new Flag(stage, name, what), byDefault);
  }

  private <T, P extends Param<T>> P make(String name, Supplier<P> maker, T byDefault) {
    @SuppressWarnings("unchecked") // A name is declared once.
    P known = (P) made.get(name);
    if (known != null) {
      return known;
    }
    P param = maker.get();
    made.put(name, param);
    if (setsDefaults && byDefault != null) {
      stage.setDefault(param, byDefault);
    }
    return param;
  }

  /**
   * A Param's line of {@code explainParams}, in MLlib's form. MLlib's own shows an array as an
   * address in memory.
   *
   * @throws IllegalArgumentException if the Param is not the stage's
   */
  public <T> String explain(Param<T> param) {
    List<String> values = new ArrayList<>();
    Option<T> byDefault = stage.getDefault(param);
    if (byDefault.isDefined()) {
      values.add("default: " + shown(param, byDefault.get()));
    }
    Option<T> current = stage.get(param);
    if (current.isDefined()) {
      values.add("current: " + shown(param, current.get()));
    }
    String known = values.isEmpty() ? "undefined" : String.join(", ", values);
    return param.name() + ": " + param.doc() + " (" + known + ")";
  }

  private static <T> String shown(Param<T> param, T value) {
    return value.getClass().isArray() ? param.jsonEncode(value) : value.toString();
  }

  private static String doc(String what, Rule<?> rule) {
    return rule.isOpen() ? what : what + " (" + rule.words() + ")";
  }

  /** What every setter does. */
  @SuppressWarnings("unchecked") // S is the stage's own class.
  static <S, T> S set(Params stage, Param<T> param, T value) {
    stage.set(param, value);
    return (S) stage;
  }

  /** MLlib's own BooleanParam takes no rule, and so would take null. */
  private static final class Flag extends BooleanParam {
    private static final long serialVersionUID = 1L;

    Flag(Params stage, String name, String doc) {
      super(stage, name, doc);
    }

    @Override
    public Function1<Object, Object> isValid() {
      return Rule.flag().of(name());
    }
  }
}
