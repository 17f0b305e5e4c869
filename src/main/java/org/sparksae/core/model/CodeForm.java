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
    permits AllUnits, TopK, LifetimeSparsity, SpatialSparsity, WideCode {

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
   * Checks that a model can have such a code.
   *
   * @param depth number of hidden layers
   * @param output activation of the reconstruction
   * @throws IllegalArgumentException naming the Param, its value and the rule
   */
  default void checkModel(int depth, Activation output) {}

  /**
   * Returns its Params by name, as model files and checkpoints record them; empty for {@link #ALL}.
   */
  Map<String, Object> fields();

  /** Returns the first version of the model file that supports this kind. */
  int formatVersion();

  /** Returns whether the code is sparse by selection. */
  default boolean selects() {
    return true;
  }

  /**
   * Returns the penalties that a selecting code may have. The first is that of a model that names
   * none.
   */
  default List<SparsityKind> penalties() {
    return List.of(SparsityKind.NONE);
  }

  /** Returns the activation of all hidden layers if none is set; null for the general default. */
  default Activation defaultActivation() {
    return null;
  }

  /**
   * Returns whether this kind was made for wide models of neural activations. Where Params are not
   * set, such a model is trained by adam on scaled rows, and starts with tied weights and a
   * pre-bias at the mean of the rows; its decoder vectors have length 1.
   */
  default boolean isWide() {
    return false;
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

  /** Returns the form of the model that a training of this one results in. */
  default CodeForm trained() {
    return this;
  }

  /**
   * Returns what the layer has for each unit beside weights and a bias, in tensors of its own,
   * [units].
   */
  default List<TensorRole> tensors() {
    return List.of();
  }

  /** Returns whether the layer has a threshold for each unit. */
  default boolean hasThresholds() {
    return tensors().contains(TensorRole.THRESHOLD);
  }

  /** Returns where thresholds start. */
  default double startThreshold() {
    return 0;
  }

  /**
   * Returns whether the gradient is that of the objective. If it is an estimate, or takes a part as
   * constant, a line search would not find what it promises.
   */
  default boolean hasExactGradient() {
    return true;
  }

  /** Returns what the objective has beside the loss of the reconstruction. */
  default CodeLoss loss() {
    return CodeLoss.PLAIN;
  }

  /** Returns whether the objective has an auxiliary term. */
  default boolean hasAuxiliaryLoss() {
    return loss().auxK() != null;
  }

  /** Returns whether the objective depends on the lengths of decoder vectors, penalties aside. */
  default boolean needsDecoderNorms() {
    return false;
  }

  /**
   * Returns the same kind with another objective.
   *
   * @throws IllegalArgumentException if this kind has no other
   */
  default CodeForm with(CodeLoss loss) {
    Rule.require(
        loss.equals(CodeLoss.PLAIN),
        "%s needs %s; set one, or clear %s",
        loss.paramName(),
        loss.needs(),
        loss.paramName());
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

  /**
   * Reads the kind of code of a saved model: the inverse of {@link #fields()}.
   *
   * @throws IllegalArgumentException if there are fields of several kinds, or a field has an
   *     invalid value
   * @throws IOException if the fields cannot be read
   */
  static CodeForm read(CodeFields fields) throws IOException {
    return oneOf(
        Stream.of(
                TopK.read(fields),
                BatchTopK.read(fields),
                JumpRelu.read(fields),
                Gated.read(fields),
                LifetimeSparsity.read(fields))
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
