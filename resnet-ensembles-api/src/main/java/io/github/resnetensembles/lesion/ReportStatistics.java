package io.github.resnetensembles.lesion;

import com.google.common.collect.Sets;
import com.google.common.math.LongMath;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.internal.io.Interrupts;
import io.github.resnetensembles.internal.statistics.Intervals;
import io.github.resnetensembles.internal.statistics.Intervals.MeanVariance;
import io.github.resnetensembles.internal.statistics.TwoLevelBootstrap;
import io.github.resnetensembles.lesion.Tally.MetricSum;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.statistics.RankCorrelation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The statistics of one report.
 *
 * @param outcomes which images its rows got wrong
 * @param top how many of the largest logits an image's class has to be among
 */
record ReportStatistics(
    LesionReport report, Outcomes outcomes, int top, double level, long seed, int resamples)
    implements LesionStatistics {
  private static final int TOP_5 = 5;

  private static final int MIN_RESAMPLES = 100;

  private static final Interrupts INTERRUPTS = Interrupts.during("rows were summed up");

  static LesionStatistics of(LesionReport report) {
    return new ReportStatistics(
        report, Outcomes.of(report), 1, Interval.DEFAULT_LEVEL, 0, DEFAULT_RESAMPLES);
  }

  @Override
  public LesionStatistics withLevel(double newLevel) {
    Require.level(newLevel);
    return new ReportStatistics(report, outcomes, top, newLevel, seed, resamples);
  }

  @Override
  public LesionStatistics withSeed(long newSeed) {
    return new ReportStatistics(report, outcomes, top, level, newSeed, resamples);
  }

  @Override
  public LesionStatistics withResamples(int newResamples) {
    if (newResamples < MIN_RESAMPLES) {
      throw new InvalidInputException(
          "a bootstrap takes at least " + MIN_RESAMPLES + " resamples, got " + newResamples);
    }
    return new ReportStatistics(report, outcomes, top, level, seed, newResamples);
  }

  @Override
  public LesionStatistics top5() {
    return new ReportStatistics(report, Outcomes.ofTop5(report), TOP_5, level, seed, resamples);
  }

  @Override
  public Estimate errorRate(LesionRow row) {
    return Estimate.errorRate(wrong(row), row.total(), level);
  }

  private int wrong(LesionRow row) {
    return top == TOP_5 ? row.top5Wrong().orElseThrow() : row.wrong();
  }

  private double rate(LesionRow row) {
    return (double) wrong(row) / row.total();
  }

  @Override
  public List<CurvePoint> curve() {
    return points(groupsByK());
  }

  private Collection<Group> groupsByK() {
    requireOnePlan("curve", row -> row.planned().k().isPresent());
    SortedMap<Integer, Group> groups = new TreeMap<>();
    forEachRow(
        (row, wrong) ->
            row.planned()
                .k()
                .ifPresent(k -> groups.computeIfAbsent(k, key -> new Group()).add(k, row, wrong)));
    if (groups.isEmpty()) {
      throw new InvalidInputException(
          "the report has no draws: a curve needs rows that were drawn at random, such as those of"
              + " deleteRandom");
    }
    groups.forEach(
        (k, group) -> {
          if (group.draws.size() < 2 && !group.complete(report)) {
            throw new InvalidInputException(
                "k = " + k + " has one draw, but an interval needs at least 2; ask for more draws");
          }
        });
    return groups.values();
  }

  @Override
  public List<CurvePoint> curveByKendallTau(double width) {
    return points(groupsByTau(width));
  }

  private Collection<Group> groupsByTau(double width) {
    if (!(width > 0 && width <= 1)) {
      throw new InvalidInputException("a bin's width lies in (0, 1], got " + width);
    }
    requireOnePlan("curve by Kendall's tau", row -> row.kendallTau().isPresent());
    SortedMap<Double, Group> groups = new TreeMap<>();
    forEachRow(
        (row, wrong) ->
            row.kendallTau()
                .ifPresent(
                    tau -> {
                      if (tau < 1) {
                        groups
                            .computeIfAbsent(Math.floor(tau / width), bin -> new Group())
                            .add(tau, row, wrong);
                      }
                    }));
    if (groups.isEmpty()) {
      throw new InvalidInputException(
          "the report has no row that reorders blocks, such as those of swapRandom");
    }
    return groups.values().stream().filter(group -> group.draws.size() >= 2).toList();
  }

  private List<CurvePoint> points(Iterable<Group> groups) {
    List<List<BitSet>> drawn = new ArrayList<>();
    for (Group group : groups) {
      if (!group.complete(report)) {
        drawn.add(group.draws);
      }
    }
    TwoLevelBootstrap bootstrap = new TwoLevelBootstrap(outcomes.images(), level, resamples, seed);
    Iterator<Estimate> means = bootstrap.means(drawn).iterator();
    List<CurvePoint> points = new ArrayList<>();
    for (Group group : groups) {
      boolean complete = group.complete(report);
      points.add(
          new CurvePoint(
              group.positions / group.draws.size(),
              group.draws.size(),
              group.distinct(),
              complete,
              complete ? bootstrap.meanOverImages(group.draws) : means.next()));
    }
    return List.copyOf(points);
  }

  @Override
  public Estimate metric(String name, LesionRow row) {
    MetricSum sum = row.metricSum(name);
    return Intervals.symmetric(
        MetricSums.mean(sum, row.total()), MetricSums.variance(sum, row.total()), level);
  }

  @Override
  public List<MetricPoint> metricCurve(String name) {
    return metricPoints(groupsByK(), name);
  }

  @Override
  public List<MetricPoint> metricCurveByKendallTau(String name, double width) {
    return metricPoints(groupsByTau(width), name);
  }

  private List<MetricPoint> metricPoints(Collection<Group> groups, String name) {
    List<MetricPoint> points = new ArrayList<>();
    for (Group group : groups) {
      INTERRUPTS.check();
      boolean complete = group.complete(report);
      points.add(
          new MetricPoint(
              group.positions / group.draws.size(),
              group.draws.size(),
              group.distinct(),
              complete,
              group.mean(name, complete, level)));
    }
    return List.copyOf(points);
  }

  /** The rows that make up a point of a curve. */
  private static final class Group {
    private final List<LesionRow> rows = new ArrayList<>();
    private final List<BitSet> draws = new ArrayList<>();
    private double positions;

    void add(double position, LesionRow row, BitSet wrong) {
      positions += position;
      rows.add(row);
      draws.add(wrong);
    }

    int distinct() {
      return (int)
          rows.stream()
              .map(row -> row.kendallTau().isPresent() ? row.order() : row.lesion())
              .distinct()
              .count();
    }

    /** The variance over images of a mean over rows is at most the mean of the rows' own. */
    Estimate mean(String metric, boolean complete, double level) {
      double[] means = new double[rows.size()];
      double ofImages = 0;
      for (int i = 0; i < means.length; i++) {
        LesionRow row = rows.get(i);
        MetricSum sum = row.metricSum(metric);
        means[i] = MetricSums.mean(sum, row.total());
        ofImages += MetricSums.variance(sum, row.total()).value() / means.length;
      }
      MeanVariance overImages = new MeanVariance(ofImages, rows.get(0).total() - 1);
      return Intervals.symmetric(
          Intervals.mean(means),
          complete ? overImages : MeanVariance.of(means).plus(overImages),
          level);
    }

    /** Whether a plan listed all lesions of these, and the report has them. */
    boolean complete(LesionReport report) {
      LesionRow first = rows.get(0);
      return rows.stream().allMatch(row -> row.planned().seed().isEmpty())
          && first.planned().k().isPresent()
          && distinct() == rows.size()
          && rows.size() == possible(report, first);
    }
  }

  /**
   * How many lesions there are that damage as many blocks as a row does; 0 where they are never
   * listed.
   */
  static long possible(LesionReport report, LesionRow row) {
    int k = row.planned().k().orElseThrow();
    Architecture architecture = report.provenance().architecture();
    List<Lesion> parts = Wirings.parts(row.lesion());
    boolean deletes =
        parts.stream()
            .anyMatch(part -> part instanceof Lesion.Delete lesion && lesion.blocks().size() == k);
    boolean duplicates =
        parts.stream()
            .anyMatch(
                part -> part instanceof Lesion.Duplicate lesion && lesion.blocks().size() == k);
    if (deletes == duplicates) {
      return 0;
    }
    long candidates =
        architecture.blocks().stream()
            .filter(block -> !report.excluded().contains(block.number()))
            .filter(block -> !(duplicates && block.transition()))
            .count();
    return k > candidates ? 0 : LongMath.binomial((int) candidates, k);
  }

  /** Rows of several plans are no draws of one thing, and may list a lesion twice. */
  private void requireOnePlan(String what, Predicate<LesionRow> used) {
    List<OptionalInt> plans =
        report.rows().stream().filter(used).map(row -> row.planned().plan()).distinct().toList();
    if (plans.size() > 1) {
      throw new InvalidInputException(
          ("the report joins plans, of which %s would be mixed in one %s; take the"
                  + " statistics of each: report.byPlan()")
              .formatted(plans.size(), what));
    }
  }

  private void forEachRow(BiConsumer<LesionRow, BitSet> action) {
    for (int i = 0; i < report.rows().size(); i++) {
      INTERRUPTS.check();
      action.accept(report.rows().get(i), outcomes.rows().get(i));
    }
  }

  @Override
  public List<PairedTest> pairedTests() {
    McNemar tests = new McNemar();
    forEachRow((row, wrong) -> tests.add(row.planned(), outcomes.baseline(), wrong));
    return tests.adjusted();
  }

  @Override
  public Estimate rankCorrelation(RankCorrelation kind) {
    requireOnePlan("rank correlation", row -> true);
    boolean reordered = report.rows().stream().anyMatch(row -> row.kendallTau().isPresent());
    boolean drawn = report.rows().stream().allMatch(row -> row.planned().k().isPresent());
    List<Double> damage = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    for (LesionRow row : report.rows()) {
      if (reordered) {
        damage.add(row.kendallTau().orElse(1));
      } else {
        damage.add(
            (double) (drawn ? row.planned().k().orElseThrow() : deleted(row.lesion()).size()));
      }
      errors.add(rate(row));
    }
    return kind.of(damage, errors, level);
  }

  @Override
  public PathFit pathFit() {
    requireOnePlan("fit", row -> true);
    Map<Integer, List<Double>> errorsByDeleted = new TreeMap<>();
    for (LesionRow row : report.rows()) {
      errorsByDeleted
          .computeIfAbsent(deleted(row.lesion()).size(), count -> new ArrayList<>())
          .add(rate(row));
    }
    return PathFits.of(errorsByDeleted);
  }

  private static Set<Integer> deleted(Lesion lesion) {
    return Wirings.deletedAlone(lesion, ", so no number of paths belongs to it");
  }

  @Override
  public Estimate errorCorrelation() {
    requireOnePlan("correlation of errors", row -> true);
    List<BitSet> varying =
        outcomes.rows().stream()
            .filter(wrong -> !wrong.isEmpty() && wrong.cardinality() < outcomes.images())
            .toList();
    if (varying.size() < 2) {
      throw new InvalidInputException(
          ("the correlation of errors needs at least 2 networks that are neither always"
                  + " right nor always wrong, got %s of %s")
              .formatted(varying.size(), outcomes.rows().size()));
    }
    return new ErrorCorrelation(varying, outcomes.images()).mean(level, resamples, seed);
  }

  @Override
  public DamageShares damageShares() {
    requireOnePlan("median", row -> true);
    if (report.rows().stream().anyMatch(row -> row.planned().draw().isPresent())) {
      throw new InvalidInputException(
          "rows that were drawn at random are a sample of lesions; curve() tells their errors");
    }
    double chance = 1 - (double) top / report.provenance().architecture().head().classes();
    return new DamageBootstrap(outcomes, chance, level).shares(resamples, seed);
  }

  @Override
  public List<BlockInteraction> interactions() {
    Map<Set<Integer>, BitSet> wrongByDeleted = new HashMap<>();
    forEachRow(
        (row, wrong) -> {
          row.lesion()
              .deletedBlocks()
              .ifPresent(deleted -> wrongByDeleted.putIfAbsent(deleted, wrong));
        });
    List<BlockInteraction> interactions = new ArrayList<>();
    Set<Set<Integer>> seen = new HashSet<>();
    for (LesionRow row : report.rows()) {
      INTERRUPTS.check();
      Set<Integer> deleted = row.lesion().deletedBlocks().orElse(Set.of());
      if (deleted.size() == 2 && seen.add(deleted)) {
        Iterator<Integer> blocks = deleted.iterator();
        int first = blocks.next();
        int second = blocks.next();
        BitSet withoutFirst = wrongByDeleted.get(Set.of(first));
        BitSet withoutSecond = wrongByDeleted.get(Set.of(second));
        BitSet withoutBoth = wrongByDeleted.get(Sets.newHashSet(first, second));
        if (withoutFirst != null && withoutSecond != null && withoutBoth != null) {
          double[] excess = new double[outcomes.images()];
          add(excess, withoutBoth, 1);
          add(excess, withoutFirst, -1);
          add(excess, withoutSecond, -1);
          add(excess, outcomes.baseline(), 1);
          Estimate mean = Intervals.mean(excess, level);
          interactions.add(
              new BlockInteraction(first, second, mean.value(), Optional.of(mean.interval())));
        }
      }
    }
    return List.copyOf(interactions);
  }

  private static void add(double[] sums, BitSet wrong, int sign) {
    wrong.stream().forEach(image -> sums[image] += sign);
  }
}
