package org.sparksae.spark.exchange;

import java.io.Serializable;
import org.sparksae.core.train.TrainingBuffers;
import org.sparksae.core.train.TrainingProgress;

/**
 * What all workers know in common between two rounds, beside the parameters and the moments.
 *
 * @param progress how far the training has come
 * @param buffers what it remembers
 */
record RoundStart(TrainingProgress progress, TrainingBuffers buffers) implements Serializable {}
