package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Evaluation;
import io.github.resnetensembles.ImageSet;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ResidualModel;
import io.github.resnetensembles.Weights;
import io.github.resnetensembles.examples.plots.EvaluationPlot;
import io.github.resnetensembles.spi.Backend;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code predict}: evaluates the intact network. */
@Command(name = "predict", description = "Evaluates the intact network.", sortOptions = false)
final class PredictCommand implements Callable<Integer> {
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--logits",
      paramLabel = "K",
      defaultValue = "0",
      description = "Adds the logits of the first K records to the JSON.")
  private int logits;

  PredictCommand() {}

  @Override
  public Integer call() {
    if (logits < 0) {
      throw new InvalidInputException("--logits must be at least 0, got " + logits);
    }
    if (logits > 0 && outputs.json == null) {
      throw new InvalidInputException("--logits needs --json FILE, where the logits are written");
    }
    outputs.plots.check();
    Backend backend = compute.backend();
    ImageSet images = data.open();
    if (logits > images.size()) {
      throw new InvalidInputException(
          "--logits " + logits + " asks for more than the " + images.size() + " images");
    }
    Weights weights = network.load(compute.seed);
    Evaluation evaluation;
    double[][] first;
    try (ResidualModel model = backend.open(weights, compute.modelOptions())) {
      evaluation = evaluate(model, images);
      first = logits(model, images);
    }
    ResultText.print(evaluation, common.out());
    write(evaluation, first);
    return ExitCodes.DONE;
  }

  private Evaluation evaluate(ResidualModel model, ImageSet images) {
    common
        .err()
        .println(
            "cost: "
                + (long) model.wiring().blockEvaluations() * images.size()
                + " block evaluations");
    try (ProgressReporter progress = ProgressReporter.of("images", common.quiet, common.err())) {
      return model.evaluate(images, compute.runOptions(progress));
    }
  }

  /** The logits of the first records, in batches as the evaluation has them. */
  private double[][] logits(ResidualModel model, ImageSet images) {
    double[][] all = new double[logits][];
    for (int from = 0; from < logits; from += compute.batch) {
      int count = Math.min(compute.batch, logits - from);
      double[][] part = model.logits(images.batch(from, count));
      System.arraycopy(part, 0, all, from, count);
    }
    return all;
  }

  private void write(Evaluation evaluation, double[][] first) {
    outputs.writeNumbers(
        () -> EvaluationText.json(evaluation, first),
        () -> EvaluationText.csv(evaluation),
        common.streams());
    outputs.draw(() -> EvaluationPlot.picture(evaluation), common.streams());
  }
}
