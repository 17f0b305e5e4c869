package org.sparksae.core.model;

/**
 * A kind of code that was made for wide models of neural activations: of one fully connected hidden
 * layer, a row keeps few activations, all of them above 0.
 */
sealed interface WideCode extends CodeForm permits BatchTopK, JumpRelu, JumpReluTraining, Gated {
  /** The first version of model files with these kinds. */
  int FORMAT_VERSION = 5;

  @Override
  default void check(Activation activation, int units, boolean hasMaps) {
    Rule.require(
        activation == Activation.RELU,
        "%s needs activation 'relu', whose 0 means an inactive unit; got '%s'",
        paramName(),
        activation.paramName());
    Rule.require(!hasMaps, "%s needs a fully connected layer, not maps; use k", paramName());
  }

  @Override
  default void checkModel(int depth, Activation output) {
    Rule.require(
        depth == 1,
        "%s needs one hidden layer, got %d; use k for a deep model",
        paramName(),
        depth);
  }

  @Override
  default int formatVersion() {
    return FORMAT_VERSION;
  }

  @Override
  default Activation defaultActivation() {
    return Activation.RELU;
  }

  @Override
  default boolean isWide() {
    return true;
  }

  @Override
  default boolean keepsFew() {
    return true;
  }

  @Override
  default boolean isDecodedByUnit() {
    return true;
  }
}
