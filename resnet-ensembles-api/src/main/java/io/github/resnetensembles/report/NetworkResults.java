package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.result.Result;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingWiring;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The results of one network.
 *
 * @param label what readers call it
 * @param results in the order they were added
 */
record NetworkResults(String label, List<Result> results) {
  /** An intact network on some images. */
  record Intact(Estimate errorRate, int total, Provenance provenance) {}

  <T extends Result> List<T> all(Class<T> kind) {
    return results.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  Stream<LesionReport> studies(Study study) {
    return all(LesionReport.class).stream()
        .filter(report -> Study.find(report).equals(Optional.of(study)));
  }

  Provenance provenance() {
    return results.get(0).provenance();
  }

  Architecture architecture() {
    return provenance().architecture();
  }

  /** The damage that all of these results have in common. */
  Lesion base() {
    return results.stream()
        .map(ResultKind::base)
        .filter(base -> !(base instanceof Lesion.Intact))
        .findFirst()
        .orElse(Lesion.intact());
  }

  boolean trained() {
    return provenance().trained();
  }

  boolean plain() {
    return architecture().plain();
  }

  /** Trained with stochastic depth, as its recipe or its test-time gains tell. */
  boolean stochasticDepth() {
    return !effectivePaths()
        && (trainedWith(TrainingWiring.StochasticDepth.class)
            || architecture().blockSpecs().stream()
                .mapToDouble(BlockSpec::gain)
                .anyMatch(gain -> gain != 1));
  }

  /** Trained with some paths only. */
  boolean effectivePaths() {
    return all(TrainingHistory.class).stream().anyMatch(Trainings::effectivePaths);
  }

  private boolean trainedWith(Class<? extends TrainingWiring> wiring) {
    return all(TrainingHistory.class).stream()
        .anyMatch(training -> wiring.isInstance(training.recipe().wiring()));
  }

  /** How the intact network did: evaluated, as the baseline of lesions, or after its training. */
  Optional<Intact> intact() {
    Optional<Intact> measured =
        results.stream()
            .flatMap(
                result -> ResultKind.intactRow(result).stream().map(row -> intact(row, result)))
            .findFirst();
    return measured.isPresent()
        ? measured
        : all(TrainingHistory.class).stream()
            .findFirst()
            .map(
                training ->
                    new Intact(
                        errorRate(training.last().wrong(), training.last().total()),
                        training.last().total(),
                        training.provenance()));
  }

  private static Intact intact(LesionRow row, Result result) {
    return new Intact(errorRate(row.wrong(), row.total()), row.total(), result.provenance());
  }

  /** The error rate of guessing. */
  static double chance(Provenance provenance) {
    return 1 - 1.0 / provenance.architecture().head().classes();
  }

  static Estimate errorRate(int wrong, int total) {
    return Estimate.errorRate(wrong, total, Interval.DEFAULT_LEVEL);
  }
}
