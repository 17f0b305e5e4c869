package org.sparksae.core.train;

import java.util.List;

/**
 * What a loop gives.
 *
 * @param parameters flat parameters
 * @param history every iteration, in order
 * @param stopReason why it ended
 * @param activity how active the units of the code were
 */
public record TrainingResult(
    float[] parameters,
    List<IterationRecord> history,
    StopReason stopReason,
    UnitActivity activity) {}
