package io.github.resnetensembles.model;

import com.google.common.collect.ContiguousSet;
import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidLesionException;
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
import io.github.resnetensembles.lesion.SequentialStudy;
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

  /** How lesions are drawn, as far as it was set. */
  private record Sampling(OptionalInt draws, OptionalLong seed, Optional<Exclusion> exclusion) {
    static final Sampling DEFAULT =
        new Sampling(OptionalInt.empty(), OptionalLong.empty(), Optional.empty());
  }

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

  static StudySettings of(OpenNetwork open, Lesion base, ImmutableList<ImageSet> references) {
    return new StudySettings(
        open,
        base,
        ImmutableList.of(),
        Sampling.DEFAULT,
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
    return withSampling(new Sampling(OptionalInt.of(draws), sampling.seed(), sampling.exclusion()));
  }

  @Override
  public SequentialStudy untilWidth(double width) {
    if (!(width > 0 && width < 1)) {
      throw new InvalidLesionException(
          "the width of an interval of error rates lies between 0 and 1, such as 0.05, got "
              + width);
    }
    return new SequentialSettings(this, width, OptionalLong.empty(), false);
  }

  @Override
  public LesionStudy seed(long seed) {
    return withSampling(
        new Sampling(sampling.draws(), OptionalLong.of(seed), sampling.exclusion()));
  }

  long drawSeed() {
    return sampling.seed().orElse(0);
  }

  @Override
  public LesionStudy exclude(Exclusion exclusion) {
    return withSampling(new Sampling(sampling.draws(), sampling.seed(), Optional.of(exclusion)));
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
        Sampling.DEFAULT,
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
                        ? drawn(drawn.settings()).build(open.architecture())
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
  }

  private static InvalidLesionException noEffect(String setting, String why) {
    return new InvalidLesionException(
        setting + " has no effect on this study: " + why + "; leave it out");
  }

  /**
   * What a sequential study draws, one plan with seed and exclusion.
   *
   * @throws InvalidLesionException if there is another number of plans, it is not drawn for each k,
   *     or a setting has no meaning
   */
  LesionPlan.Builder drawnForEachK() {
    if (plans.size() != 1 || !(plans.get(0) instanceof Source.Drawn source) || !share.isAll()) {
      throw new InvalidLesionException(
          "a study with a width of its intervals has one plan that is drawn for each k, such as"
              + " deleteRandom(1, 10), and is no part of another");
    }
    LesionPlan.Builder settings = source.settings();
    if (!settings.takesDraws()) {
      throw new InvalidLesionException(
          "nothing is drawn to " + settings.description() + ", so no interval gets narrower");
    }
    if (sampling.draws().isPresent()) {
      throw noEffect(
          "draws(" + sampling.draws().getAsInt() + ")", "the width of intervals says how many");
    }
    if (!references.isEmpty()) {
      throw noEffect("reference(...)", "no lesion takes outputs of other images");
    }
    return drawn(settings);
  }

  private LesionPlan.Builder drawn(LesionPlan.Builder settings) {
    LesionPlan.Builder set = settings;
    if (settings.takesDraws()) {
      set = sampling.draws().isPresent() ? set.draws(sampling.draws().getAsInt()) : set;
      set = sampling.seed().isPresent() ? set.seed(sampling.seed().getAsLong()) : set;
    }
    if (settings.takesExclusion() && sampling.exclusion().isPresent()) {
      set = set.exclude(sampling.exclusion().get());
    }
    return set;
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
    return run(planned(checkedPlan()), images, Set.of(), (report, average) -> report);
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

  @Override
  public EnsembleAnalysis runAsEnsemble(ImageSet given) {
    ImageSet images = Pixels.labelled(given, open.architecture());
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
