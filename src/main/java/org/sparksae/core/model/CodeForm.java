package org.sparksae.core.model;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A kind of code: which activations of the last hidden layer are its code.
 *
 * <p>A kind is a record here, which says what it allows and what it writes to files; a class in
 * {@code core.nn.code}, which computes it; and a group of Params. The rest of the program asks a
 * form for its properties, and never which kind it is.
 */
public sealed interface CodeForm extends Serializable
    permits AllUnits, TopK, LifetimeSparsity, SpatialSparsity {

  /** Every activation as it is. */
  CodeForm ALL = new AllUnits();

  /** Why two kinds cannot be combined; with the names of their Params. */
  String EXCLUDE_EACH_OTHER =
      "%s and %s exclude each other, as both say which activations are kept; clear one";

  /** The Param that asks for this kind. */
  String paramName();

  /**
   * Refuses a layer that cannot have such a code.
   *
   * @throws IllegalArgumentException naming the Param, its value and the rule
   */
  void check(HiddenLayer layer);

  /** Its Params by name, as model files and checkpoints record them; none for {@link #ALL}. */
  Map<String, Object> fields();

  /** The first version of the model file that knows this kind. */
  int formatVersion();

  /** Whether the code is sparse without a penalty, which it then must not have. */
  default boolean selects() {
    return true;
  }

  /** The activation of all hidden layers where none is set; null for the usual one. */
  default Activation defaultActivation() {
    return null;
  }

  /** Whether a row's code is made as the few values that are kept, without those that are not. */
  default boolean keepsFew() {
    return false;
  }

  /** Whether training decodes, and goes back through, the non-zeros of a code alone. */
  default boolean isSparse() {
    return keepsFew();
  }

  /** Whether training keeps activations by what the rest of the batch has, as encoding does not. */
  default boolean needsBatch() {
    return false;
  }

  /**
   * Whether an untied decoder has its matrix unit by unit: [units, out] in place of [out, units].
   */
  default boolean isDecodedByUnit() {
    return false;
  }

  /** Values of a row's code that are held in memory. */
  default int valuesHeld(HiddenLayer layer) {
    return layer.size();
  }

  /** The form by which a trained model encodes; the decoder still takes this one. */
  default CodeForm encoding() {
    return this;
  }

  /** k, for kinds that keep k units of a row. */
  default OptionalInt unitsKept() {
    return OptionalInt.empty();
  }

  /**
   * The same kind with another k.
   *
   * @throws IllegalArgumentException if this kind has none
   */
  default CodeForm withUnitsKept(int k) {
    throw new IllegalArgumentException("there is no k to change: all units of a code are kept");
  }

  /** What a saved model says about its code, by the names of the Params. */
  interface Fields {
    /** Whether there is a field. */
    boolean has(String name);

    /** A whole number. */
    int integer(String name) throws IOException;

    /** A number. */
    double number(String name) throws IOException;

    /** A text. */
    String text(String name) throws IOException;
  }

  /**
   * The kind of code that a saved model has: the counterpart of {@link #fields()}.
   *
   * @throws IllegalArgumentException if it has fields of several kinds, or a field is no such value
   * @throws IOException if the fields cannot be read
   */
  static CodeForm read(Fields fields) throws IOException {
    return oneOf(
        Stream.of(TopK.read(fields), LifetimeSparsity.read(fields))
            .filter(form -> form != ALL)
            .toList());
  }

  /**
   * The only kind that is asked for, or {@link #ALL} if none is.
   *
   * @throws IllegalArgumentException naming two of them if there are several
   */
  static CodeForm oneOf(List<CodeForm> wanted) {
    if (wanted.isEmpty()) {
      return ALL;
    }
    CodeForm first = wanted.get(0);
    CodeForm last = wanted.get(wanted.size() - 1);
    Rule.require(wanted.size() == 1, EXCLUDE_EACH_OTHER, last.paramName(), first.paramName());
    return first;
  }
}
