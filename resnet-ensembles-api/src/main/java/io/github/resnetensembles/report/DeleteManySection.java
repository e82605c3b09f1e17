package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.PathFit;
import java.util.List;
import java.util.Optional;

/** Deleting many blocks at random. */
final class DeleteManySection {
  private static final String NOUN = "blocks deleted";

  private DeleteManySection() {}

  static void write(Networks networks, Draft draft) {
    List<DamageCurve> curves = DamageCurve.all(networks, Study.DELETE_MANY);
    if (curves.isEmpty()) {
      return;
    }
    for (DamageCurve curve : curves) {
      draft.say(curve.finding(NOUN) + explanation(curve));
    }
    draft.say(
        ("The paper's claim is that the error rises smoothly with the number of"
                + " deleted blocks, as that of an ensemble does which loses members (figure"
                + " 5a). In the authors' network of 54 blocks the median error is %s deleted,"
                + " blocks 1, 19 and 37 left alone.")
            .formatted(
                Published.medians("delete_k_without_transition_blocks", "block", 1, 10, 20)));
    draft.add(figure(curves));
    DamageCurve.draws("delete-many-draws", "Error of each draw of deleted blocks", NOUN, curves)
        .ifPresent(draft::add);
    draft.add(DamageCurve.table("delete-many-means", "Mean error with many deleted", NOUN, curves));
    Published.compare(draft, "delete-many-published", curves);
  }

  static Figure figure(List<DamageCurve> curves) {
    return DamageCurve.figure("delete-many", "Error with many blocks deleted", NOUN, curves);
  }

  /** A curve that has reached chance cannot rise further, however few paths remain. */
  private static String explanation(DamageCurve curve) {
    List<Integer> saturated = curve.atChance();
    return saturated.isEmpty()
        ? pathFit(curve.report()).map(DeleteManySection::explained).orElse("")
        : (" With %s blocks deleted the error is that of chance (%s) within its interval: the curve"
                + " cannot rise any more, so that it is not explained by the paths that remain.")
            .formatted(Say.list(saturated), Say.percent(curve.chance()));
  }

  private static Optional<PathFit> pathFit(LesionReport report) {
    try {
      return Optional.of(report.statistics().pathFit());
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  private static String explained(PathFit fit) {
    return (" The number of remaining paths explains %s of the variance of the error, %s"
            + " as a straight line over its logarithm; halving the paths adds %s points.")
        .formatted(
            Say.percent(fit.explained()), Say.percent(fit.linear()), Say.points(fit.slope()));
  }
}
