package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets.Split;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.Training;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench depth}: what skip connections are worth at each depth. */
@Command(
    name = "depth",
    description = {
      "Trains resnet-N and its plain twin for each depth N, alike, and compares their test errors.",
      "Prints each error with its 95 %% Wilson interval, and whether the intervals overlap."
    },
    sortOptions = false)
final class BenchDepthCommand implements Callable<Integer> {
  @Mixin private final RecipeOptions recipe = new RecipeOptions();
  @Mixin private final EngineOptions compute = new EngineOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--depths",
      paramLabel = "N,N,...",
      split = ",",
      defaultValue = "8,20,32",
      description = "The depths, each 6n + 2 (default: 8,20,32).")
  private List<Integer> depths = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR|builtin",
      defaultValue = "builtin",
      description = "Training and test images (default: the library's own).")
  private String data = "builtin";

  BenchDepthCommand() {}

  private ImageSet images(Split split) {
    return DataOptions.find(data, split, new FolderFlags(), FolderFlags.Classes.OF_IMAGES)
        .apply(Architecture.resnet(8));
  }

  @Override
  public Integer call() {
    ImageSet images = images(Split.TRAIN);
    ImageSet test = images(Split.TEST);
    Backend backend = compute.backend();
    for (int depth : depths) {
      if (depth < 8 || depth % 6 != 2) {
        throw new InvalidInputException(
            "--depths are of the form 6n + 2, from 8 on, got " + depth + "; give 8, 20, 32, ...");
      }
    }
    for (int depth : depths) {
      Estimate residual = error(Architecture.resnet(depth), images, test, backend);
      Estimate plain = error(Architecture.plain(depth), images, test, backend);
      common
          .out()
          .println(
              NumberText.format(
                  "%d layers: resnet %s, plain %s, intervals %s",
                  depth,
                  text(residual),
                  text(plain),
                  residual.interval().overlaps(plain.interval()) ? "overlap" : "are disjoint"));
    }
    return ExitCodes.DONE;
  }

  private Estimate error(
      Architecture architecture, ImageSet images, ImageSet test, Backend backend) {
    Architecture fitted = architecture.toBuilder().fitting(images).build();
    try (TrainingProgress progress = new TrainingProgress(common)) {
      EpochRecord last =
          Training.of(fitted)
              .recipe(recipe.recipe(compute.seed, fitted))
              .backend(backend)
              .options(compute.modelOptions())
              .listener(progress)
              .run(images, test)
              .last();
      return Estimate.errorRate(last.wrong(), last.total(), Interval.DEFAULT_LEVEL);
    }
  }

  private static String text(Estimate error) {
    return NumberText.format(
        "%.2f %% [%.2f, %.2f]",
        100 * error.value(), 100 * error.interval().low(), 100 * error.interval().high());
  }
}
