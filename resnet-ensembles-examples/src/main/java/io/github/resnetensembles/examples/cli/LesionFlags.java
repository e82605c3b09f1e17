package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lesions of a network, and its errors with them. */
final class LesionFlags implements Measurement {
  @Mixin final PlanOptions plans = new PlanOptions();
  @Mixin private final SideBySideOptions sideBySide = new SideBySideOptions();

  @Option(
      names = "--reference",
      paramLabel = "FILE|DIR|builtin",
      description =
          "Images for --replace-mean and --resample (default: the evaluated images themselves).")
  private @Nullable String reference;

  @Override
  public void check(OutputOptions outputs, boolean inPieces) {
    plans.check(inPieces);
    if (reference != null && !plans.takesReference()) {
      throw new InvalidInputException(
          "--reference needs --replace-mean or --resample: other lesions take no images");
    }
    outputs.plots.check();
    boolean writes = outputs.json != null || outputs.csv != null || outputs.plots.plot != null;
    if (plans.savePlan != null && writes) {
      throw new InvalidInputException(
          "--save-plan writes the plan and runs nothing: it does not go with --json, --csv or"
              + " --plot");
    }
  }

  @Override
  public Optional<String> needsBatch() {
    return plans.shard == null
        ? Optional.empty()
        : Optional.of("does not go with --shard, whose results merge in batches of one size alone");
  }

  @Override
  public OptionalInt earlierBatch() {
    return plans.sequence.earlierBatch();
  }

  @Override
  public Measured<?> on(Opened opened) {
    ResidualModel model = opened.model();
    if (plans.sequence.given()) {
      LesionStudy drawn = model.lesions().plan(plans.drawn(opened.compute().seed));
      return plans.sequence.on(opened, "lesions", drawn, false, sideBySide);
    }
    Architecture architecture = model.architecture();
    LesionPlan plan = plan(architecture, opened.data(), opened.compute(), opened::images);
    LesionStudy study = study(model, plan);
    if (reference != null) {
      study = study.reference(opened.data().reference(reference, architecture));
    }
    return new MeasuredLesions(
        "lesions", study, opened.images(), opened.compute(), sideBySide, new Whole());
  }

  /** A study of the whole plan, so that it knows what the plan needs, or of a share of it. */
  private LesionStudy study(ResidualModel model, LesionPlan plan) {
    LesionStudy study = model.lesions().plan(plan);
    Shard shard = plans.shard;
    if (shard == null) {
      return study;
    }
    if (plans.share(plan).rows().isEmpty()) {
      throw new InvalidInputException(
          "--shard %s/%s holds no lesion: the plan has %s; cut it into fewer shards"
              .formatted(shard.number(), shard.of(), plan.rows().size()));
    }
    return study.shard(shard.number(), shard.of());
  }

  /** The plan, or the share of it, that {@code --save-plan} writes. */
  LesionPlan saved(Architecture architecture, DataOptions data, ComputeOptions compute) {
    return plans.share(
        plan(
            architecture, data, compute, () -> data.find().forNetwork(architecture, compute.seed)));
  }

  private LesionPlan plan(
      Architecture architecture,
      DataOptions data,
      ComputeOptions compute,
      Supplier<ImageSet> evaluated) {
    return plans.plan(
        architecture,
        compute.seed,
        () ->
            ReferenceSet.of(
                reference == null ? evaluated.get() : data.reference(reference, architecture)));
  }

  /** What comes out is the report itself. */
  private static final class Whole implements MeasuredLesions.Outcome {
    @Override
    public void write(LesionReport report, OutputOptions outputs, CommonOptions common) {
      ResultText.print(report, common.out());
      outputs.write(report, common.streams());
    }

    @Override
    public void writePartial(LesionReport report, OutputOptions outputs, CommonOptions common) {
      outputs.writeNumbers(report, common.streams());
    }
  }
}
