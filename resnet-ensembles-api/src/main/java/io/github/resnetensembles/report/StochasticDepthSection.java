package io.github.resnetensembles.report;

import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.ReportTable.Cell;
import java.util.ArrayList;
import java.util.List;

/** Stochastic depth and resilience. */
final class StochasticDepthSection {
  private StochasticDepthSection() {}

  static void write(Networks networks, Draft draft) {
    int blocks = networks.main().architecture().size();
    List<SingleDeletions> all = new ArrayList<>();
    List<SingleDeletions> stochastic = new ArrayList<>();
    networks
        .studies(Study.DELETE_ONE)
        .filter(of -> !of.network().plain() && !of.network().effectivePaths())
        .filter(of -> of.network().architecture().size() == blocks)
        .forEach(
            of -> {
              SingleDeletions deletions = SingleDeletions.of(of.label(), of.result());
              all.add(deletions);
              if (of.network().stochasticDepth()) {
                stochastic.add(deletions);
              }
            });
    if (stochastic.isEmpty()) {
      return;
    }
    for (SingleDeletions each : all) {
      draft.say(
          each.label()
              + (stochastic.contains(each) ? ", trained with stochastic depth" : "")
              + ": deleting one block adds "
              + Say.points(each.mean() - each.intact().value())
              + " points of error in the mean and "
              + Say.points(each.largest() - each.intact().value())
              + " at worst (block "
              + each.worst()
              + "); intact "
              + Say.percent(each.intact())
              + ".");
    }
    if (all.size() == stochastic.size()) {
      draft.say("No network trained without stochastic depth is in this report to compare with.");
    }
    draft.say(paper());
    List<Series> series = all.stream().map(SingleDeletions::series).toList();
    Axis errors = Points.cutErrorAxis(series);
    draft.add(
        new Figure(
            "stochastic-depth",
            Points.title("Error with one block deleted, with and without stochastic depth", errors),
            "Lines of the error over the block that is deleted, with 95 % intervals. "
                + String.join(" ", all.stream().map(SingleDeletions::description).toList()),
            Axis.linear("deleted block"),
            errors,
            series,
            Points.intact(all)));
    draft.add(table(all));
  }

  private static String paper() {
    PublishedNetwork without = Published.deepest();
    PublishedNetwork with = Published.deepestStochasticDepth();
    return ("In the authors' numbers (figure 8; %s) deleting one of 54 blocks gives a"
                + " mean error of %s and at most %s (block %s) after stochastic depth (intact"
                + " %s), and %s and at most %s (block %s) without it (intact ")
            .formatted(
                PublishedNetwork.SOURCE,
                Say.percent(Published.mean(with)),
                Say.percent(Published.largest(with)),
                Published.worst(with),
                Say.percent(with.errorRate()),
                Say.percent(Published.mean(without)),
                Say.percent(Published.largest(without)),
                Published.worst(without))
        + Say.percent(without.errorRate())
        + "). Their two networks also differ in activation, schedule and training images.";
  }

  private static ReportTable table(List<SingleDeletions> all) {
    List<List<Cell>> rows = new ArrayList<>();
    for (SingleDeletions each : all) {
      List<Cell> row = new ArrayList<>();
      row.add(Cells.words(each.label()));
      row.addAll(Cells.percents(each.intact()));
      row.add(Cells.percent(each.mean()));
      row.add(Cells.percent(each.median()));
      row.add(Cells.percent(each.largest()));
      row.add(Cells.integer(each.worst()));
      rows.add(row);
    }
    for (PublishedNetwork network :
        List.of(Published.deepest(), Published.deepestStochasticDepth())) {
      rows.add(
          List.of(
              Cells.words("published: " + network.name()),
              Cells.percent(network.errorRate()),
              Cells.NONE,
              Cells.NONE,
              Cells.percent(Published.mean(network)),
              Cells.percent(Published.median(network)),
              Cells.percent(Published.largest(network)),
              Cells.integer(Published.worst(network))));
    }
    return new ReportTable(
        "stochastic-depth-summary",
        "Deleting one block, with and without stochastic depth",
        List.of(
            "network",
            "intact (%)",
            "low",
            "high",
            "mean (%)",
            "median (%)",
            "largest (%)",
            "at block"),
        rows);
  }
}
