package org.sparksae.core.model;

import java.util.Map;

/** Keeps every activation: only a penalty can make the code sparse. */
public record AllUnits() implements CodeForm {

  @Override
  public String paramName() {
    return "sparsity";
  }

  @Override
  public void check(Activation activation, int units, boolean hasMaps) {
    // Every layer can keep all of its units.
  }

  @Override
  public Map<String, Object> fields() {
    return Map.of();
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public boolean selects() {
    return false;
  }
}
