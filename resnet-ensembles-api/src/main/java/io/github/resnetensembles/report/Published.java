package io.github.resnetensembles.report;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.report.Figure.Mark;
import io.github.resnetensembles.report.Figure.Point;
import io.github.resnetensembles.report.Figure.Series;
import io.github.resnetensembles.report.PublishedNetwork.Activation;
import io.github.resnetensembles.report.PublishedNumbers.Draws;
import io.github.resnetensembles.report.ReportTable.Cell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.statistics.descriptive.Median;

/** What the authors published, beside what was measured. */
final class Published {
  private static final int DEEPEST = 54;

  private Published() {}

  /**
   * Puts what was measured beside what was published, where something comparable was.
   *
   * @return whether there was anything comparable
   */
  @CanIgnoreReturnValue
  static boolean compare(Draft draft, String name, List<? extends LabelledStudy> studies) {
    int compared = 0;
    for (LabelledStudy study : studies) {
      Optional<PublishedComparison> comparison = PublishedComparison.of(study.report());
      if (comparison.isPresent()) {
        compared++;
        write(draft, numbered(name, compared), study.label(), comparison.get());
      }
    }
    return compared > 0;
  }

  /** Single deletions of a network as deep, on images of the same data set. */
  static Optional<Series> deletions(LabelledStudy study) {
    return PublishedComparison.of(study.report())
        .map(PublishedComparison::network)
        .map(
            network ->
                new Series(
                    "published: " + network.name(),
                    Mark.LINE,
                    network.errorByDeletedBlock().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(error -> Points.percent(error.getKey(), error.getValue()))
                        .toList()));
  }

  /** The medians of random lesions of a network as deep, on images of the same data set. */
  static Optional<Series> medians(LabelledStudy study) {
    List<Point> points = new ArrayList<>();
    Comparisons.medians(study.report())
        .forEach((at, median) -> points.add(Points.percent(at, median)));
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(new Series("published, median", Mark.LINE, points));
  }

  /** A name for the i-th of several, from 1. */
  static String numbered(String name, int i) {
    return i == 1 ? name : name + "-" + i;
  }

  private static void write(
      Draft draft, String name, String label, PublishedComparison comparison) {
    long compared = comparison.lines().stream().filter(line -> line.overlap().isPresent()).count();
    long overlapping =
        comparison.lines().stream().filter(line -> line.overlap().orElse(false)).count();
    draft.say(
        ("%s beside the authors' %s on %s (%s): the intervals of %s of %s numbers" + " overlap. %s")
            .formatted(
                label,
                comparison.network().name(),
                comparison.network().data(),
                PublishedNetwork.SOURCE,
                overlapping,
                compared,
                String.join(" ", comparison.differences())));
    List<List<Cell>> rows = new ArrayList<>();
    for (PublishedComparison.Line line : comparison.lines()) {
      List<Cell> row = new ArrayList<>(List.of(Cells.words(line.what())));
      row.addAll(Cells.percents(line.ours()));
      row.addAll(Cells.percents(line.theirs(), line.theirInterval()));
      row.add(Cells.points(line.deviation()));
      row.add(line.overlap().map(yes -> Cells.words(yes ? "yes" : "no")).orElse(Cells.NONE));
      rows.add(row);
    }
    draft.add(
        new ReportTable(
            name,
            label + " beside " + comparison.network().name(),
            List.of(
                "lesion",
                "ours (%)",
                "low",
                "high",
                "published (%)",
                "published low",
                "published high",
                "deviation (points)",
                "intervals overlap"),
            rows));
  }

  /** The published single deletions, by network. */
  static ReportTable byDepth() {
    List<List<Cell>> rows = new ArrayList<>();
    for (PublishedNetwork network : PublishedNetwork.all()) {
      rows.add(
          List.of(
              Cells.words(network.name()),
              Cells.words(network.data()),
              Cells.integer(network.blocks()),
              Cells.percent(network.errorRate()),
              Cells.percent(least(network)),
              Cells.percent(median(network)),
              Cells.percent(largest(network))));
    }
    return new ReportTable(
        "published-by-depth",
        "Published: the error with one block deleted (" + PublishedNetwork.SOURCE + ")",
        List.of(
            "network", "data", "blocks", "intact (%)", "least (%)", "median (%)", "largest (%)"),
        rows);
  }

  /** The network of that many blocks that was evaluated on CIFAR-10. */
  static PublishedNetwork network(int blocks, boolean stochasticDepth) {
    return PublishedNetwork.all().stream()
        .filter(network -> network.blocks() == blocks)
        .filter(
            network -> network.activation() == (stochasticDepth ? Activation.POST : Activation.PRE))
        .findFirst()
        .orElseThrow();
  }

  static PublishedNetwork deepest() {
    return network(DEEPEST, false);
  }

  static PublishedNetwork deepestStochasticDepth() {
    return network(DEEPEST, true);
  }

  /** The mean error of the authors' network without skip connections, with one block deleted. */
  static double vgg() {
    return mean(
        PublishedNetwork.all().stream()
            .filter(network -> network.activation() == Activation.PLAIN)
            .findFirst()
            .orElseThrow());
  }

  private static double[] errors(PublishedNetwork network) {
    return network.errorByDeletedBlock().values().stream().mapToDouble(error -> error).toArray();
  }

  static double median(PublishedNetwork network) {
    return Median.withDefaults().evaluate(errors(network));
  }

  static double mean(PublishedNetwork network) {
    return Arrays.stream(errors(network)).sorted().average().orElseThrow();
  }

  private static double least(PublishedNetwork network) {
    return Arrays.stream(errors(network)).min().orElseThrow();
  }

  static double largest(PublishedNetwork network) {
    return Arrays.stream(errors(network)).max().orElseThrow();
  }

  static int worst(PublishedNetwork network) {
    return network.errorByDeletedBlock().entrySet().stream()
        .max(
            Map.Entry.<Integer, Double>comparingByValue()
                .thenComparing(Map.Entry.<Integer, Double>comparingByKey().reversed()))
        .orElseThrow()
        .getKey();
  }

  /** The authors' median errors of random lesions of their deepest CIFAR-10 network, as a list. */
  static String medians(String study, String noun, int... counts) {
    List<String> texts = new ArrayList<>();
    for (int k : counts) {
      Draws draws = PublishedNumbers.draws(deepest(), study, k).orElseThrow();
      texts.add(Say.percent(draws.median()) + " with " + Say.count(k, noun));
    }
    return Say.list(texts);
  }
}
