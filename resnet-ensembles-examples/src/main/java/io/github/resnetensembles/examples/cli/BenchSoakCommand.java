package io.github.resnetensembles.examples.cli;

import com.google.errorprone.annotations.FormatMethod;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.model.ResidualModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench soak}: whether resident memory stays flat over many lesioned evaluations. */
@Command(
    name = "soak",
    description = {
      "Evaluates a network under one lesion after another and watches resident memory (Linux).",
      "Fails if it grows by more than 5 %% after the first fifth."
    },
    sortOptions = false)
final class BenchSoakCommand implements Callable<Integer> {
  private static final double ALLOWED_GROWTH = 0.05;
  private static final int READINGS = 20;
  private static final Path STATUS = Path.of("/proc/self/status");

  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--evaluations",
      paramLabel = "N",
      defaultValue = "2000",
      description = "How many lesioned evaluations (default: 2000).")
  private int evaluations;

  BenchSoakCommand() {}

  @Override
  public Integer call() {
    if (evaluations < READINGS) {
      throw new InvalidInputException(
          "--evaluations must be at least " + READINGS + ", got " + evaluations);
    }
    if (!Files.isReadable(STATUS)) {
      throw new InvalidInputException("bench soak reads " + STATUS + ", which only Linux has");
    }
    network.check(compute);
    DataOptions.Found found = data.find();
    double settled = 0;
    double most = 0;
    try (ResidualModel model = network.open(compute, data.folder)) {
      ImageSet images = found.forNetwork(model.architecture(), compute.seed);
      compute.chooseBatch(() -> model.fastestBatchSize(images.size()), common.err());
      RunOptions options = compute.runOptions(ProgressListener.none());
      List<PlannedLesion> lesions =
          LesionPlan.deleteRandom(1, model.architecture().size())
              .draws((evaluations - 1) / model.architecture().size() + 1)
              .seed(compute.seed)
              .build(model.architecture())
              .rows();
      Evaluation intact = model.evaluate(images, options);
      say(
          "peak of evaluating %d images, intact, %d a batch: %.0f MB",
          intact.total(), options.batchSize(), megabytes("VmHWM"));
      for (int i = 0; i < evaluations; i++) {
        Lesion lesion = lesions.get(i).lesion();
        Evaluation evaluation = model.withLesion(lesion).evaluate(images, options);
        if ((i + 1) % (evaluations / READINGS) == 0) {
          double resident = megabytes("VmRSS");
          if (i < evaluations / 5) {
            settled = Math.max(settled, resident);
          } else {
            most = Math.max(most, resident);
          }
          say("%6d evaluations of %d images: %7.0f MB", i + 1, evaluation.total(), resident);
        }
      }
    }
    say("growth after the first fifth: %.1f %%", 100 * (most / settled - 1));
    say("peak in all: %.0f MB", megabytes("VmHWM"));
    if (most > settled * (1 + ALLOWED_GROWTH)) {
      throw new RunFailedException(
          NumberText.format("memory is not flat: %.0f MB after %.0f MB", most, settled));
    }
    return ExitCodes.DONE;
  }

  @FormatMethod
  private void say(String format, Object... values) {
    common.out().println(NumberText.format(format, values));
  }

  private static double megabytes(String field) {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(field + ":")) {
          return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
        }
      }
      throw new RunFailedException(STATUS + " has no field " + field);
    } catch (IOException e) {
      throw new RunFailedException("cannot read " + STATUS + ": " + e.getMessage(), e);
    }
  }
}
