package io.github.resnetensembles.report;

import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.PairedTest;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.Networks.Of;
import io.github.resnetensembles.report.ReportTable.Cell;
import io.github.resnetensembles.report.SingleDeletions.Deletion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Deleting each block in turn, beside controls. */
final class DeleteOneSection {
  static final double SIGNIFICANCE = 0.05;

  private static final String FIGURE = "delete-one";
  private static final String TITLE = "Error with one block deleted";

  private DeleteOneSection() {}

  static void write(Networks networks, Draft draft) {
    List<SingleDeletions> deletions =
        deletions(networks, Study.DELETE_ONE, of -> isControl(networks, of));
    List<SingleDeletions> skips =
        deletions(networks, Study.DELETE_ONE_SKIP, of -> isControl(networks, of));
    List<SingleDeletions> all = joined(deletions, skips);
    if (all.isEmpty()) {
      return;
    }
    for (SingleDeletions each : deletions) {
      draft.say(damage(each, "Deleting one block"));
    }
    for (SingleDeletions each : skips) {
      draft.say(damage(each, "Deleting the skip connection of one block instead of its branch"));
    }
    List<SingleDeletions> better = all.stream().filter(SingleDeletions::hasRoom).toList();
    if (!better.isEmpty()) {
      draft.add(damages(better));
    }
    if (!skips.isEmpty()) {
      draft.add(figure(FIGURE + "-skips", "Error with one skip connection deleted", skips));
    }
    for (int i = 0; i < all.size(); i++) {
      draft.add(tests(Published.numbered("delete-one-tests", i + 1), all.get(i)));
    }
    if (!Published.compare(draft, "delete-one-published", deletions)) {
      draft.say(
          "The authors published no numbers of a network like this one on such images. Those of"
              + " their networks stand in the table by depth.");
    }
    draft.add(Published.byDepth());
  }

  /** Every network's deletions, however it was trained. */
  static List<Figure> figures(Networks networks) {
    return byDepth(
        joined(
            deletions(networks, Study.DELETE_ONE, of -> true),
            deletions(networks, Study.DELETE_ONE_SKIP, of -> true)));
  }

  /** The main network's deletions and its controls'. */
  static List<Figure> headline(Networks networks) {
    return byDepth(deletions(networks, Study.DELETE_ONE, of -> isControl(networks, of)));
  }

  /** Networks as deep as the first share a figure, and all others another. */
  private static List<Figure> byDepth(List<SingleDeletions> all) {
    Map<Boolean, List<SingleDeletions>> asDeep =
        all.stream()
            .collect(
                Collectors.partitioningBy(
                    each -> each.architecture().size() == all.get(0).architecture().size()));
    List<Figure> figures = new ArrayList<>();
    for (List<SingleDeletions> together :
        List.of(asDeep.getOrDefault(true, List.of()), asDeep.getOrDefault(false, List.of()))) {
      if (!together.isEmpty()) {
        figures.add(
            figure(
                Published.numbered(FIGURE, figures.size() + 1),
                TITLE + (figures.isEmpty() ? "" : depth(together)),
                together));
      }
    }
    return figures;
  }

  private static String depth(List<SingleDeletions> others) {
    List<Integer> blocks =
        others.stream().map(each -> each.architecture().size()).distinct().toList();
    return blocks.size() == 1
        ? ", in networks of " + Say.count(blocks.get(0), "block")
        : ", in networks of another depth";
  }

  private static List<SingleDeletions> joined(
      List<SingleDeletions> deletions, List<SingleDeletions> skips) {
    return Stream.concat(deletions.stream(), skips.stream()).toList();
  }

  private static List<SingleDeletions> deletions(
      Networks networks, Study study, Predicate<Of<LesionReport>> shown) {
    String what = study == Study.DELETE_ONE_SKIP ? ", skip deleted" : "";
    return networks
        .studies(study)
        .filter(shown)
        .map(of -> SingleDeletions.of(of.label() + what, of.result()))
        .toList();
  }

  /** Networks that were trained in other ways have sections of their own. */
  private static boolean isControl(Networks networks, Of<LesionReport> of) {
    return of.network().equals(networks.main())
        || !(of.network().stochasticDepth() || of.network().effectivePaths());
  }

