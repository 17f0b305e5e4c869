package org.sparksae.core.model;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Keeps the k largest latents (hidden units) of a row and sets the others to 0: a k-sparse layer.
 *
 * <pre>
 * z = W x + b;   h_j = f(z_j) for the k largest z_j (by value, or by magnitude), otherwise 0
 * </pre>
 *
 * <p>The gradient passes only through the kept latents. Among equal latents the one with the lowest
 * index is kept. With ReLU only positive latents are kept, so a row may have fewer than k, and both
 * orders are the same. In a convolution, each position keeps the k largest of its maps.
 *
 * <p>Source: Makhzani and Frey, k-Sparse Autoencoders (2013).
 *
 * @param k number of latents kept, from 1 to the number of units of the layer
 * @param by how latents are ordered
 * @param loss what the objective has beside the loss of the reconstruction
 */
public record TopK(int k, By by, CodeLoss loss) implements CodeForm {
  private static final String K = "k";
  private static final String BY = "topKBy";

  /** Creates a form whose objective has only the loss of the reconstruction. */
  public TopK(int k, By by) {
    this(k, by, CodeLoss.PLAIN);
  }

  static CodeForm read(CodeFields fields) throws IOException {
    return fields.has(K) || fields.has(BY)
        ? new TopK(fields.integer(K), By.parse(BY, fields.text(BY)), CodeLoss.read(fields))
        : ALL;
  }

  @Override
  public String paramName() {
    return K;
  }

  @Override
  public void check(Activation activation, int units, boolean hasMaps) {
    Rule.require(
        k >= 1 && k <= units,
        "k must be in [1, %d], the units of the last of the hiddenLayers; got %d",
        units,
        k);
    Rule.require(
        activation == Activation.LINEAR || activation == Activation.RELU,
        "k needs activation 'linear' or 'relu', got '%s'",
        activation.paramName());
    loss.check(units, hasMaps);
  }

  @Override
  public void checkModel(int depth, Activation output) {
    loss.checkModel(depth, output);
  }

  @Override
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(K, k);
    fields.put(BY, by.paramName());
    fields.putAll(loss.fields());
    return fields;
  }

  @Override
  public Activation defaultActivation() {
    return Activation.LINEAR;
  }

  @Override
  public int formatVersion() {
    return 2;
  }

  @Override
  public boolean keepsFew() {
    return true;
  }

  @Override
  public boolean isDecodedByUnit() {
    return true;
  }

  @Override
  public int valuesHeld(int units, int positions) {
    return loss.most(k, units) * positions;
  }

  @Override
  public OptionalInt unitsKept() {
    return OptionalInt.of(k);
  }

  @Override
  public CodeForm withUnitsKept(int other) {
    return new TopK(other, by, loss);
  }

  @Override
  public CodeForm with(CodeLoss other) {
    return new TopK(k, by, other);
  }

  /** The order by which latents are selected. */
  public enum By {
    /** By the value z, as in the paper and for ReLU codes. */
    VALUE,
    /** By the magnitude |z|. */
    MAGNITUDE;

    /** Returns the name used in Params and job files. */
    public String paramName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the order with the given name.
     *
     * @param param the Param's name, for the message
     * @throws IllegalArgumentException if there is none; the message lists the valid names
     */
    public static By parse(String param, String name) {
      return Names.parse(param, name, values(), By::paramName);
    }
  }
}
