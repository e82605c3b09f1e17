package io.github.resnetensembles.report;

import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.report.Figure.Axis;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.ReportTable.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Stochastic depth and what deletions do then. */
final class StochasticDepthSection {
  private StochasticDepthSection() {}

  static void write(Networks networks, Draft draft) {
    int blocks = networks.main().architecture().size();
    List<SingleDeletions> all = new ArrayList<>();
    List<SingleDeletions> stochastic = new ArrayList<>();
    List<String> findings = new ArrayList<>();
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
              findings.add(finding(of.network(), deletions));
            });
    if (stochastic.isEmpty()) {
      return;
    }
    findings.forEach(draft::say);
    draft.say(
        "Damage is told as a share of the room from a network's own error to that of chance, so that"
            + " networks with different errors can be compared. Each is one network of one training:"
            + " what another training of the same kind would give is not known from it.");
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
    draft.add(table(all, authorsFit(networks)));
  }

  /** The authors' numbers are on one scale with those of their data set only. */
  private static boolean authorsFit(Networks networks) {
    return networks
        .main()
        .provenance()
        .dataset()
        .filter(dataset -> dataset == KnownDataset.CIFAR_10)
        .isPresent();
  }

  private static String finding(NetworkResults network, SingleDeletions deletions) {
    String trained =
        deletions.label()
            + (network.stochasticDepth() ? ", trained with stochastic depth" : "")
            + Claims.steps(network)
                .map(steps -> " (" + steps + ")")
                .orElse(" (for how many steps is not in this report)");
    Optional<String> unfit = Claims.unfit(network);
    if (unfit.isPresent()) {
      return "%s: nothing can be said of its damage. %s".formatted(trained, unfit.get());
    }
    double room = Claims.chance(network) - deletions.intact().value();
    return "%s: deleting one block costs %s of the room to chance in the mean and %s at worst (block %s); intact %s."
        .formatted(
            trained,
            Say.percent(deletions.report().statistics().damageShares().mean()),
            Say.percent((deletions.largest() - deletions.intact().value()) / room),
            deletions.worst(),
            Say.percent(deletions.intact()));
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

  private static ReportTable table(List<SingleDeletions> all, boolean authorsFit) {
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
    List<PublishedNetwork> authors =
        authorsFit ? List.of(Published.deepest(), Published.deepestStochasticDepth()) : List.of();
    for (PublishedNetwork network : authors) {
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
