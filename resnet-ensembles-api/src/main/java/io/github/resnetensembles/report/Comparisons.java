package io.github.resnetensembles.report;

import com.google.common.base.Strings;
import io.github.resnetensembles.internal.Numbers;
import io.github.resnetensembles.internal.statistics.TwoLevelBootstrap;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStatistics;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.report.PublishedComparison.Line;
import io.github.resnetensembles.report.PublishedNetwork.Activation;
import io.github.resnetensembles.report.PublishedNumbers.Draws;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Finds what was published of a network like a report's, and puts the numbers side by side. */
final class Comparisons {
  /** With fewer different draws they say too little of the median. */
  private static final int MIN_DRAWS = 10;

  private static final String MEDIAN = ", median";

  private Comparisons() {}

  static Optional<PublishedComparison> of(LesionReport report) {
    return network(report)
        .map(network -> compare(network, report))
        .filter(comparison -> comparison.lines().size() > 1);
  }

  private static Optional<PublishedNetwork> network(LesionReport report) {
    if (!report.provenance().trained()
        || !(report.base() instanceof Lesion.Intact)
        || report.byPlan().size() > 1) {
      return Optional.empty();
    }
    return PublishedNetwork.all().stream()
        .filter(network -> comparable(network, report))
        .findFirst();
  }

  /**
   * The authors' median error rates of random lesions like a report's: by k, or where blocks are
   * swapped by Kendall's tau. Empty where they published none.
   */
  static SortedMap<Double, Double> medians(LesionReport report) {
    SortedMap<Double, Double> medians = new TreeMap<>();
    Optional<Kind> kind = Kind.of(report);
    Optional<String> study = kind.flatMap(found -> found.study(report));
    Optional<PublishedNetwork> network = network(report);
    if (study.isEmpty() || network.isEmpty()) {
      return medians;
    }
    if (kind.get() == Kind.SWAP) {
      PublishedNumbers.drawsByTau(network.get())
          .forEach((tau, draws) -> addMedian(medians, tau, draws));
      return medians;
    }
    for (LesionRow row : report.rows()) {
      int k = row.planned().k().orElseThrow();
      PublishedNumbers.draws(network.get(), study.get(), k)
          .ifPresent(draws -> addMedian(medians, k, draws));
    }
    return medians;
  }

  private static void addMedian(SortedMap<Double, Double> medians, double at, Draws draws) {
    if (draws.draws() >= MIN_DRAWS) {
      medians.put(at, draws.median());
    }
  }

  private static boolean comparable(PublishedNetwork network, LesionReport report) {
    Architecture architecture = report.provenance().architecture();
    boolean survival = architecture.blockSpecs().stream().anyMatch(block -> block.gain() != 1);
    boolean theirSurvival = network.name().contains("stochastic depth");
    return report
            .provenance()
            .dataset()
            .filter(dataset -> dataset.title().equals(network.data()))
            .isPresent()
        && architecture.size() == network.blocks()
        && survival == theirSurvival
        && (activation(architecture) == Activation.PLAIN)
            == (network.activation() == Activation.PLAIN)
        && (network.activation() != Activation.PLAIN
            || all(architecture, block -> convolutions(block) == 1));
  }

  private static Activation activation(Architecture architecture) {
    if (architecture.plain()) {
      return Activation.PLAIN;
    }
    return all(architecture, BlockSpec.Layered::preActivation) ? Activation.PRE : Activation.POST;
  }

  private static boolean all(Architecture architecture, Predicate<BlockSpec.Layered> property) {
    return architecture.blockSpecs().stream()
        .allMatch(block -> block instanceof BlockSpec.Layered layered && property.test(layered));
  }

  private static long convolutions(BlockSpec.Layered block) {
    return block.branch().stream().filter(Layer.Convolution.class::isInstance).count();
  }

