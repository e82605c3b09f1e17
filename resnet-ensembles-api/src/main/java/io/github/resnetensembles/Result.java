package io.github.resnetensembles;

/** A result that a {@link Report} can show. */
public sealed interface Result
    permits BlockValues,
        EnsembleAnalysis,
        Evaluation,
        LesionReport,
        PathGradients,
        Recalibration,
        TrainingResult,
        Verification {
  /** {@return this result as JSON; machine facts stand under {@code provenance} only} */
  String toJson();
}
