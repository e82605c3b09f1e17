package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.EvaluationInterruptedException;
import io.github.resnetensembles.model.ResidualModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code predict}: evaluates the intact network. */
@Command(name = "predict", description = "Evaluates the intact network.", sortOptions = false)
final class PredictCommand implements Callable<Integer> {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
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
    network.check(compute);
    DataOptions.Found found = data.find();
    Evaluation evaluation;
    double[][] first;
    try (ResidualModel model = network.open(compute, data.folder)) {
      ImageSet images = found.forNetwork(model.architecture(), compute.seed);
      if (logits > images.size()) {
        throw new InvalidInputException(
            "--logits " + logits + " asks for more than the " + images.size() + " images");
      }
      evaluation = evaluate(model, images);
      first = logits(model, images);
    } catch (EvaluationInterruptedException e) {
      e.partialEvaluation().ifPresent(partial -> writeNumbers(partial, new double[0][], false));
      throw e;
    }
    if (first.length < logits) {
      writeNumbers(evaluation, first, false);
      throw new RunInterruptedException(
          "interrupted after the logits of " + first.length + " of " + logits + " images");
    }
    ResultText.print(evaluation, common.out());
    writeNumbers(evaluation, first, true);
    outputs.draw(evaluation, common.streams());
    return ExitCodes.DONE;
  }

  private Evaluation evaluate(ResidualModel model, ImageSet images) {
    AtomicBoolean told = new AtomicBoolean();
    try (ProgressReporter progress = ProgressReporter.of("images", common.quiet, common.err())) {
      return model.evaluate(
          images,
          compute.runOptions(
              state -> {
                // Only now is it known that the images fit the network.
                if (!told.getAndSet(true)) {
                  common.err().println("cost: " + state.total() + " block evaluations");
                }
                progress.onProgress(state);
              }));
    }
  }

  /**
   * The logits of the first records, in batches as the evaluation has them; fewer if the thread is
   * interrupted.
   */
  private double[][] logits(ResidualModel model, ImageSet images) {
    List<double[]> all = new ArrayList<>();
    while (all.size() < logits && !Thread.currentThread().isInterrupted()) {
      int count = Math.min(compute.batch, logits - all.size());
      all.addAll(Arrays.asList(model.logits(images.batch(all.size(), count))));
    }
    return all.toArray(new double[0][]);
  }

  private void writeNumbers(Evaluation evaluation, double[][] first, boolean complete) {
    ResultFiles.undisturbed(
        () ->
            outputs.writeNumbers(
                () -> EvaluationText.json(evaluation, first, complete),
                () -> EvaluationText.csv(evaluation),
                common.streams()));
  }
}
