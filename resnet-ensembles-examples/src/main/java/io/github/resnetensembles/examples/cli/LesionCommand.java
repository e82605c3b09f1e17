package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.run.StudyTasks;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lesion}: damages a network and counts its errors. */
@Command(
    name = "lesion",
    description = "Damages a network in the ways given and counts its errors.",
    sortOptions = false)
final class LesionCommand implements Callable<Integer> {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final PlanOptions plans = new PlanOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--reference",
      paramLabel = "FILE|DIR|builtin",
      description =
          "Images for --replace-mean and --resample (default: the evaluated images themselves).")
  private @Nullable String reference;

  LesionCommand() {}

  /** A study whose network and images are open. */
  record Opened(ResidualModel model, LesionStudy study, ImageSet images) implements AutoCloseable {
    @Override
    public void close() {
      model.close();
    }
  }

  @Override
  public Integer call() {
    checkPlan();
    if (plans.savePlan != null) {
      return savePlan(plans.savePlan);
    }
    Optional<LesionReport> report;
    try (Opened opened = open()) {
      report = run(opened.study(), opened.images());
    }
    report.ifPresent(
        whole -> {
          ResultText.print(whole, common.out());
          outputs.write(whole, common.streams());
        });
    return ExitCodes.DONE;
  }

  private void checkPlan() {
    plans.check();
    if (reference != null && !plans.takesReference()) {
      throw new InvalidInputException(
          "--reference needs --replace-mean or --resample: other lesions take no images");
    }
  }

  /** Opens what the flags name, and runs nothing yet. */
  Opened open() {
    checkPlan();
    outputs.plots.check();
    store.check(outputs);
    network.check(compute);
    DataOptions.Found found = data.find();
    ResidualModel model = network.open(compute, data.folder);
    try {
      ImageSet images = found.forNetwork(model.architecture(), compute.seed);
      LesionStudy study = study(model, plan(model.architecture(), images));
      if (reference != null) {
        study = study.reference(data.reference(reference, model.architecture()));
      }
      return new Opened(model, study.options(compute.runOptions(ProgressListener.none())), images);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /** The study in pieces. */
  StudyTasks<LesionReport> cut(Opened opened) {
    return store.cut(
        opened.study(), opened.images(), opened.study().cost(opened.images()), compute);
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

  private int savePlan(Output file) {
    if (outputs.json != null || outputs.csv != null || outputs.plots.plot != null) {
      throw new InvalidInputException(
          "--save-plan writes the plan and runs nothing: it does not go with --json, --csv or"
              + " --plot");
    }
    LesionPlan plan = plans.share(plan(network.describe(compute), null));
    file.write(plan.toJson(), common.streams());
    common.out().println("plan of " + plan.rows().size() + " lesions: " + plan.description());
    return ExitCodes.DONE;
  }

  private LesionPlan plan(Architecture architecture, @Nullable ImageSet images) {
    return plans.plan(
        architecture,
        compute.seed,
        () ->
            ReferenceSet.of(
                reference != null
                    ? data.reference(reference, architecture)
                    : images != null
                        ? images
                        : data.find().forNetwork(architecture, compute.seed)));
  }

  /** Empty for a worker, who writes no result. */
  private Optional<LesionReport> run(LesionStudy study, ImageSet images) {
    Cost cost = study.cost(images);
    common
        .err()
        .println(
            "cost: %s block evaluations (%s without reuse)"
                .formatted(cost.blockEvaluations(), cost.blockEvaluationsWithoutReuse()));
    if (store.given()) {
      return store.run(study, images, cost, compute, common);
    }
    try (ProgressReporter progress = ProgressReporter.of("lesions", common.quiet, common.err())) {
      return Optional.of(study.options(compute.runOptions(progress)).run(images));
    } catch (StudyInterruptedException e) {
      e.partialReport()
          .ifPresent(
              report ->
                  ResultFiles.undisturbed(() -> outputs.writeNumbers(report, common.streams())));
      throw e;
    }
  }
}
