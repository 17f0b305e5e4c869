package org.sparksae.core.train;

import java.util.List;

/**
 * What a loop gives.
 *
 * @param parameters flat parameters
 * @param history every pass, in order
 * @param stopReason why it ended
 */
public record TrainingResult(
    float[] parameters, List<IterationRecord> history, StopReason stopReason) {}
