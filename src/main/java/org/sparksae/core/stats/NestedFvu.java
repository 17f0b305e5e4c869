package org.sparksae.core.stats;

import java.io.Serializable;

/**
 * How well a prefix of the code reconstructs the rows, of a model with nested widths (Matryoshka).
 *
 * @param width number of latents (hidden units) of the prefix
 * @param fvu fraction of variance unexplained, as {@link CodeStatistics#fvu()}
 */
public record NestedFvu(int width, double fvu) implements Serializable {}
