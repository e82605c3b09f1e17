package io.github.resnetensembles.internal.statistics;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.BlockKind;
import io.github.resnetensembles.BlockSpec;
import io.github.resnetensembles.Estimate;
import io.github.resnetensembles.Exclusion;
import io.github.resnetensembles.Interval;
import io.github.resnetensembles.Lesion;
import io.github.resnetensembles.LesionReport;
import io.github.resnetensembles.LesionRow;
import io.github.resnetensembles.PublishedComparison;
import io.github.resnetensembles.PublishedComparison.Line;
import io.github.resnetensembles.PublishedNetwork;
import io.github.resnetensembles.PublishedNetwork.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Finds what was published of a network like a report's, and puts the numbers side by side. */
public final class Comparisons {
  /** Below it the quartiles say too little of the median. */
  private static final int MIN_DRAWS = 10;

  private Comparisons() {}

  public static Optional<PublishedComparison> of(LesionReport report) {
    if (!report.provenance().trained() || !(report.base() instanceof Lesion.Intact)) {
      return Optional.empty();
    }
    return PublishedNetwork.all().stream()
        .filter(network -> comparable(network, report))
        .findFirst()
        .map(network -> compare(network, report))
        .filter(comparison -> comparison.lines().size() > 1);
  }

  private static boolean comparable(PublishedNetwork network, LesionReport report) {
    Architecture architecture = report.provenance().architecture();
    boolean survival = architecture.blockSpecs().stream().anyMatch(block -> block.gain() != 1);
    boolean theirSurvival = network.name().contains("stochastic depth");
    return sameKindOfData(network, report)
        && architecture.size() == network.blocks()
        && survival == theirSurvival
        && (activation(architecture) == Activation.PLAIN)
            == (network.activation() == Activation.PLAIN)
        && (network.activation() != Activation.PLAIN
            || kinds(architecture, kind -> kind == BlockKind.CONV));
  }

  /** By the shape of the images: a file does not tell what it holds; the built-in ones do. */
  private static boolean sameKindOfData(PublishedNetwork network, LesionReport report) {
    boolean cifar = network.data().equals(PublishedNumbers.CIFAR);
    Architecture architecture = report.provenance().architecture();
    return architecture.input().channels() == 3
        && architecture.input().height() == (cifar ? 32 : 224)
        && architecture.head().classes() == (cifar ? 10 : 1000)
        && !report.provenance().data().startsWith("built-in");
  }

  private static Activation activation(Architecture architecture) {
    if (architecture.plain()) {
      return Activation.PLAIN;
    }
    return kinds(architecture, BlockKind::preActivation) ? Activation.PRE : Activation.POST;
  }

  private static boolean kinds(Architecture architecture, Predicate<BlockKind> property) {
    return architecture.blockSpecs().stream()
        .allMatch(
            block -> block instanceof BlockSpec.Layered layered && property.test(layered.kind()));
  }

  private static PublishedComparison compare(PublishedNetwork network, LesionReport report) {
    List<Line> lines = new ArrayList<>();
    if (!Double.isNaN(network.errorRate())) {
      lines.add(line("intact", errorRate(report.baseline()), network, network.errorRate()));
    }
    for (LesionRow row : report.rows()) {
      if (row.lesion() instanceof Lesion.Delete delete && delete.blocks().size() == 1) {
        Double theirs = network.errorByDeletedBlock().get(delete.blocks().iterator().next());
        if (theirs != null && row.planned().k().isEmpty()) {
          lines.add(line(row.lesion().toString(), errorRate(row), network, theirs));
        }
      }
    }
    lines.addAll(medians(network, report));
    return new PublishedComparison(network, differences(network, report), lines);
  }

  private static Estimate errorRate(LesionRow row) {
    return Intervals.wilson(row.wrong(), row.total(), Interval.DEFAULT_LEVEL);
  }

  private static Line line(String what, Estimate ours, PublishedNetwork network, double theirs) {
    int wrong = (int) Math.round(theirs * network.images());
    return new Line(
        what,
        ours,
        theirs,
        Optional.of(Intervals.wilson(wrong, network.images(), Interval.DEFAULT_LEVEL).interval()));
  }

