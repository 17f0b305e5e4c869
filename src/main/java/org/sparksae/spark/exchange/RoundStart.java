package org.sparksae.spark.exchange;

import java.io.Serializable;
import org.sparksae.core.train.TrainingBuffers;
import org.sparksae.core.train.TrainingProgress;

/**
 * The state that all workers share between two rounds, apart from parameters and moments.
 *
 * @param progress progress of the training
 * @param buffers buffers of the training
 */
record RoundStart(TrainingProgress progress, TrainingBuffers buffers) implements Serializable {}
