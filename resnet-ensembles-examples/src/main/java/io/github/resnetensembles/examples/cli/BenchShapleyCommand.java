package io.github.resnetensembles.examples.cli;

import com.google.errorprone.annotations.FormatMethod;
import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.examples.EvaluatedImages;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.weights.Weights;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bench shapley}: exact block values in one study beside a run for each set of blocks. */
@Command(
    name = "shapley",
    description = {
      "Computes exact block values from one study, then evaluates every set of blocks on its own.",
      "Fails if the two disagree on any count."
    },
    sortOptions = false)
final class BenchShapleyCommand implements Callable<Integer> {
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  BenchShapleyCommand() {}

  @Override
  public Integer call() {
    ImageSet images = data.open();
    EvaluatedImages.require("block values need", images);
    RunOptions options = compute.runOptions(ProgressListener.none());
    Weights weights = network.load(compute.seed);
    if (weights.architecture().size() > BlockValues.MAX_EXACT_BLOCKS) {
      throw new InvalidInputException(
          "bench shapley takes networks of at most "
              + BlockValues.MAX_EXACT_BLOCKS
              + " blocks, got "
              + weights.architecture().size());
    }
    try (ResidualModel model =
        ResidualModel.open(compute.backend(), weights, compute.modelOptions())) {
      Evaluation unused = model.evaluate(images, options); // The engine warms up.
      double intact = seconds(model.evaluate(images, options));
      long start = System.nanoTime();
      LesionReport report =
          model.lesions().plan(LesionPlan.deleteSubsets()).with(options).run(images);
      BlockValues values = report.blockValues(Payoff.ACCURACY);
      double together = (System.nanoTime() - start) / 1e9;
      double apart = 0;
      for (LesionRow row : report.rows()) {
        Evaluation alone = model.withLesion(row.lesion()).evaluate(images, options);
        apart += seconds(alone);
        if (alone.wrong() != row.wrong()) {
          throw new RunFailedException(
              row.lesion() + ": " + row.wrong() + " wrong, but " + alone.wrong() + " on its own");
        }
      }
      Cost cost = report.cost();
      say(
          "values of %d blocks, %d sets, %d images",
          values.blocks().size(), report.rows().size(), images.size());
      say("%.3f  time, one study / a run for each set", together / apart);
      say(
          "%.3f  block evaluations, %d / %d",
          (double) cost.blockEvaluations() / cost.blockEvaluationsWithoutReuse(),
          cost.blockEvaluations(),
          cost.blockEvaluationsWithoutReuse());
      say("%.1f  time, one study / evaluating the intact network once", together / intact);
    }
    return ExitCodes.DONE;
  }

  private static double seconds(Evaluation evaluation) {
    return evaluation.provenance().runs().get(0).seconds();
  }

  @FormatMethod
  private void say(String format, Object... values) {
    common.out().println(String.format(Locale.ROOT, format, values));
  }
}
