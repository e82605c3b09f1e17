package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.EvaluatedImages;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.statistics.Interval;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code shapley}: what each block contributes. */
@Command(
    name = "shapley",
    description =
        "Computes the Shapley and Banzhaf value of every block: exactly, from all sets of blocks,"
            + " or sampled from random orders.",
    sortOptions = false)
final class ShapleyCommand implements Callable<Integer> {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();

  @Option(
      names = "--draws",
      paramLabel = "D",
      description =
          "Random orders to sample from, at least 2 (default: exact values, for at most "
              + BlockValues.MAX_EXACT_BLOCKS
              + " blocks).")
  private @Nullable Integer draws;

  @Option(
      names = "--payoff",
      paramLabel = "accuracy|negative_loss",
      defaultValue = "accuracy",
      description = "What a set of blocks is worth (default: accuracy).")
  private Payoff payoff = Payoff.ACCURACY;

  @Option(
      names = "--level",
      paramLabel = "P",
      defaultValue = "" + Interval.DEFAULT_LEVEL,
      description = "Confidence level of the intervals (default: ${DEFAULT-VALUE}).")
  private double level = Interval.DEFAULT_LEVEL;

  @Option(
      names = "--exclude",
      paramLabel = "none|transitions|published|LIST",
      defaultValue = "none",
      description = "Blocks that are always there and get no value (default: none).")
  private String exclude = "none";

  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  ShapleyCommand() {}

  @Override
  public Integer call() {
    if (draws != null && draws < 2) {
      throw new InvalidInputException(
          "--draws must be at least 2, for intervals need two orders, got " + draws);
    }
    if (!(level > 0 && level < 1)) {
      throw new InvalidInputException("--level lies between 0 and 1, such as 0.95, got " + level);
    }
    outputs.plots.check();
    store.check(outputs);
    network.check(compute);
    DataOptions.Found images = data.find();
    Optional<BlockValues> found;
    try (ResidualModel model = network.open(compute, data.folder)) {
      ImageSet evaluated = images.forNetwork(model.architecture(), compute.seed);
      EvaluatedImages.require("block values need", evaluated);
      checkExact(model.architecture());
      LesionStudy study = model.lesions().exclude(Exclusion.parse(exclude));
      study =
          draws == null
              ? study.plan(LesionPlan.deleteSubsets())
              : study.plan(LesionPlan.deleteInRandomOrder()).draws(draws).seed(compute.seed);
      found = run(study, evaluated).map(report -> BlockValues.of(report, payoff, level));
    }
    found.ifPresent(this::write);
    return ExitCodes.DONE;
  }

  private void write(BlockValues values) {
    ResultText.print(values, common.out());
    outputs.writeNumbers(values::toJson, values::toCsv, common.streams());
    outputs.draw(values, common.streams());
  }

  private void checkExact(Architecture architecture) {
    int blocks = architecture.size() - Exclusion.parse(exclude).blocks(architecture).size();
    if (draws == null && blocks > BlockValues.MAX_EXACT_BLOCKS) {
      throw new InvalidInputException(
          ("exact values of %s blocks would take 2^%s networks; sample them with"
                  + " --draws, or leave out all but %s with --exclude")
              .formatted(blocks, blocks, BlockValues.MAX_EXACT_BLOCKS));
    }
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
      return store.run(
          study.options(compute.runOptions(progress -> {})), images, cost, compute, common);
    }
    try (ProgressReporter progress = ProgressReporter.of("shapley", common.quiet, common.err())) {
      return Optional.of(study.options(compute.runOptions(progress)).run(images));
    } catch (StudyInterruptedException e) {
      e.partialReport().ifPresent(report -> ResultFiles.undisturbed(() -> writePartial(report)));
      throw e;
    }
  }

  /** Writes the values over the images that were finished; too few of them have none. */
  private void writePartial(LesionReport report) {
    BlockValues values;
    try {
      values = BlockValues.of(report, payoff, level);
    } catch (InvalidInputException e) {
      common.err().println("what was finished is not enough: " + e.getMessage());
      return;
    }
    outputs.writeNumbers(() -> PartialJson.of(values), values::toCsv, common.streams());
  }
}
