package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import java.util.List;
import java.util.OptionalDouble;

/** The numbers of an ensemble. */
final class EnsembleNumbers {
  private EnsembleNumbers() {}

  /** The average is of the images that the members saw. */
  static void check(LesionReport members, Tally average) {
    if (average.total() != members.baseline().total()
        || !average.classTotals().equals(members.baseline().classTotals())) {
      throw new InvalidInputException(
          "the average counts other images than the members: "
              + average.classTotals()
              + " of each class and "
              + members.baseline().classTotals());
    }
  }

  static OptionalDouble meanLoss(EnsembleAnalysis analysis) {
    List<LesionRow> rows = analysis.members().rows();
    return rows.stream().allMatch(row -> row.loss().isPresent())
        ? rows.stream().mapToDouble(row -> row.loss().orElseThrow()).average()
        : OptionalDouble.empty();
  }

  static OptionalDouble averageLoss(EnsembleAnalysis analysis) {
    return Tallies.loss(List.of(analysis.average()));
  }

  static OptionalDouble ambiguity(EnsembleAnalysis analysis) {
    OptionalDouble mean = meanLoss(analysis);
    OptionalDouble average = averageLoss(analysis);
    return mean.isPresent() && average.isPresent()
        ? OptionalDouble.of(mean.getAsDouble() - average.getAsDouble())
        : OptionalDouble.empty();
  }
}
