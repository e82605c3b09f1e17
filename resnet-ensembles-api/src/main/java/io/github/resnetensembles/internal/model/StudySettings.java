package io.github.resnetensembles.internal.model;

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.EnsembleAnalysis;
import io.github.resnetensembles.Exclusion;
import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.Lesion;
import io.github.resnetensembles.LesionPlan;
import io.github.resnetensembles.LesionReport;
import io.github.resnetensembles.LesionRow;
import io.github.resnetensembles.LesionStudy;
import io.github.resnetensembles.PlannedLesion;
import io.github.resnetensembles.RecordRange;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.StudyInterruptedException;
import io.github.resnetensembles.Tally;
import io.github.resnetensembles.Wiring;
import io.github.resnetensembles.internal.images.CheckedImages;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A lesion study in the making.
 *
 * @param kind how the plan is drawn; null if a plan is given, or nothing yet
 * @param given a plan that was drawn before
 */
record StudySettings(
    OpenNetwork open,
    Lesion base,
    LesionPlan.@Nullable Builder kind,
    @Nullable LesionPlan given,
    Sampling sampling,
    Shard shard,
    ImmutableList<ImageSet> references,
    RunOptions options)
    implements LesionStudy {

  /**
   * How lesions are drawn.
   *
   * @param precision when to stop drawing; null to draw a fixed number
   */
  private record Sampling(
      int draws, long seed, Exclusion exclusion, @Nullable Precision precision) {}

  private record Precision(double width, int most) {}

  private record Shard(int i, int n) {}

  /** With fewer, the width of an interval is not known well enough to stop at it. */
  private static final int MIN_DRAWS = 10;

  static StudySettings of(OpenNetwork open, Lesion base, ImmutableList<ImageSet> references) {
    return new StudySettings(
        open,
        base,
        null,
        null,
        new Sampling(1, 0, Exclusion.none(), null),
        new Shard(1, 1),
        references,
        RunOptions.defaults());
  }

  private StudySettings withKind(LesionPlan.Builder newKind) {
    return new StudySettings(open, base, newKind, null, sampling, shard, references, options);
  }

  private StudySettings withSampling(Sampling newSampling) {
    return new StudySettings(open, base, kind, given, newSampling, shard, references, options);
  }

  @Override
  public LesionStudy deleteEachBlock() {
    return withKind(LesionPlan.deleteEach());
  }

  @Override
  public LesionStudy deleteRandom(int from, int to) {
    return withKind(LesionPlan.deleteRandom(from, to));
  }

  @Override
  public LesionStudy swapRandom(int from, int to) {
    return withKind(LesionPlan.swapRandom(from, to));
  }

  @Override
  public LesionStudy duplicateRandom(int from, int to) {
    return withKind(LesionPlan.duplicateRandom(from, to));
  }

  @Override
  public LesionStudy deleteInRandomOrder() {
    return withKind(LesionPlan.deleteInRandomOrder());
  }

  @Override
  public LesionStudy deleteEachSkip() {
    return withKind(LesionPlan.deleteEachSkip());
  }

  @Override
  public LesionStudy deletePairs() {
    return withKind(LesionPlan.deletePairs());
  }

  @Override
  public LesionStudy deleteSubsets() {
    return withKind(LesionPlan.deleteSubsets());
  }

  @Override
  public LesionStudy lesions(Lesion... lesions) {
    return withKind(LesionPlan.of(lesions));
  }

  @Override
  public LesionStudy plan(LesionPlan plan) {
    return new StudySettings(open, base, null, plan, sampling, shard, references, options);
  }

  @Override
  public LesionStudy draws(int draws) {
    return withSampling(
        new Sampling(draws, sampling.seed(), sampling.exclusion(), sampling.precision()));
  }

  @Override
  public LesionStudy drawsUntil(double width, int most) {
    if (!(width > 0) || most < MIN_DRAWS) {
      throw new InvalidLesionException(
          "draws are added until intervals have a width above 0, up to at least "
              + MIN_DRAWS
              + " draws for each k, got "
              + width
              + " and "
              + most);
    }
    return withSampling(
        new Sampling(
            sampling.draws(), sampling.seed(), sampling.exclusion(), new Precision(width, most)));
  }

  @Override
  public LesionStudy seed(long seed) {
    return withSampling(
        new Sampling(sampling.draws(), seed, sampling.exclusion(), sampling.precision()));
  }

  @Override
  public LesionStudy exclude(Exclusion exclusion) {
    return withSampling(
        new Sampling(sampling.draws(), sampling.seed(), exclusion, sampling.precision()));
  }

  @Override
  public LesionStudy shard(int i, int n) {
    return new StudySettings(
        open, base, kind, given, sampling, new Shard(i, n), references, options);
  }

  @Override
  public LesionStudy reference(ImageSet images) {
    ImmutableList<ImageSet> all =
        ImmutableList.<ImageSet>builder().addAll(references).add(CheckedImages.of(images)).build();
    return new StudySettings(open, base, kind, given, sampling, shard, all, options);
  }

  @Override
  public LesionStudy with(RunOptions newOptions) {
    return new StudySettings(open, base, kind, given, sampling, shard, references, newOptions);
  }

  @Override
  public LesionPlan plan() {
    Precision precision = sampling.precision();
    return wholePlan(precision == null ? sampling.draws() : precision.most())
        .shard(shard.i(), shard.n());
  }

  private LesionPlan wholePlan(int draws) {
    Architecture architecture = open.architecture();
    if (kind != null) {
      return kind.draws(draws)
          .seed(sampling.seed())
          .exclude(sampling.exclusion())
          .build(architecture);
    }
    if (given == null) {
      throw new IllegalStateException(
          "the study has no lesions yet: call deleteEachBlock(), plan(...) or the like first");
    }
    if (given.blocks() != architecture.size()) {
      throw new InvalidLesionException(
          "the plan was made for "
              + given.blocks()
              + " blocks but "
              + architecture.name()
              + " has "
              + architecture.size());
    }
    if (given.rows().isEmpty()) {
      throw new InvalidLesionException("the plan is empty: it needs at least one lesion");
    }
    return given;
  }

  @Override
  public Cost cost(ImageSet given) {
    ImageSet images = Pixels.fitting(given, open.architecture());
    return open.use(network -> runner(network, plan(), images).cost(images.size()));
  }

  /** The first wiring is the baseline's, the others those of the plan's rows. */
  private StudyRunner runner(Network network, LesionPlan plan, ImageSet images) {
    return runner(network, plan, images, Set.of());
  }

  private StudyRunner runner(
      Network network, LesionPlan plan, ImageSet images, Set<Integer> averaged) {
    List<Wiring> wirings = new ArrayList<>();
    wirings.add(base.applyTo(network.architecture()));
    for (PlannedLesion row : plan.rows()) {
      wirings.add(base.then(row.lesion()).applyTo(network.architecture()));
    }
    return new StudyRunner(
        network, open, wirings, averaged, images, references, options, plan.description());
  }

  @Override
  public LesionReport run(ImageSet given) {
    ImageSet images = Pixels.fitting(given, open.architecture());
    Precision precision = sampling.precision();
    return precision == null ? run(plan(), images) : runUntil(precision, images);
  }

  private LesionReport run(LesionPlan plan, ImageSet images) {
    return open.use(
        network -> {
          StudyRunner.Outcome outcome = runner(network, plan, images).run();
          LesionReport report =
              outcome.images() == 0 ? null : report(network, plan, images, outcome);
          if (report == null || outcome.interrupted()) {
            throw interrupted(outcome, images, report);
          }
          return report;
        });
  }

  private static StudyInterruptedException interrupted(
      StudyRunner.Outcome outcome, ImageSet images, @Nullable LesionReport partial) {
    return new StudyInterruptedException(
        "interrupted after " + outcome.images() + " of " + images.size() + " images", partial);
  }

  /** Doubles the draws of every k whose interval is too wide; each round adds rows of its own. */
  private LesionReport runUntil(Precision precision, ImageSet images) {
    if (kind == null || shard.n() > 1) {
      throw new InvalidLesionException(
          "draws can be added only to a whole random plan of this study, not to a given plan or a"
              + " shard; use draws() instead");
    }
    int draws = Math.min(precision.most(), Math.max(MIN_DRAWS, sampling.draws()));
    LesionPlan first = wholePlan(draws);
    if (first.rows().stream().anyMatch(row -> row.draw().isEmpty())) {
      throw new InvalidLesionException(
          "nothing is drawn to " + first.description() + ", so no draws can be added");
    }
    LesionReport report = run(first, images);
    while (draws < precision.most()) {
      Set<Integer> open = tooWide(report, precision.width());
      int done = draws;
      draws = (int) Math.min(2L * draws, precision.most());
      LesionPlan all = wholePlan(draws);
      List<PlannedLesion> more =
          all.rows().stream()
              .filter(row -> row.draw().orElseThrow() > done)
              .filter(row -> open.contains(row.k().orElseThrow()))
              .toList();
      if (more.isEmpty()) {
        break;
      }
      report = LesionReport.merge(report, runMore(report, all, more, images));
    }
    return report;
  }

  private LesionReport runMore(
      LesionReport before, LesionPlan all, List<PlannedLesion> more, ImageSet images) {
    try {
      return run(new LesionPlan(all.blocks(), all.description(), all.excluded(), more), images);
    } catch (StudyInterruptedException e) {
      throw new StudyInterruptedException(
          "interrupted while adding draws, after a round of " + before.rows().size() + " rows",
          before);
    }
  }

  private Set<Integer> tooWide(LesionReport report, double width) {
    return report.statistics().withSeed(sampling.seed()).curve().stream()
        .filter(point -> point.errorRate().interval().width() > width)
        .map(point -> (int) point.at())
        .collect(Collectors.toSet());
  }

  @Override
  public EnsembleAnalysis runAsEnsemble(ImageSet given) {
    ImageSet images = Pixels.fitting(given, open.architecture());
    if (sampling.precision() != null) {
      throw new InvalidLesionException(
          "the members of an ensemble are fixed before the run; use draws() instead of"
              + " drawsUntil()");
    }
    LesionPlan plan = plan();
    Set<Integer> members = ContiguousSet.closed(1, plan.rows().size());
    return open.use(
        network -> {
          StudyRunner.Outcome outcome = runner(network, plan, images, members).run();
          LesionReport report =
              outcome.images() == 0 ? null : report(network, plan, images, outcome);
          if (report == null || outcome.interrupted()) {
            throw interrupted(outcome, images, report);
          }
          return new EnsembleAnalysis(report, outcome.average().orElseThrow());
        });
  }

  private LesionReport report(
      Network network, LesionPlan plan, ImageSet images, StudyRunner.Outcome outcome) {
    List<LesionRow> rows = new ArrayList<>();
    for (int i = 0; i < plan.rows().size(); i++) {
      rows.add(row(plan.rows().get(i), outcome.tallies().get(i + 1)));
    }
    return new LesionReport(
        base,
        row(PlannedLesion.of(Lesion.intact()), outcome.tallies().get(0)),
        rows,
        plan.excluded(),
        outcome.cost(),
        List.of(RecordRange.of(images)),
        Provenances.of(network, images, options, outcome));
  }

  private LesionRow row(PlannedLesion planned, Tally tally) {
    return new LesionRow(
        planned, base.then(planned.lesion()).applyTo(open.architecture()).order(), List.of(tally));
  }
}
