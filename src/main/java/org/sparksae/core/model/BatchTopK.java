package org.sparksae.core.model;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the largest activations of a whole batch, k for each row on average, and sets the others to
 * 0. A row that is easy to reconstruct may keep few latents (hidden units), another many.
 *
 * <pre>
 * m    = round(k N), at least 1                     N rows in the batch
 * t    = the m-th largest of all activations f(z_ij) above 0, or the smallest if there are fewer
 * h_ij = f(z_ij) where f(z_ij) &gt;= t, otherwise 0
 * </pre>
 *
 * <p>All activations equal to t are kept, so the result is exact and does not depend on the order
 * of the rows, on partitions or on workers. The gradient passes only through the kept activations.
 *
 * <p>N counts the rows of the <em>global</em> batch whose weight is above 0. With weights, t is the
 * largest t for which the activations at or above it weigh at least {@code m W / N}; an activation
 * has the weight of its row, and W is the weight of all rows.
 *
 * <p>A trained model encodes one row at a time, with a threshold in place of the competition
 * ({@link JumpRelu}): the running mean of t over the steps of the training.
 *
 * <p>Source: Bussmann, Leask and Nanda, BatchTopK Sparse Autoencoders (2024).
 *
 * @param k mean number of activations that a row keeps, above 0; may be fractional
 * @param loss what the objective has beside the loss of the reconstruction
 */
public record BatchTopK(double k, CodeLoss loss) implements WideCode {
  private static final String K = "batchTopK";

  /** Room for the activations of a row, as a multiple of the mean. */
  private static final int ROOM = 2;

  /** Creates a form whose objective has only the loss of the reconstruction. */
  public BatchTopK(double k) {
    this(k, CodeLoss.PLAIN);
  }

  static CodeForm read(CodeFields fields) throws IOException {
    return fields.has(K) ? new BatchTopK(fields.number(K), CodeLoss.read(fields)) : ALL;
  }

  @Override
  public String paramName() {
    return K;
  }

  @Override
  public void check(Activation activation, int units, boolean hasMaps) {
    Rule.require(
        k > 0 && k <= units,
        "batchTopK must be above 0 and at most %d, the units of the last of the hiddenLayers; got"
            + " %s",
        units,
        k);
    WideCode.super.check(activation, units, hasMaps);
    Rule.require(
        !loss.multiTopK(),
        "multiTopK needs %s, while batchTopK ranks those of a batch; clear one of them",
        loss.needs());
    loss.check(units, hasMaps);
  }

  @Override
  public void checkModel(int depth, Activation output) {
    WideCode.super.checkModel(depth, output);
    loss.checkModel(depth, output);
  }

  @Override
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(K, k);
    fields.putAll(loss.fields());
    return fields;
  }

  @Override
  public CodeForm with(CodeLoss other) {
    return new BatchTopK(k, other);
  }

  @Override
  public boolean needsBatch() {
    return true;
  }

  @Override
  public int valuesHeld(int units, int positions) {
    return (int) Math.min(units, Math.ceil(ROOM * k));
  }

  @Override
  public CodeForm encoding() {
    return new JumpRelu();
  }

  @Override
  public CodeForm trained() {
    return new JumpRelu();
  }
}