  private static PublishedComparison compare(PublishedNetwork network, LesionReport report) {
    List<Line> lines = new ArrayList<>();
    if (!Double.isNaN(network.errorRate())) {
      lines.add(line("intact", errorRate(report.baseline()), network, network.errorRate()));
    }
    for (LesionRow row : report.rows()) {
      Set<Integer> deleted = row.lesion().deletedBlocks().orElse(Set.of());
      if (deleted.size() == 1) {
        Double theirs = network.errorByDeletedBlock().get(deleted.iterator().next());
        if (theirs != null && row.planned().k().isEmpty()) {
          lines.add(line(row.lesion().toString(), errorRate(row), network, theirs));
        }
      }
    }
    lines.addAll(medians(network, report));
    return new PublishedComparison(network, differences(network, report, lines), lines);
  }

  private static Estimate errorRate(LesionRow row) {
    return Estimate.errorRate(row.wrong(), row.total(), Interval.DEFAULT_LEVEL);
  }

  private static Line line(String what, Estimate ours, PublishedNetwork network, double theirs) {
    int wrong = (int) Math.round(theirs * network.images());
    return new Line(
        what,
        ours,
        theirs,
        Optional.of(
            Estimate.errorRate(wrong, network.images(), Interval.DEFAULT_LEVEL).interval()));
  }

  /** Random lesions of one kind, by k. */
  private static List<Line> medians(PublishedNetwork network, LesionReport report) {
    Optional<Kind> kind =
        Kind.of(report)
            .filter(found -> found.study(report).isPresent())
            .filter(found -> onTheSameImages(report));
    List<Line> lines = new ArrayList<>();
    if (kind.isEmpty()) {
      return lines;
    }
    SortedMap<Integer, List<LesionRow>> rowsByK = new TreeMap<>();
    for (LesionRow row : report.rows()) {
      rowsByK.computeIfAbsent(row.planned().k().orElseThrow(), k -> new ArrayList<>()).add(row);
    }
    String study = kind.get().study(report).orElseThrow();
    rowsByK
        .entrySet()
        .removeIf(
            group ->
                DamageCurve.distinct(group.getValue()) < MIN_DRAWS
                    || PublishedNumbers.draws(network, study, group.getKey()).isEmpty());
    Iterator<Estimate> ours =
        new TwoLevelBootstrap(
                report.baseline().total(),
                Interval.DEFAULT_LEVEL,
                LesionStatistics.DEFAULT_RESAMPLES,
                0)
            .medians(
                rowsByK.values().stream()
                    .map(rows -> rows.stream().map(LesionRow::wrongImages).toList())
                    .toList())
            .iterator();
    for (int k : rowsByK.keySet()) {
      Draws theirs = PublishedNumbers.draws(network, study, k).orElseThrow();
      lines.add(
          new Line(
              kind.get().text.formatted(k) + MEDIAN,
              ours.next(),
              theirs.median(),
              theirs.draws() < MIN_DRAWS ? Optional.empty() : Optional.of(spread(theirs))));
    }
    return lines;
  }

  private static boolean onTheSameImages(LesionReport report) {
    BitSet images = report.baseline().records();
    return report.rows().stream().allMatch(row -> row.records().equals(images));
  }

