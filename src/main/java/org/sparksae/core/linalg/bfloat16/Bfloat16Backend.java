package org.sparksae.core.linalg.bfloat16;

/**
 * What computes products of bfloat16 in this JVM, and why it was chosen.
 *
 * @param products computes them
 * @param name a short name for summaries, such as {@code "oneDNN 3.11.0 (AMX)"}: equal names mean
 *     equal bits
 * @param reason one sentence: why it was chosen and, if it is slow, what to do
 * @param isFast whether the processor has instructions for them, so that they are faster than
 *     float32's
 */
public record Bfloat16Backend(
    Bfloat16Products products, String name, String reason, boolean isFast) {

  /**
   * The system property that forces a backend: {@code auto} (the default) is oneDNN if it is on the
   * class path and the processor has AVX512_BF16 or AMX, otherwise float32 products of rounded
   * values; {@code onednn} and {@code float32} are one of them. With {@code emulated}, the latter
   * are used like products that are fast, so that all that is built on those can be tested on any
   * processor.
   */
  public static final String PROPERTY = "org.sparksae.gemm";

  private static final RoundedFloats ROUNDED = new RoundedFloats();

  /**
   * Returns the backend of this JVM, which the first call chooses.
   *
   * @throws IllegalArgumentException at each call, if {@link #PROPERTY} names no backend, or one
   *     that cannot be used here
   */
  public static Bfloat16Backend get() {
    if (Chosen.BACKEND == null) {
      throw new IllegalArgumentException(Chosen.REFUSAL);
    }
    return Chosen.BACKEND;
  }

  /** Returns the one that computes float32 products of rounded values, on any processor. */
  public static Bfloat16Backend rounded() {
    return rounded("every processor has them");
  }

  static Bfloat16Backend rounded(String reason) {
    return new Bfloat16Backend(ROUNDED, "float32 products of rounded values", reason, false);
  }

  Bfloat16Backend asIfFast() {
    return new Bfloat16Backend(products, name + ", as if they were fast", reason, true);
  }

  /**
   * Loads at first use. A failure is kept as text, because a class initialiser throws its exception
   * only once.
   */
  private static final class Chosen {
    static final Bfloat16Backend BACKEND;
    static final String REFUSAL;

    static {
      Bfloat16Backend backend = null;
      String refusal = null;
      try {
        backend = new Bfloat16Choice(System.getProperties(), System.getenv()).choose();
      } catch (IllegalArgumentException e) {
        refusal = e.getMessage();
      }
      BACKEND = backend;
      REFUSAL = refusal;
    }
  }
}
