package org.sparksae.core.nn;

import java.io.Serializable;

/**
 * One hidden layer of the encoder.
 *
 * @param size number of units, 1 or more
 * @param activation f in {@code h = f(W x + b)}; the decoder's hidden layer of the same size uses
 *     it too
 * @param sparsity the penalty on h
 */
public record HiddenLayer(int size, Activation activation, Sparsity sparsity)
    implements Serializable {}