  private static String damage(SingleDeletions each, String what) {
    List<PairedTest> tests = each.report().statistics().pairedTests();
    long harmful =
        tests.stream()
            .filter(test -> test.holm() < SIGNIFICANCE && test.lost() > test.won())
            .count();
    StringBuilder text =
        new StringBuilder(
                ("%s (%s) gives a median error of %s, from %s to %s (block %s); intact it is"
                        + " %s. %s of ")
                    .formatted(
                        what,
                        each.label(),
                        Say.percent(each.median()),
                        Say.percent(each.least()),
                        Say.percent(each.largest()),
                        each.worst(),
                        Say.percent(each.intact()),
                        harmful))
            .append(tests.size())
            .append(" do significant harm (McNemar's exact test, Holm's adjustment, 5 %).");
    if (!each.transitions().isEmpty()) {
      List<String> errors =
          each.transitions().stream()
              .map(deletion -> deletion.block() + ": " + Say.percent(deletion.errorRate().value()))
              .toList();
      text.append(
          " The transition %s (%s%s"
              .formatted(
                  each.transitions().size() == 1 ? "block" : "blocks",
                  String.join(", ", errors),
                  each.transitions().size() == 1 ? ") changes the shape." : ") change the shape."));
    }
    return text.toString();
  }

  private static Figure figure(String name, String title, List<SingleDeletions> all) {
    List<String> descriptions = all.stream().map(SingleDeletions::description).toList();
    List<Deletion> transitions = all.get(0).transitions();
    List<Series> series = new ArrayList<>(all.stream().map(SingleDeletions::series).toList());
    if (!transitions.isEmpty()) {
      series.add(
          new Series(
              all.get(0).label() + ", transition blocks",
              Mark.POINTS,
              transitions.stream()
                  .map(of -> Point.of(of.block(), Say.toPercent(of.errorRate().value())))
                  .toList()));
    }
    all.stream()
        .flatMap(each -> Published.deletions(each).stream())
        .filter(published -> !series.contains(published))
        .forEach(series::add);
    Axis errors = Points.cutErrorAxis(series);
    return new Figure(
        name,
        Points.title(title, errors),
        "Lines of the error over the block that is deleted, with 95 % intervals. "
            + String.join(" ", descriptions)
            + (transitions.isEmpty()
                ? ""
                : " Transition %s."
                    .formatted(Say.blocks(transitions.stream().map(Deletion::block).toList()))),
        Axis.linear("deleted block"),
        errors,
        series,
        Points.intact(all));
  }

  /** Of networks of any depth, as shares of what each can lose. */
  private static Figure damages(List<SingleDeletions> all) {
    return new Figure(
        "delete-one-damage",
        "How many blocks matter: the damage of each deletion, in ascending order",
        "Lines of the damage over the share of blocks whose deletion does not do more. "
            + String.join(" ", all.stream().map(SingleDeletions::damageDescription).toList()),
        Axis.linear("share of the blocks (%)"),
        Axis.linear("damage (% of the room to chance)"),
        all.stream().map(SingleDeletions::damages).toList(),
        List.of());
  }

  private static ReportTable tests(String name, SingleDeletions each) {
    Set<Integer> transitions = each.architecture().transitions();
    List<List<Cell>> rows = new ArrayList<>();
    List<PairedTest> tests = each.report().statistics().pairedTests();
    for (int i = 0; i < tests.size(); i++) {
      PairedTest test = tests.get(i);
      int block = SingleDeletions.block(test.planned().lesion());
      List<Cell> row = new ArrayList<>();
      row.add(Cells.integer(block));
      row.add(Cells.words(transitions.contains(block) ? "transition" : ""));
      row.addAll(Cells.percents(SingleDeletions.errorRate(each.report().rows().get(i))));
      row.add(Cells.integer(test.lost()));
      row.add(Cells.integer(test.won()));
      row.add(Cells.probability(test.pValue()));
      row.add(Cells.probability(test.holm()));
      row.add(Cells.probability(test.benjaminiHochberg()));
      rows.add(row);
    }
    return new ReportTable(
        name,
        each.label() + ": each deletion against the intact network, on the same images",
        List.of(
            "block",
            "kind",
            "error (%)",
            "low",
            "high",
            "lost",
            "won",
            "p (McNemar)",
            "p (Holm)",
            "p (Benjamini-Hochberg)"),
        rows);
  }
}
