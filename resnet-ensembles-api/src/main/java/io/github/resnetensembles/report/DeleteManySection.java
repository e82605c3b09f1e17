package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStatistics.PathFit;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.SingleDeletions.Deletion;
import java.util.ArrayList;
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
    List<Series> apart = new ArrayList<>();
    for (DamageCurve curve : curves) {
      List<Deletion> alone = leftAlone(networks, curve);
      if (!alone.isEmpty()) {
        draft.say(alone(curve, alone));
        apart.add(apart(alone));
      }
    }
    DamageCurve.draws(
            "delete-many-draws", "Error of each draw of deleted blocks", NOUN, curves, apart)
        .ifPresent(draft::add);
    draft.add(DamageCurve.table("delete-many-means", "Mean error with many deleted", NOUN, curves));
    Published.compare(draft, "delete-many-published", curves);
  }

  /** The deletions of a network, each alone, of the blocks that random ones leave alone. */
  private static List<Deletion> leftAlone(Networks networks, DamageCurve curve) {
    return networks
        .studies(Study.DELETE_ONE)
        .filter(of -> of.network().studies(Study.DELETE_MANY).anyMatch(curve.report()::equals))
        .limit(1)
        .flatMap(of -> SingleDeletions.of(of.label(), of.result()).deletions().stream())
        .filter(deletion -> curve.report().excluded().contains(deletion.block()))
        .toList();
  }

  private static String alone(DamageCurve curve, List<Deletion> alone) {
    return "%s: the blocks left alone, one at a time: error %s."
        .formatted(
            curve.label(),
            Say.list(
                alone.stream()
                    .map(
                        one ->
                            "%s without block %s"
                                .formatted(Say.percent(one.errorRate()), one.block()))
                    .toList()));
  }

  private static Series apart(List<Deletion> alone) {
    return new Series(
        "left alone, one at a time",
        Mark.POINTS,
        alone.stream().map(one -> Points.percent(1, one.errorRate())).toList());
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
