package org.sparksae.core.train;

import java.util.List;

/**
 * The result of a training loop.
 *
 * @param parameters flat parameters
 * @param history every iteration, in order
 * @param stopReason why training ended
 * @param activity how active the units of the code were
 */
public record TrainingResult(
    float[] parameters,
    List<IterationRecord> history,
    StopReason stopReason,
    UnitActivity activity) {}