  /**
   * Of the authors' draws nothing but quartiles is known: this is the spread of a median of rates
   * from a normal distribution with these, for the images that they were evaluated on.
   */
  private static Interval spread(Draws draws) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double deviation =
        (draws.upperQuartile() - draws.lowerQuartile())
            / (2 * normal.inverseCumulativeProbability(0.75));
    double half =
        normal.inverseSurvivalProbability((1 - Interval.DEFAULT_LEVEL) / 2)
            * Math.sqrt(Math.PI / 2)
            * deviation
            / Math.sqrt(draws.draws());
    return new Interval(
        Math.max(0, draws.median() - half),
        Math.min(1, draws.median() + half),
        Interval.DEFAULT_LEVEL);
  }

  /** What is drawn at random, and the studies of it in published.json. */
  private enum Kind {
    DELETE(Lesion.Delete.class, "delete %d random blocks"),
    SWAP(Lesion.Swap.class, "swap %d random pairs"),
    DUPLICATE(Lesion.Duplicate.class, "duplicate %d random blocks");

    private final Class<? extends Lesion> lesion;
    private final String text;

    Kind(Class<? extends Lesion> lesion, String text) {
      this.lesion = lesion;
      this.text = text;
    }

    static Optional<Kind> of(LesionReport report) {
      for (Kind kind : values()) {
        if (report.rows().stream()
            .allMatch(
                row -> row.planned().k().isPresent() && kind.lesion.isInstance(row.lesion()))) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }

    Optional<String> study(LesionReport report) {
      Set<Integer> excluded = Set.copyOf(report.excluded());
      Set<Integer> published =
          Set.copyOf(Exclusion.published().blocks(report.provenance().architecture()));
      if (!excluded.isEmpty() && !excluded.equals(published)) {
        return Optional.empty();
      }
      return Optional.of(
          switch (this) {
            case DELETE ->
                excluded.isEmpty() ? "delete_k_all" : "delete_k_without_transition_blocks";
            case SWAP -> "permute_by_pairs";
            case DUPLICATE -> "duplicate_k";
          });
    }
  }

  private static List<String> differences(
      PublishedNetwork network, LesionReport report, List<Line> lines) {
    List<String> differences = new ArrayList<>();
    Architecture architecture = report.provenance().architecture();
    Activation ours = activation(architecture);
    if (ours != network.activation()) {
      differences.add(
          "The authors' network is %s; %s is %s."
              .formatted(describe(network.activation()), architecture.name(), describe(ours)));
    }
    differences.add(
        "The authors evaluated %s images of %s, this report %s of %s."
            .formatted(
                network.images(),
                network.data(),
                report.baseline().total(),
                report.provenance().data()));
    if (Kind.of(report).filter(Kind.SWAP::equals).isPresent() && report.excluded().isEmpty()) {
      differences.add("The authors never swapped block 1; here it may be.");
    }
    if (lines.stream().anyMatch(line -> line.what().endsWith(MEDIAN))) {
      differences.add(
          "Of the authors' random lesions the quartiles are published: the intervals of their"
              + " medians are the spread of draws only, ours are of draws and images.");
    }
    differences.add(
        "Both are one training of one network each: intervals account for the choice of images and"
            + " draws, not for training.");
    return differences;
  }

  private static String describe(Activation activation) {
    return switch (activation) {
      case PRE -> "pre-activation (BatchNorm and ReLU before each convolution, none after the sum)";
      case POST -> "post-activation (ReLU after the sum)";
      case PLAIN -> "plain (no skip connections)";
    };
  }

  static String text(PublishedComparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append(
        "published: %s on %s (%s)\n"
            .formatted(
                comparison.network().name(), comparison.network().data(), PublishedNetwork.SOURCE));
    comparison.differences().forEach(sentence -> text.append(sentence).append('\n'));
    int width = comparison.lines().stream().mapToInt(line -> line.what().length()).max().orElse(1);
    for (Line line : comparison.lines()) {
      text.append(
          Strings.padEnd(line.what(), width, ' ')
              + Numbers.format(
                  "  ours %s  published %s  deviation %+6.2f  %s\n",
                  percent(line.ours().value(), Optional.of(line.ours().interval())),
                  percent(line.theirs(), line.theirInterval()),
                  100 * line.deviation(),
                  line.overlap()
                      .map(overlap -> overlap ? "intervals overlap" : "intervals do not overlap")
                      .orElse("no published interval")));
    }
    return text.toString();
  }

  private static String percent(double rate, Optional<Interval> interval) {
    String value = Numbers.format("%6.2f %%", 100 * rate);
    return interval
        .map(ends -> Numbers.format("%s [%.2f, %.2f]", value, 100 * ends.low(), 100 * ends.high()))
        .orElse(value);
  }
}
