package org.sparksae.core.linalg.bfloat16;

/**
 * What computes products of bfloat16 in this JVM, and why it was chosen.
 *
 * @param products computes them
 * @param name a short name for summaries: equal names mean equal bits
 * @param reason one sentence: why it was chosen and, if it is slow, what to do
 * @param isFast whether the processor has instructions for them, so that they are faster than
 *     float32's
 */
public record Bfloat16Backend(
    Bfloat16Products products, String name, String reason, boolean isFast) {

  private static final Bfloat16Backend ROUNDED =
      new Bfloat16Backend(
          new RoundedFloats(), "float32 products of rounded values", "there is no other", false);

  /** Returns the backend of this JVM, which the first call chooses. */
  public static Bfloat16Backend get() {
    return ROUNDED;
  }

  /** Returns the one that computes float32 products of rounded values, on any processor. */
  public static Bfloat16Backend rounded() {
    return ROUNDED;
  }
}
