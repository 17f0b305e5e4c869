package org.sparksae.core.nn.layer;

import org.sparksae.core.model.ParameterLayout.Tensor;
import org.sparksae.core.model.Precision;

/** Chooses the class that computes the products of a precision. */
public final class DenseProducts {
  private DenseProducts() {}

  /** Creates the products with a weight matrix. */
  public static Products of(Precision precision, Tensor weight) {
    return switch (precision) {
      case FLOAT32 -> new FloatProducts(weight);
      case BFLOAT16 -> new RoundedProducts(weight);
    };
  }
}