  /** Random lesions of one kind, by k. */
  private static List<Line> medians(PublishedNetwork network, LesionReport report) {
    Optional<Kind> kind = Kind.of(report).filter(found -> found.study(report).isPresent());
    List<Line> lines = new ArrayList<>();
    if (kind.isEmpty()) {
      return lines;
    }
    Map<Integer, List<Double>> errorsByK = new TreeMap<>();
    for (LesionRow row : report.rows()) {
      errorsByK
          .computeIfAbsent(row.planned().k().orElseThrow(), k -> new ArrayList<>())
          .add(row.errorRate());
    }
    errorsByK.forEach(
        (k, errors) ->
            PublishedNumbers.draws(network, kind.get().study(report).orElseThrow(), k)
                .filter(theirs -> errors.size() >= MIN_DRAWS)
                .ifPresent(
                    theirs -> {
                      Estimate median =
                          median(
                              theirs.lowerQuartile(),
                              theirs.median(),
                              theirs.upperQuartile(),
                              theirs.draws());
                      lines.add(
                          new Line(
                              String.format(Locale.ROOT, kind.get().text, k) + ", median",
                              median(errors),
                              theirs.median(),
                              theirs.draws() < MIN_DRAWS
                                  ? Optional.empty()
                                  : Optional.of(median.interval())));
                    }));
    return lines;
  }

  static Estimate median(List<Double> values) {
    double[] quartiles =
        Quantile.withDefaults()
            .evaluate(values.stream().mapToDouble(v -> v).toArray(), 0.25, 0.5, 0.75);
    return median(quartiles[0], quartiles[1], quartiles[2], values.size());
  }

  /** The spread of a median of rates is that of a normal distribution with these quartiles. */
  private static Estimate median(double lower, double median, double upper, int draws) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    double deviation = (upper - lower) / (2 * normal.inverseCumulativeProbability(0.75));
    double half =
        normal.inverseSurvivalProbability((1 - Interval.DEFAULT_LEVEL) / 2)
            * Math.sqrt(Math.PI / 2)
            * deviation
            / Math.sqrt(draws);
    return new Estimate(
        median,
        new Interval(
            Math.max(0, median - half), Math.min(1, median + half), Interval.DEFAULT_LEVEL));
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

  private static List<String> differences(PublishedNetwork network, LesionReport report) {
    List<String> differences = new ArrayList<>();
    Architecture architecture = report.provenance().architecture();
    Activation ours = activation(architecture);
    if (ours != network.activation()) {
      differences.add(
          "The authors' network is "
              + describe(network.activation())
              + "; "
              + architecture.name()
              + " is "
              + describe(ours)
              + ".");
    }
    differences.add(
        "The authors evaluated "
            + network.images()
            + " images of "
            + network.data()
            + ", this report "
            + report.baseline().total()
            + " of "
            + report.provenance().data()
            + ".");
    if (Kind.of(report).filter(Kind.SWAP::equals).isPresent() && report.excluded().isEmpty()) {
      differences.add("The authors never swapped block 1; here it may be.");
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

  public static String text(PublishedComparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append("published: ")
        .append(comparison.network().name())
        .append(" on ")
        .append(comparison.network().data())
        .append(" (")
        .append(PublishedNetwork.SOURCE)
        .append(")\n");
    comparison.differences().forEach(sentence -> text.append(sentence).append('\n'));
    int width = comparison.lines().stream().mapToInt(line -> line.what().length()).max().orElse(1);
    for (Line line : comparison.lines()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-" + width + "s  ours %s  published %s  deviation %+6.2f  %s\n",
              line.what(),
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
    String value = String.format(Locale.ROOT, "%6.2f %%", 100 * rate);
    return interval
        .map(
            ends ->
                String.format(
                    Locale.ROOT, "%s [%.2f, %.2f]", value, 100 * ends.low(), 100 * ends.high()))
        .orElse(value);
  }
}
