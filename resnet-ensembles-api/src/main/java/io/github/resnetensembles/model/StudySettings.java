package io.github.resnetensembles.model;

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.lesion.EnsembleAnalysis;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.lesion.Tally;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A lesion study in the making.
 *
 * @param plans what is run, in order
 */
record StudySettings(
    OpenNetwork open,
    Lesion base,
    ImmutableList<Source> plans,
    Sampling sampling,
    Share share,
    ImmutableList<ImageSet> references,
    Measures measures,
    RunOptions options)
    implements LesionStudy {

  /** A plan that is drawn for the network, or one that is given. */
  private sealed interface Source {
    /** A plan in the making. */
    record Drawn(LesionPlan.Builder settings) implements Source {}

    /** A plan that was drawn before. */
    record Given(LesionPlan plan) implements Source {}
  }

  /**
   * How lesions are drawn, as far as it was set.
   *
   * @param precision when to stop drawing; null to draw a fixed number
   */
  private record Sampling(
      OptionalInt draws,
      OptionalLong seed,
      Optional<Exclusion> exclusion,
      @Nullable Precision precision) {}

  private record Precision(double width, int most) {}

  /**
   * What is run of the plan and of the images.
   *
   * @param records null for all
   */
  private record Share(int shard, int of, @Nullable RecordRange records) {
    static final Share ALL = new Share(1, 1, null);

    LesionPlan of(LesionPlan whole) {
      return whole.shard(shard, of);
    }

    boolean isAll() {
      return equals(ALL);
    }

    ImageSet of(ImageSet whole) {
      if (records == null) {
        return whole;
      }
      RecordRange all = RecordRange.of(whole);
      if (records.from() < all.from() || records.end() > all.end()) {
        throw new InvalidLesionException(
            "the records %s are not among those of the images, %s".formatted(records, all));
      }
      return whole.range(records.from() - all.from(), records.end() - records.from());
    }
  }

  /** A plan with its wirings, of which the first is the baseline's. */
  private record Planned(LesionPlan plan, List<Wiring> wirings) {
    int rows() {
      return plan.rows().size();
    }
  }

  /** With fewer, the width of an interval is not known well enough to stop at it. */
  private static final int MIN_DRAWS = 10;

  static StudySettings of(OpenNetwork open, Lesion base, ImmutableList<ImageSet> references) {
    return new StudySettings(
        open,
        base,
        ImmutableList.of(),
        new Sampling(OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), null),
        Share.ALL,
        references,
        Measures.none(),
        RunOptions.defaults());
  }

  private StudySettings plus(Source source) {
    ImmutableList<Source> all = ImmutableList.<Source>builder().addAll(plans).add(source).build();
    return new StudySettings(open, base, all, sampling, share, references, measures, options);
  }

  private StudySettings withSampling(Sampling newSampling) {
    return new StudySettings(open, base, plans, newSampling, share, references, measures, options);
  }

  @Override
  public LesionStudy plan(LesionPlan.Builder plan) {
    return plus(new Source.Drawn(plan));
  }

  @Override
  public LesionStudy plan(LesionPlan plan) {
    return plus(new Source.Given(plan));
  }

  @Override
  public LesionStudy draws(int draws) {
    if (draws < 1) {
      throw new InvalidLesionException("a study has at least one draw for each k, got " + draws);
    }
    return withSampling(
        new Sampling(
            OptionalInt.of(draws), sampling.seed(), sampling.exclusion(), sampling.precision()));
  }

  @Override
  public LesionStudy drawsUntil(double width, int most) {
    if (!(width > 0) || most < MIN_DRAWS) {
      throw new InvalidLesionException(
          String.format(
              "draws are added until intervals have a width above 0, up to at least %s draws for"
                  + " each k, got %s and %s",
              MIN_DRAWS, width, most));
    }
    return withSampling(
        new Sampling(
            sampling.draws(), sampling.seed(), sampling.exclusion(), new Precision(width, most)));
  }

  @Override
  public LesionStudy seed(long seed) {
    return withSampling(
        new Sampling(
            sampling.draws(), OptionalLong.of(seed), sampling.exclusion(), sampling.precision()));
  }

  @Override
  public LesionStudy exclude(Exclusion exclusion) {
    return withSampling(
        new Sampling(
            sampling.draws(), sampling.seed(), Optional.of(exclusion), sampling.precision()));
  }

  private StudySettings withShare(Share newShare) {
    return new StudySettings(open, base, plans, sampling, newShare, references, measures, options);
  }

  @Override
  public LesionStudy shard(int i, int n) {
    return withShare(new Share(i, n, share.records()));
  }

  @Override
  public LesionStudy only(LesionPlan plan) {
    return new StudySettings(
        open,
        base,
        ImmutableList.of(new Source.Given(plan)),
        new Sampling(OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), null),
        new Share(1, 1, share.records()),
        references,
        measures,
        options);
  }

  @Override
  public LesionStudy records(RecordRange range) {
    if (share.records() != null) {
      throw new InvalidLesionException(
          "the study runs on the records %s already; choose records of a whole study"
              .formatted(share.records()));
    }
    return withShare(new Share(share.shard(), share.of(), range));
  }

  @Override
  public LesionStudy reference(ImageSet images) {
    ImmutableList<ImageSet> all =
        ImmutableList.<ImageSet>builder().addAll(references).add(ImageSets.checked(images)).build();
    return new StudySettings(open, base, plans, sampling, share, all, measures, options);
  }

  @Override
  public LesionStudy measures(Measures newMeasures) {
    return new StudySettings(open, base, plans, sampling, share, references, newMeasures, options);
  }

  @Override
  public LesionStudy metric(String name, Measures.Metric metric) {
    return measures(measures.withMetric(name, metric));
  }

  @Override
  public LesionStudy options(RunOptions newOptions) {
    return new StudySettings(open, base, plans, sampling, share, references, measures, newOptions);
  }

  @Override
  public Provenance provenance(ImageSet given) {
    ImageSet images = Pixels.labelled(given, open.architecture());
    return open.use(network -> Provenances.unrun(open, network, images, options));
  }

  @Override
  public LesionPlan plan() {
    return sharded(wholePlan());
  }

  private LesionPlan sharded(LesionPlan whole) {
    return share.of(whole);
  }

  private LesionPlan wholePlan() {
    Precision precision = sampling.precision();
    return precision == null
        ? wholePlan(sampling.draws())
        : wholePlan(OptionalInt.of(precision.most()));
  }

  private LesionPlan wholePlan(OptionalInt draws) {
    if (plans.isEmpty()) {
      throw new IllegalStateException(
          "the study has no lesions yet: call deleteEachBlock(), plan(...) or the like first");
    }
    checkSettings();
    return LesionPlan.join(
        plans.stream()
            .map(
                source ->
                    source instanceof Source.Drawn drawn
                        ? drawn(drawn.settings(), draws)
                        : given(((Source.Given) source).plan()))
            .toArray(LesionPlan[]::new));
  }

  /** A setting that none of the plans has a use for was meant for something else. */
  private void checkSettings() {
    List<LesionPlan.Builder> settings =
        plans.stream()
            .flatMap(
                source ->
                    source instanceof Source.Drawn drawn
                        ? Stream.of(drawn.settings())
                        : Stream.of())
            .toList();
    boolean draw = settings.stream().anyMatch(LesionPlan.Builder::takesDraws);
    if (!draw && sampling.draws().isPresent()) {
      throw noEffect("draws(" + sampling.draws().getAsInt() + ")", "nothing is drawn");
    }
    if (!draw && sampling.seed().isPresent()) {
      throw noEffect("seed(" + sampling.seed().getAsLong() + ")", "nothing is drawn");
    }
    if (sampling.exclusion().isPresent()
        && settings.stream().noneMatch(LesionPlan.Builder::takesExclusion)) {
      throw noEffect(
          "exclude(" + sampling.exclusion().get() + ")",
          "given lesions and plans damage the blocks that they name");
    }
    Precision precision = sampling.precision();
    if (precision == null) {
      return;
    }
    if (plans.size() > 1 || !share.isAll() || settings.isEmpty()) {
      throw new InvalidLesionException(
          "draws can be added only to a whole random plan of this study, not to a given plan, to"
              + " joined ones, or to a part of the rows or records; use draws() instead");
    }
    if (!draw) {
      throw new InvalidLesionException(
          "nothing is drawn to " + settings.get(0).description() + ", so no draws can be added");
    }
    int first = sampling.draws().orElse(MIN_DRAWS);
    if (first < MIN_DRAWS || first > precision.most()) {
      throw noEffect(
          "draws(" + first + ")",
          "draws are added from at least " + MIN_DRAWS + " for each k up to " + precision.most());
    }
  }

  private static InvalidLesionException noEffect(String setting, String why) {
    return new InvalidLesionException(
        setting + " has no effect on this study: " + why + "; leave it out");
  }

  private LesionPlan drawn(LesionPlan.Builder settings, OptionalInt draws) {
    LesionPlan.Builder set = settings;
    if (settings.takesDraws()) {
      set = draws.isPresent() ? set.draws(draws.getAsInt()) : set;
      set = sampling.seed().isPresent() ? set.seed(sampling.seed().getAsLong()) : set;
    }
    if (settings.takesExclusion() && sampling.exclusion().isPresent()) {
      set = set.exclude(sampling.exclusion().get());
    }
    return set.build(open.architecture());
  }

  private LesionPlan given(LesionPlan plan) {
    plan.requireFits(open.architecture());
    if (plan.rows().isEmpty()) {
      throw new InvalidLesionException("the plan is empty: it needs at least one lesion");
    }
    return plan;
  }

  /** The plan to run, after what can be said of the settings before any work. */
  private LesionPlan checkedPlan() {
    LesionPlan whole = wholePlan();
    if (!references.isEmpty()
        && !base.takesReference()
        && whole.part().isEmpty()
        && whole.rows().stream().noneMatch(row -> row.lesion().takesReference())) {
      throw new InvalidLesionException(
          "reference(...) has no effect on this study: no lesion replaces branches by their mean or"
              + " by other images' outputs; leave it out");
    }
    return sharded(whole);
  }

  @Override
  public Cost cost(ImageSet given) {
    ImageSet images = Pixels.labelled(given, open.architecture());
    Planned planned = planned(checkedPlan());
    int count = share.of(images).size();
    return open.use(network -> runner(network, planned, images, Set.of()).cost(count));
  }

  private Planned planned(LesionPlan plan) {
    return new Planned(plan, plan.wirings(base, open.architecture()));
  }

  private StudyRunner runner(
      Network network, Planned planned, ImageSet images, Set<Integer> averaged) {
    ImageSet some = share.of(images);
    return new StudyRunner(
        network,
        open,
        planned.wirings(),
        averaged,
        some,
        ImmutableList.<ImageSet>builder().addAll(references).add(images).build(),
        measures,
        options,
        planned.plan().description());
  }

  @Override
  public LesionReport run(ImageSet given) {
    ImageSet images = Pixels.labelled(given, open.architecture());
    Precision precision = sampling.precision();
    return precision == null ? run(checkedPlan(), images) : runUntil(precision, images);
  }

  private LesionReport run(LesionPlan plan, ImageSet images) {
    return run(planned(plan), images, Set.of(), (report, average) -> report);
  }

  /** Runs rows, some of which are averaged too, and makes a result of both. */
  private <T> T run(
      Planned planned,
      ImageSet images,
      Set<Integer> averaged,
      BiFunction<LesionReport, Optional<Tally>, T> result) {
    return open.use(
        network -> {
          StudyRunner.Outcome outcome = runner(network, planned, images, averaged).run();
          @Nullable LesionReport report =
              outcome.images() == 0 ? null : report(network, planned, images, outcome);
          if (report == null || outcome.interrupted()) {
            throw new StudyInterruptedException(
                "interrupted after "
                    + outcome.images()
                    + " of "
                    + share.of(images).size()
                    + " images",
                report);
          }
          return result.apply(report, outcome.average());
        });
  }

  /** Doubles the draws of every k whose interval is too wide; each round adds rows of its own. */
  private LesionReport runUntil(Precision precision, ImageSet images) {
    int draws = sampling.draws().orElse(MIN_DRAWS);
    LesionPlan first = wholePlan(OptionalInt.of(draws));
    LesionReport report = run(first, images);
    while (draws < precision.most()) {
      int done = draws;
      draws = (int) Math.min(2L * draws, precision.most());
      LesionReport more = runMore(report, precision, done, draws, images);
      if (more.rows().size() == report.rows().size()) {
        break;
      }
      report = more;
    }
    return ofOwnPlan(report);
  }

  /** A report whose plan is what was run in the end. */
  private LesionReport ofOwnPlan(LesionReport report) {
    LesionPlan run =
        new LesionPlan(
            open.architecture().size(),
            "draws until precise enough",
            report.excluded(),
            report.rows().stream().map(LesionRow::planned).toList());
    return report.withPlan(run.rowsOfPlan());
  }

  /** The report with more draws of every k whose interval is too wide. */
  private LesionReport runMore(
      LesionReport before, Precision precision, int done, int draws, ImageSet images) {
    try {
      Set<Integer> open = tooWide(before, precision.width());
      LesionPlan all = wholePlan(OptionalInt.of(draws));
      Set<PlannedLesion> known =
          before.rows().stream().map(LesionRow::planned).collect(Collectors.toSet());
      List<PlannedLesion> more =
          all.rows().stream()
              .filter(row -> open.contains(row.k().orElseThrow()))
              .filter(
                  row ->
                      row.seed().isPresent()
                          ? row.draw().orElseThrow() > done
                          : !known.contains(row))
              .toList();
      return more.isEmpty()
          ? before
          : LesionReport.merge(
              withoutDrawsOf(listed(more), before),
              run(new LesionPlan(all.blocks(), all.description(), all.excluded(), more), images));
    } catch (RunInterruptedException e) {
      throw new StudyInterruptedException(
          "interrupted while adding draws, after a round of " + before.rows().size() + " rows",
          before);
    }
  }

  /** The k of which all lesions are listed. */
  private static Set<Integer> listed(List<PlannedLesion> rows) {
    return rows.stream()
        .filter(row -> row.seed().isEmpty())
        .map(row -> row.k().orElseThrow())
        .collect(Collectors.toSet());
  }

  /** All lesions of these k take the place of those that were drawn. */
  private static LesionReport withoutDrawsOf(Set<Integer> ks, LesionReport report) {
    return new LesionReport(
        report.base(),
        report.baseline(),
        report.rows().stream()
            .filter(row -> !ks.contains(row.planned().k().orElseThrow()))
            .toList(),
        report.excluded(),
        report.cost(),
        report.records(),
        report.provenance());
  }

  private Set<Integer> tooWide(LesionReport report, double width) {
    return report.statistics().withSeed(sampling.seed().orElse(0)).curve().stream()
        .filter(point -> point.errorRate().interval().width() > width)
        .map(point -> (int) point.at())
        .collect(Collectors.toSet());
  }

  @Override
  public EnsembleAnalysis runAsEnsemble(ImageSet given) {
    ImageSet images = Pixels.labelled(given, open.architecture());
    if (sampling.precision() != null) {
      throw new InvalidLesionException(
          "the members of an ensemble are fixed before the run; use draws() instead of"
              + " drawsUntil()");
    }
    Planned planned = planned(checkedPlan());
    return run(
        planned,
        images,
        ContiguousSet.closed(1, planned.rows()),
        (report, average) -> new EnsembleAnalysis(report, average.orElseThrow()));
  }

  private LesionReport report(
      Network network, Planned planned, ImageSet images, StudyRunner.Outcome outcome) {
    List<LesionRow> rows = new ArrayList<>();
    for (int i = 0; i < planned.rows(); i++) {
      rows.add(row(planned.plan().rows().get(i), planned, outcome, i + 1));
    }
    return new LesionReport(
        base,
        row(PlannedLesion.of(Lesion.intact()), planned, outcome, 0),
        rows,
        planned.plan().excluded(),
        outcome.cost(),
        List.of(RecordRange.of(images)),
        outcome.provenance(network, images, options),
        Optional.of(planned.plan().rowsOfPlan()));
  }

  private static LesionRow row(
      PlannedLesion lesion, Planned planned, StudyRunner.Outcome outcome, int i) {
    return new LesionRow(
        lesion, planned.wirings().get(i).order(), List.of(outcome.tallies().get(i)));
  }
}
