package org.sparksae.core.nn.code;

import java.io.Serializable;

/**
 * What a training remembers of earlier batches for the code of the next one. It is the same on all
 * workers.
 *
 * @param dead latents (hidden units) that have been silent for long, ascending; empty if there are
 *     none, or nothing depends on them
 * @param threshold the threshold of the last batch; 0 if it is unknown. It only saves time: results
 *     depend on it by rounding at most
 */
public record CodeMemory(int[] dead, float threshold) implements Serializable {

  /** No memory: that of a training before its first step. */
  public static final CodeMemory NONE = new CodeMemory(new int[0], 0f);
}
