package io.github.resnetensembles.report;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.statistics.Estimate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** Do the lesioned networks behave like an ensemble? */
final class EnsembleSection {
  private EnsembleSection() {}

  static void write(Networks networks, Draft draft) {
    List<Of<EnsembleAnalysis>> all = networks.results(EnsembleAnalysis.class);
    if (all.isEmpty()) {
      return;
    }
    List<Series> series = new ArrayList<>();
    List<String> descriptions = new ArrayList<>();
    List<List<Cell>> rows = new ArrayList<>();
    for (Of<EnsembleAnalysis> of : all) {
      EnsembleAnalysis ensemble = of.result();
      String label = of.label() + ", " + members(ensemble);
      Estimate intact = intact(ensemble);
      Estimate average = ensemble.averageErrorRate();
      Choice choice = Choice.of(of);
      draft.say(finding(label, ensemble, choice));
      List<Point> points =
          List.of(
              Points.percent(1, intact),
              Points.percent(2, ensemble.meanErrorRate()),
              Points.percent(3, average));
      series.add(new Series(label, Mark.POINTS, points));
      descriptions.add(
          "%s: %s, %s and %s."
              .formatted(
                  label,
                  Say.percent(intact.value()),
                  Say.percent(ensemble.meanErrorRate()),
                  Say.percent(average.value())));
      rows.add(row(label, ensemble, choice));
    }
    draft.add(
        new Figure(
            "ensemble",
            "Lesioned networks, and the average of their predictions",
            ("Points of the error of the intact network, of the lesioned networks in the"
                    + " mean, and of the average of their predictions. %s")
                .formatted(String.join(" ", descriptions)),
            Axis.of("network", List.of("intact", "members, mean", "average of members")),
            Points.errorAxis(),
            series,
            List.of()));
    draft.add(
        new ReportTable(
            "ensemble-numbers",
            "Members and their average",
            List.of(
                "network",
                "lesioned networks",
                "fit to be members",
                "intact (%)",
                "members, mean (%)",
                "average (%)",
                "low",
                "high",
                "mean loss (nats)",
                "loss of the average (nats)",
                "ambiguity (nats)",
                "error correlation",
                "correlation low",
                "correlation high"),
            rows));
  }

  /**
   * Which of the lesioned networks are fit to be members, and by which images.
   *
   * @param candidates how many there were
   * @param fit how many of them are fit
   * @param elsewhere whether that was decided on other images than the ensemble's
   */
  private record Choice(int candidates, int fit, boolean elsewhere) {
    static Choice of(Of<EnsembleAnalysis> of) {
      LesionReport members = of.result().members();
      for (LesionReport study : of.network().all(LesionReport.class)) {
        Optional<Choice> found = elsewhere(study, members);
        if (found.isPresent()) {
          return found.get();
        }
      }
      List<Lesion> fit = EnsembleAnalysis.fitMembers(members, members.baseline().records());
      return new Choice(members.rows().size(), fit.size(), false);
    }

    /** Present if the members are those that the rule finds in a study, by its other images. */
    private static Optional<Choice> elsewhere(LesionReport study, LesionReport members) {
      BitSet others = study.baseline().records();
      others.andNot(members.baseline().records());
      if (others.isEmpty()
          || !study.complete()
          || !study.base().equals(members.base())
          || !study.provenance().dataSha256().equals(members.provenance().dataSha256())) {
        return Optional.empty();
      }
      Set<Lesion> candidates = lesions(study);
      Set<Lesion> fit = Set.copyOf(EnsembleAnalysis.fitMembers(study, others));
      boolean chosen = lesions(members).equals(fit.size() < 2 ? candidates : fit);
      return chosen
          ? Optional.of(new Choice(candidates.size(), fit.size(), true))
          : Optional.empty();
    }

    private static Set<Lesion> lesions(LesionReport report) {
      return report.rows().stream().map(LesionRow::lesion).collect(Collectors.toSet());
    }

    /** Whether the ensemble is one of fit members alone. */
    boolean sound() {
      return fit >= 2 && (elsewhere || fit == candidates);
    }

    String text() {
      return " %s of the %s are fit to be members, with an error below half the room from the intact network's to chance, decided on %s."
          .formatted(
              fit,
              Say.count(candidates, "lesioned network"),
              elsewhere ? "other images than these" : "these very images");
    }
  }

  private static String members(EnsembleAnalysis ensemble) {
    List<LesionRow> rows = ensemble.members().rows();
    LesionRow first = rows.get(0);
    LesionRow last = rows.get(rows.size() - 1);
    return first.lesion() + (rows.size() > 2 ? " … " : ", ") + last.lesion();
  }

  private static Estimate intact(EnsembleAnalysis ensemble) {
    LesionRow baseline = ensemble.members().baseline();
    return NetworkResults.errorRate(baseline.wrong(), baseline.total());
  }

  /** Empty where no two members vary. */
  private static Optional<Estimate> correlation(EnsembleAnalysis ensemble) {
    try {
      return Optional.of(ensemble.errorCorrelation());
    } catch (InvalidInputException e) {
      return Optional.empty();
    }
  }

  private static String finding(String label, EnsembleAnalysis ensemble, Choice choice) {
    StringBuilder text =
        new StringBuilder(
                ("%s: %s have a mean error of %s; the average of their predictions has %s, the"
                        + " intact network %s.")
                    .formatted(
                        label,
                        Say.count(ensemble.members().rows().size(), "lesioned network"),
                        Say.percent(ensemble.meanErrorRate()),
                        Say.percent(ensemble.averageErrorRate()),
                        Say.percent(intact(ensemble))))
            .append(choice.text());
    if (!choice.sound()) {
      return text.append(
              " The average is of all of them, those near chance too, so that nothing is said of how"
                  + " an ensemble does.")
          .toString();
    }
    if (ensemble.ambiguity().isPresent()) {
      text.append(
          (" The members' mean loss of %s nats less their ambiguity of %s is the"
                  + " average's loss of %s.")
              .formatted(
                  Say.number(ensemble.meanLoss().orElseThrow()),
                  Say.number(ensemble.ambiguity().getAsDouble()),
                  Say.number(ensemble.averageLoss().orElseThrow())));
    }
    text.append(
        correlation(ensemble)
            .map(
                rho ->
                    (" Their errors correlate by %s (0: they fail independently, as members of an"
                            + " ensemble should; 1: on the same images).")
                        .formatted(Say.number(rho)))
            .orElse(" No two of them have errors that could correlate."));
    return text.toString();
  }

  private static List<Cell> row(String label, EnsembleAnalysis ensemble, Choice choice) {
    List<Cell> row = new ArrayList<>();
    row.add(Cells.words(label));
    row.add(Cells.integer(choice.candidates()));
    row.add(Cells.integer(choice.fit()));
    row.add(Cells.percent(intact(ensemble).value()));
    row.add(Cells.percent(ensemble.meanErrorRate()));
    row.addAll(Cells.percents(ensemble.averageErrorRate()));
    row.add(Cells.number(ensemble.meanLoss()));
    row.add(Cells.number(ensemble.averageLoss()));
    row.add(Cells.number(choice.sound() ? ensemble.ambiguity() : OptionalDouble.empty()));
    Optional<Estimate> correlation = choice.sound() ? correlation(ensemble) : Optional.empty();
    row.add(correlation.map(rho -> Cells.number(rho.value())).orElse(Cells.NONE));
    row.add(correlation.map(rho -> Cells.number(rho.interval().low())).orElse(Cells.NONE));
    row.add(correlation.map(rho -> Cells.number(rho.interval().high())).orElse(Cells.NONE));
    return row;
  }
}
