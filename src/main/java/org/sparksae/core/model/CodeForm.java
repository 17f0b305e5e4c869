package org.sparksae.core.model;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A kind of code: which activations of the last hidden layer form the code. One element of the code
 * is called a latent (a hidden unit of that layer).
 *
 * <p>A kind consists of a record here, which says what it allows and what it writes to files; a
 * class in {@code core.nn.code}, which computes it; and a group of Params. The rest of the program
 * asks a form for its properties, never for its kind.
 */
public sealed interface CodeForm extends Serializable
    permits AllUnits, TopK, LifetimeSparsity, SpatialSparsity {

  /** Keeps every activation unchanged. */
  CodeForm ALL = new AllUnits();

  /** The message if two kinds are combined, with the names of their Params. */
  String EXCLUDE_EACH_OTHER =
      "%s and %s exclude each other, as both say which activations are kept; clear one";

  /** Returns the name of the Param that selects this kind. */
  String paramName();

  /**
   * Checks that a layer can have such a code.
   *
   * @param activation the layer's activation
   * @param units number of its units
   * @param hasMaps whether its units are the maps of a convolution
   * @throws IllegalArgumentException naming the Param, its value and the rule
   */
  void check(Activation activation, int units, boolean hasMaps);

  /**
   * Returns its Params by name, as model files and checkpoints record them; empty for {@link #ALL}.
   */
  Map<String, Object> fields();

  /** Returns the first version of the model file that supports this kind. */
  int formatVersion();

  /** Returns whether the code is sparse by selection. It must not have a penalty then. */
  default boolean selects() {
    return true;
  }

  /** Returns the activation of all hidden layers if none is set; null for the general default. */
  default Activation defaultActivation() {
    return null;
  }

  /** Returns whether encoding computes only the few kept values of a row, as a sparse row. */
  default boolean keepsFew() {
    return false;
  }

  /**
   * Returns whether training decodes, and back-propagates through, only the non-zeros of a code.
   */
  default boolean isSparse() {
    return keepsFew();
  }

  /**
   * Returns whether the activations that training keeps depend on the whole batch. Encoding never
   * depends on it.
   */
  default boolean needsBatch() {
    return false;
  }

  /**
   * Returns whether an untied decoder stores its matrix latent by latent: [units, out] instead of
   * [out, units].
   */
  default boolean isDecodedByUnit() {
    return false;
  }

  /**
   * Returns the number of values of a row's code that are held in memory.
   *
   * @param units number of units of the layer
   * @param positions number of values that a unit has
   */
  default int valuesHeld(int units, int positions) {
    return units * positions;
  }

  /** Returns the form that a trained model uses to encode; the decoder still takes this form. */
  default CodeForm encoding() {
    return this;
  }

  /** Returns k, for kinds that keep k latents of a row. */
  default OptionalInt unitsKept() {
    return OptionalInt.empty();
  }

  /**
   * Returns the same kind with another k.
   *
   * @throws IllegalArgumentException if this kind has no k
   */
  default CodeForm withUnitsKept(int k) {
    throw new IllegalArgumentException("there is no k to change: all units of a code are kept");
  }

  /** The fields of a saved model that describe its code, by the names of the Params. */
  interface Fields {
    /** Returns whether a field exists. */
    boolean has(String name);

    /** Returns a field that is an integer. */
    int integer(String name) throws IOException;

    /** Returns a field that is a number. */
    double number(String name) throws IOException;

    /** Returns a field that is a string. */
    String text(String name) throws IOException;
  }

  /**
   * Reads the kind of code of a saved model: the inverse of {@link #fields()}.
   *
   * @throws IllegalArgumentException if there are fields of several kinds, or a field has an
   *     invalid value
   * @throws IOException if the fields cannot be read
   */
  static CodeForm read(Fields fields) throws IOException {
    return oneOf(
        Stream.of(TopK.read(fields), LifetimeSparsity.read(fields))
            .filter(form -> form != ALL)
            .toList());
  }

  /**
   * Returns the only kind in the list, or {@link #ALL} if the list is empty.
   *
   * @throws IllegalArgumentException if there are several; the message names two of them
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
