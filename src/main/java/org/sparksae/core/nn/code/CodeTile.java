package org.sparksae.core.nn.code;

import org.sparksae.core.linalg.ColumnEntries;
import org.sparksae.core.linalg.DenseRows;
import org.sparksae.core.linalg.Rows;

/**
 * Some rows of a pass, and the entries of their code latent by latent.
 *
 * @param parameters flat parameters
 * @param x the encoder layer's input, [n, in]
 * @param delta dJ/dz of the decoder layer, [n, out]
 * @param code the entries of some latents (hidden units)
 * @param gradient the flat gradient
 * @param add whether to add to the gradient instead of replacing it
 * @param firstRow number of the first row in the pass
 * @param member the member of the team that computes the gradient
 */
record CodeTile(
    float[] parameters,
    Rows x,
    DenseRows delta,
    ColumnEntries code,
    float[] gradient,
    boolean add,
    int firstRow,
    int member) {}
