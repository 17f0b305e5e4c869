package org.sparksae.core.model;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Keeps the k units of a row that are largest, and makes the others 0: a k-sparse layer.
 *
 * <pre>
 * z = W x + b;   h_j = f(z_j) for the k largest z_j (by value, or by magnitude), else 0
 * </pre>
 *
 * <p>The gradient passes through the kept units only. Among equal units the one of lowest index is
 * kept. With ReLU only positive units are kept, so a row may have fewer than k, and both orders are
 * one.
 *
 * <p>Source: Makhzani and Frey, k-Sparse Autoencoders (2013).
 *
 * @param k units that are kept, from 1 to the layer's size
 * @param by what makes a unit large
 */
public record TopK(int k, By by) implements CodeForm {
  private static final String K = "k";
  private static final String BY = "topKBy";

  static CodeForm read(Fields fields) throws IOException {
    return fields.has(K) || fields.has(BY)
        ? new TopK(fields.integer(K), By.parse(BY, fields.text(BY)))
        : ALL;
  }

  @Override
  public String paramName() {
    return K;
  }

  @Override
  public void check(HiddenLayer layer) {
    Rule.require(
        k >= 1 && k <= layer.units(),
        "k must be in [1, %d], the units of the last of the hiddenLayers; got %d",
        layer.units(),
        k);
    Rule.require(
        layer.activation() == Activation.LINEAR || layer.activation() == Activation.RELU,
        "k needs activation 'linear' or 'relu', got '%s'",
        layer.activation().paramName());
  }

  @Override
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(K, k);
    fields.put(BY, by.paramName());
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
  public int valuesHeld(HiddenLayer layer) {
    return k * layer.positions();
  }

  @Override
  public OptionalInt unitsKept() {
    return OptionalInt.of(k);
  }

  @Override
  public CodeForm withUnitsKept(int other) {
    return new TopK(other, by);
  }

  /** What makes a unit large. */
  public enum By {
    /** The value z: the paper, and ReLU codes. */
    VALUE,
    /** The magnitude |z|. */
    MAGNITUDE;

    /** The name as it stands in Params and job files. */
    public String paramName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The order of a name.
     *
     * @param param the Param's name, for the message
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static By parse(String param, String name) {
      return Names.parse(param, name, values(), By::paramName);
    }
  }
}
