package org.sparksae.spark.ml.param;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.sparksae.core.model.AuxK;
import org.sparksae.core.model.CodeLoss;

/**
 * What the objective of codes with few units has beside the loss of the reconstruction: an
 * auxiliary loss that revives dead units, and the losses of other reconstructions. And the other
 * way to revive dead units: to replace them.
 */
public interface CodeLossParams extends ParamGroup {

  /**
   * Dead units of a row that learn to reconstruct what the others leave over (Gao and others 2024).
   * The units with the largest pre-activations are taken, as many as there are if fewer are dead.
   * The history then has the term {@code auxiliary}. 0: none. For {@code k} and {@code batchTopK},
   * one fully connected hidden layer, {@code outputActivation} linear and adam. Usual: a power of 2
   * near half of the row's size.
   */
  default IntParam auxK() {
    return paramSet()
        .integer(
            "auxK",
            "dead units of a row that learn to reconstruct what the others leave over; 0: none; "
                + "for k and batchTopK",
            Rule.atLeast(0),
            0);
  }

  /** The value of {@link #auxK()}. */
  default int getAuxK() {
    return (Integer) getOrDefault(auxK());
  }

  /**
   * Weight of the auxiliary loss. If the objective is divided by the variance of the rows, it is
   * the weight beside the fraction of variance unexplained.
   */
  default DoubleParam auxKWeight() {
    return paramSet()
        .number("auxKWeight", "weight of the auxiliary loss of auxK", Rule.positive(), 1.0 / 32);
  }

  /** The value of {@link #auxKWeight()}. */
  default double getAuxKWeight() {
    return (Double) getOrDefault(auxKWeight());
  }

  /**
   * Training rows without activity after which a unit is dead. They are counted over the batches of
   * all workers and all epochs; rows of weight 0 do not count.
   */
  default LongParam deadAfterRows() {
    return paramSet()
        .whole(
            "deadAfterRows",
            "training rows, over all epochs, in which a unit is silent before it is dead: for auxK",
            Rule.atLeastLong(1),
            10_000_000L);
  }

  /** The value of {@link #deadAfterRows()}. */
  default long getDeadAfterRows() {
    return (Long) getOrDefault(deadAfterRows());
  }

  /**
   * Nested widths (Matryoshka): the first of these numbers of units reconstruct the row alone, and
   * so do the first of the next number; the loss is the sum over all widths. The units are selected
   * once, for all widths. The widths rise, and the last is that of the code. They need not divide
   * each other. Not set: the whole code alone reconstructs. For {@code k} and {@code batchTopK},
   * one fully connected hidden layer and {@code outputActivation} linear.
   */
  default IntArrayParam matryoshkaWidths() {
    return paramSet()
        .integers(
            "matryoshkaWidths",
            "rising numbers of units whose prefix of the code reconstructs the row, too; the last "
                + "is the size of the code; the losses are added up; for k and batchTopK; not set: "
                + "none",
            Rule.sizes());
  }

  /** The value of {@link #matryoshkaWidths()}. */
  default int[] getMatryoshkaWidths() {
    return getOrDefault(matryoshkaWidths());
  }

  /**
   * Steps after which dead units are replaced by rows that the model reconstructs badly, again and
   * again (Bricken and others 2023). A unit is dead if it was active in none of these steps. Not
   * set: none is replaced. For adam and one fully connected hidden layer whose units can be
   * inactive; excludes {@code auxK}.
   */
  default IntParam resampleSteps() {
    return paramSet()
        .integer(
            "resampleSteps",
            "steps after which units that were active in none of them are replaced by rows that "
                + "are reconstructed badly, again and again; for adam and one fully connected "
                + "layer; excludes auxK; not set: none",
            Rule.atLeast(1));
  }

  /** The value of {@link #resampleSteps()}. */
  default int getResampleSteps() {
    return (Integer) getOrDefault(resampleSteps());
  }

  /**
   * Whether the row is also reconstructed from the 4 k largest units, of which the k largest are
   * the code (Multi-TopK); the loss of that reconstruction counts an eighth. For {@code k}, one
   * fully connected hidden layer and {@code outputActivation} linear; excludes {@code
   * matryoshkaWidths}.
   */
  default BooleanParam multiTopK() {
    return paramSet()
        .flag(
            "multiTopK",
            "whether the 4 k largest units reconstruct the row, too, with an eighth of the loss; "
                + "for k",
            false);
  }

  /** The value of {@link #multiTopK()}. */
  default boolean getMultiTopK() {
    return (Boolean) getOrDefault(multiTopK());
  }

  /** What these Params ask for. */
  default CodeLoss codeLoss() {
    AuxK auxK = getAuxK() == 0 ? null : new AuxK(getAuxK(), getAuxKWeight(), getDeadAfterRows());
    List<Integer> widths =
        isDefined(matryoshkaWidths())
            ? Arrays.stream(getMatryoshkaWidths()).boxed().toList()
            : List.of();
    return new CodeLoss(auxK, widths, getMultiTopK());
  }

  /** The Params that belong to a code and to no other layer. */
  default List<Param<?>> codeLossParams() {
    return List.of(auxK(), matryoshkaWidths(), multiTopK());
  }

  /**
   * Setters of the estimator.
   *
   * @param <S> the stage's own class
   */
  interface TrainingSetters<S> extends CodeLossParams {

    /** Sets {@link #auxK()}. */
    default S setAuxK(int value) {
      return ParamSet.set(this, auxK(), value);
    }

    /** Sets {@link #auxKWeight()}. */
    default S setAuxKWeight(double value) {
      return ParamSet.set(this, auxKWeight(), value);
    }

    /** Sets {@link #deadAfterRows()}. */
    default S setDeadAfterRows(long value) {
      return ParamSet.set(this, deadAfterRows(), value);
    }

    /** Sets {@link #resampleSteps()}. */
    default S setResampleSteps(int value) {
      return ParamSet.set(this, resampleSteps(), value);
    }

    /** Sets {@link #matryoshkaWidths()}. */
    default S setMatryoshkaWidths(int... value) {
      return ParamSet.set(this, matryoshkaWidths(), value);
    }

    /** Sets {@link #multiTopK()}. */
    default S setMultiTopK(boolean value) {
      return ParamSet.set(this, multiTopK(), value);
    }
  }
}
