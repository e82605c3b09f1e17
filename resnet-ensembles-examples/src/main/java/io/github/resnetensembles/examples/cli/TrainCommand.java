package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingProbe;
import io.github.resnetensembles.training.TrainingResult;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: trains a network. */
@Command(
    name = "train",
    description = {
      "Trains a network on the training images of --data and evaluates it on its test images after"
          + " each epoch.",
      "The folder --out gets checkpoints, the best and the final weights, and epochs.csv."
    },
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  /** Enough for a spectrum, few enough for a few seconds. */
  private static final int PROBED_IMAGES = 16;

  private static final String ROUNDED = "rounded.safetensors";

  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final RecipeOptions recipe = new RecipeOptions();
  @Mixin private final EngineOptions compute = new EngineOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--data",
      paramLabel = "DIR|FILE|builtin",
      description =
          "Images: a directory of CIFAR-10, CIFAR-100 or MNIST files, one such file together with"
              + " --test, a directory with the folders train and val (or test) of JPEG and PNG files in"
              + " a folder for each class, or one such folder together with --test, or 'builtin' for the"
              + " library's own.")
  private @Nullable String data;

  @Mixin private final FolderFlags folder = new FolderFlags();

  @Option(
      names = "--test",
      paramLabel = "FILE|DIR|builtin",
      description = "Test images (default: those of --data).")
  private @Nullable String test;

  @Option(names = "--limit", paramLabel = "N", description = "Trains on the first N images only.")
  private @Nullable Integer limit;

  @Option(
      names = "--test-limit",
      paramLabel = "N",
      description = "Evaluates on the first N test images only.")
  private @Nullable Integer testLimit;

  @Option(names = "--out", paramLabel = "DIR", description = "Where checkpoints and results go.")
  private @Nullable Path out;

  @Option(
      names = "--rounded",
      description =
          "Writes "
              + ROUNDED
              + " too: kernels and matrices rounded to bfloat16 (8 significant bits), in half a"
              + " file.")
  private boolean rounded;

  @Option(names = "--resume", description = "Goes on from the newest checkpoint in --out.")
  private boolean resume;

  @Option(
      names = "--checkpoint-steps",
      paramLabel = "N",
      description = "Writes a checkpoint every N steps, too (default: after each epoch only).")
  private @Nullable Integer checkpointSteps;

  @Option(
      names = "--keep-checkpoints",
      paramLabel = "K",
      defaultValue = "" + Training.DEFAULT_CHECKPOINTS_KEPT,
      description = "How many checkpoints are kept (default: ${DEFAULT-VALUE}).")
  private int keepCheckpoints = Training.DEFAULT_CHECKPOINTS_KEPT;

  @Option(
      names = "--probe-lesions",
      paramLabel = "E",
      description = "Deletes each block in turn every E epochs; results go to --out.")
  private @Nullable Integer probeLesions;

  @Option(
      names = "--probe-gradients",
      paramLabel = "E",
      description =
          "Measures the gradient by path length on "
              + PROBED_IMAGES
              + " test images every E epochs; results go to --out.")
  private @Nullable Integer probeGradients;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the result as JSON; - is standard output, which then gets no text.")
  private @Nullable Output json;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes one line for each epoch; - is standard output.")
  private @Nullable Output csv;

  TrainCommand() {}

  @Override
  public Integer call() {
    if (out == null) {
      throw new InvalidInputException("no place for checkpoints: give --out DIR");
    }
    Backend backend = compute.backend();
    TrainingData found = TrainingData.find(data, test, folder, network.weights != null);
    Weights weights = network.weights == null ? null : folder.fitted(network.load(compute.seed));
    Architecture wanted = weights == null ? network.describe() : weights.architecture();
    ImageSet images = limited("--limit", limit, found.training().apply(wanted));
    ImageSet tests = limited("--test-limit", testLimit, found.test().apply(wanted));
    Training training =
        training(
                weights == null
                    ? Training.of(wanted.toBuilder().fitting(images).build())
                    : Training.of(weights),
                wanted)
            .backend(backend);
    TrainingResult result;
    try (TrainingProgress progress = new TrainingProgress(common)) {
      result = train(training.listener(progress), images, tests, progress);
    }
    common.out().println("weights: " + out.resolve("weights.safetensors"));
    if (rounded) {
      result.weights().rounded().save(out.resolve(ROUNDED));
      common.out().println("rounded: " + out.resolve(ROUNDED));
    }
    write(result);
    return ExitCodes.DONE;
  }

  private static TrainingResult train(
      Training training, ImageSet images, ImageSet tests, TrainingProgress progress) {
    try {
      return training.run(images, tests);
    } catch (FileAccessException e) {
      throw progress.begun() ? e : new UnusableFileException(e);
    }
  }

  private Training training(Training start, Architecture architecture) {
    Training training =
        start
            .recipe(recipe.recipe(compute.seed, architecture))
            .options(compute.modelOptions())
            .checkpoints(
                checkpointSteps == null ? Integer.MAX_VALUE : checkpointSteps, keepCheckpoints);
    if (out != null) {
      training = training.out(out);
    }
    if (resume) {
      training = training.resume();
    }
    if (probeLesions != null) {
      training = training.probe(probeLesions, TrainingProbe.lesions(LesionStudy::deleteEachBlock));
    }
    if (probeGradients != null) {
      training =
          training.probe(
              probeGradients, TrainingProbe.gradients(PROBED_IMAGES, GradientProbe::exact));
    }
    return training;
  }

  private static ImageSet limited(String option, @Nullable Integer limit, ImageSet images) {
    if (limit == null) {
      return images;
    }
    if (limit < 1) {
      throw new InvalidInputException(option + " must be at least 1, got " + limit);
    }
    return images.limit(limit);
  }

  private void write(TrainingResult result) {
    if (json != null) {
      json.write(result.history().toJson(), common.streams());
    }
    if (csv != null) {
      csv.write(result.history().toCsv(), common.streams());
    }
  }
}
