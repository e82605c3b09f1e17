package io.github.resnetensembles.internal.model;

import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Cost;
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
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
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

  private record Sampling(int draws, long seed, Exclusion exclusion) {}

  private record Shard(int i, int n) {}

  static StudySettings of(OpenNetwork open, Lesion base) {
    return new StudySettings(
        open,
        base,
        null,
        null,
        new Sampling(1, 0, Exclusion.none()),
        new Shard(1, 1),
        ImmutableList.of(),
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
    return withSampling(new Sampling(draws, sampling.seed(), sampling.exclusion()));
  }

  @Override
  public LesionStudy seed(long seed) {
    return withSampling(new Sampling(sampling.draws(), seed, sampling.exclusion()));
  }

  @Override
  public LesionStudy exclude(Exclusion exclusion) {
    return withSampling(new Sampling(sampling.draws(), sampling.seed(), exclusion));
  }

  @Override
  public LesionStudy shard(int i, int n) {
    return new StudySettings(
        open, base, kind, given, sampling, new Shard(i, n), references, options);
  }

  @Override
  public LesionStudy reference(ImageSet images) {
    ImmutableList<ImageSet> all =
        ImmutableList.<ImageSet>builder().addAll(references).add(images).build();
    return new StudySettings(open, base, kind, given, sampling, shard, all, options);
  }

  @Override
  public LesionStudy with(RunOptions newOptions) {
    return new StudySettings(open, base, kind, given, sampling, shard, references, newOptions);
  }

  @Override
  public LesionPlan plan() {
    return wholePlan().shard(shard.i(), shard.n());
  }

  private LesionPlan wholePlan() {
    Architecture architecture = open.architecture();
    if (kind != null) {
      return kind.draws(sampling.draws())
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
  public Cost cost(ImageSet images) {
    return open.use(network -> runner(network, plan(), images).cost(images.size()));
  }

  /** The first wiring is the baseline's. */
  private StudyRunner runner(Network network, LesionPlan plan, ImageSet images) {
    List<Wiring> wirings = new ArrayList<>();
    wirings.add(base.applyTo(network.architecture()));
    for (PlannedLesion row : plan.rows()) {
      wirings.add(base.then(row.lesion()).applyTo(network.architecture()));
    }
    return new StudyRunner(
        network, open.threads(), wirings, images, references, options, plan.description());
  }

  @Override
  public LesionReport run(ImageSet images) {
    LesionPlan plan = plan();
    return open.use(
        network -> {
          StudyRunner.Outcome outcome = runner(network, plan, images).run();
          if (outcome.interrupted()) {
            throw new StudyInterruptedException(
                "interrupted after " + outcome.images() + " of " + images.size() + " images",
                outcome.images() == 0 ? null : report(network, plan, images, outcome));
          }
          return report(network, plan, images, outcome);
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
