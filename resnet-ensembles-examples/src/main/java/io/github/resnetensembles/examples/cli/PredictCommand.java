package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.EvaluationInterruptedException;
import io.github.resnetensembles.lesion.Measures;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code predict}: evaluates a network, intact or with one lesion. */
@Command(
    name = "predict",
    description = "Evaluates a network, intact unless lesion flags are given.",
    sortOptions = false)
final class PredictCommand implements Callable<Integer> {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ViewOptions view = new ViewOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final OutputOptions outputs = new OutputOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--logits",
      paramLabel = "K",
      defaultValue = "0",
      description = "Adds the logits of the first K records to the JSON.")
  private int logits;

  @Option(
      names = "--per-image",
      description =
          "Adds loss and margin of each image (its class's logit less the largest other one) to the"
              + " JSON; the CSV then has a line for each image.")
  private boolean perImage;

  @Option(
      names = "--unlabelled",
      description =
          "The images have no labels: a folder of them, or NumPy's arrays. There are logits alone"
              + " then (--logits K).")
  private boolean unlabelled;

  PredictCommand() {}

  @Override
  public Integer call() {
    checkFlags();
    outputs.plots.check();
    view.check();
    network.check(compute);
    DataOptions.Found found = unlabelled ? data.findUnlabelled() : data.find();
    return unlabelled ? look(found) : evaluate(found);
  }

  private void checkFlags() {
    if (logits < 0) {
      throw new InvalidInputException("--logits must be at least 0, got " + logits);
    }
    if (logits > 0 && outputs.json == null) {
      throw new InvalidInputException("--logits needs --json FILE, where the logits are written");
    }
    if (perImage && outputs.json == null && outputs.csv == null) {
      throw new InvalidInputException(
          "--per-image needs --json FILE or --csv FILE, where losses and margins are written");
    }
    if (unlabelled && logits == 0) {
      throw new InvalidInputException(
          "--unlabelled needs --logits K: without labels there are no errors, and nothing else to"
              + " tell");
    }
    if (unlabelled && (perImage || outputs.csv != null || outputs.plots.plot != null)) {
      throw new InvalidInputException(
          "--unlabelled gives logits alone: it does not go with --per-image, --csv or --plot");
    }
  }

  private int evaluate(DataOptions.Found found) {
    Evaluation evaluation;
    double[][] first;
    try (ResidualModel model = network.open(compute, data.folder)) {
      ImageSet images = images(found, model);
      ResidualModel lesioned = view.of(model, images, data, compute.seed);
      evaluation = evaluate(lesioned, images);
      first = logits(lesioned, images);
    } catch (EvaluationInterruptedException e) {
      e.partialEvaluation().ifPresent(partial -> writeNumbers(partial, new double[0][], false));
      throw e;
    }
    if (first.length < logits) {
      writeNumbers(evaluation, first, false);
      throw interrupted(first);
    }
    ResultText.print(evaluation, common.out());
    writeNumbers(evaluation, first, true);
    outputs.draw(evaluation, common.streams());
    return ExitCodes.DONE;
  }

  /** The logits of images without labels. */
  private int look(DataOptions.Found found) {
    Provenance provenance;
    ImageSet images;
    double[][] first;
    String lesion;
    try (ResidualModel model = network.open(compute, data.folder)) {
      images = images(found, model);
      ResidualModel lesioned = view.of(model, images, data, compute.seed);
      lesion = lesioned.lesion().toString();
      provenance = lesioned.provenance(images, compute.runOptions(ProgressListener.none()));
      first = logits(lesioned, images);
    }
    int offset = images.offset();
    ResultFiles.undisturbed(
        () ->
            outputs.writeNumbers(
                () ->
                    EvaluationText.json(provenance, lesion, offset, first, first.length == logits),
                () -> "",
                common.streams()));
    if (first.length < logits) {
      throw interrupted(first);
    }
    ResultText.printSource(provenance, common.out());
    common.out().println(lesion + "  logits of " + first.length + " images");
    return ExitCodes.DONE;
  }

  private ImageSet images(DataOptions.Found found, ResidualModel model) {
    ImageSet images = found.forNetwork(model.architecture(), compute.seed);
    if (logits > images.size()) {
      throw new InvalidInputException(
          "--logits " + logits + " asks for more than the " + images.size() + " images");
    }
    compute.chooseBatch(() -> model.fastestBatchSize(images.size()), common.err());
    return images;
  }

  private RunInterruptedException interrupted(double[][] first) {
    return new RunInterruptedException(
        "interrupted after the logits of " + first.length + " of " + logits + " images");
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
              }),
          Measures.none().withImageValues(perImage));
    }
  }

  /**
   * The logits of the first records, in batches as the evaluation has them; fewer if the thread is
   * interrupted.
   */
  private double[][] logits(ResidualModel model, ImageSet images) {
    List<double[]> all = new ArrayList<>();
    while (all.size() < logits && !Thread.currentThread().isInterrupted()) {
      int count = Math.min(compute.batch(), logits - all.size());
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
