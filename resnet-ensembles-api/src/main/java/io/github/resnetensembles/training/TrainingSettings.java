package io.github.resnetensembles.training;

import com.google.common.collect.ImmutableList;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.ExitOrder;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A training in the making.
 *
 * @param start gives the weights to start from for the recipe's seed
 * @param backend null for the only one there is
 * @param folder null to write nothing
 */
record TrainingSettings(
    Architecture architecture,
    Start start,
    TrainingRecipe recipe,
    @Nullable Backend backend,
    ModelOptions options,
    @Nullable Path folder,
    Checkpoints checkpoints,
    ImmutableList<ScheduledProbe> probes,
    TrainingListener listener)
    implements Training {
  private static final Pattern PROBE_NAME = Pattern.compile("[a-z0-9-]{1,40}");

  /** Where training starts. */
  interface Start {
    Weights weights(long seed);
  }

  /**
   * When checkpoints are written and which are used.
   *
   * @param chosen whether a user said how often and how many
   */
  record Checkpoints(boolean resume, boolean chosen, int everySteps, int kept) {}

  /** A probe and its epochs. */
  record ScheduledProbe(int everyEpochs, TrainingProbe probe) {}

  static TrainingSettings of(Architecture architecture) {
    return of(architecture, seed -> Weights.initialised(architecture, seed));
  }

  static TrainingSettings of(Weights weights) {
    return of(weights.architecture(), seed -> weights);
  }

  private static TrainingSettings of(Architecture architecture, Start start) {
    return new TrainingSettings(
        architecture,
        start,
        TrainingRecipe.usual(architecture),
        null,
        ModelOptions.defaults(),
        null,
        new Checkpoints(false, false, Integer.MAX_VALUE, DEFAULT_CHECKPOINTS_KEPT),
        ImmutableList.of(),
        TrainingListener.none());
  }

  @Override
  public TrainingSettings recipe(TrainingRecipe recipe) {
    return new TrainingSettings(
        architecture, start, recipe, backend, options, folder, checkpoints, probes, listener);
  }

  @Override
  public TrainingSettings backend(Backend backend) {
    return new TrainingSettings(
        architecture, start, recipe, backend, options, folder, checkpoints, probes, listener);
  }

  @Override
  public TrainingSettings options(ModelOptions options) {
    return new TrainingSettings(
        architecture, start, recipe, backend, options, folder, checkpoints, probes, listener);
  }

  @Override
  public TrainingSettings out(Path folder) {
    return new TrainingSettings(
        architecture, start, recipe, backend, options, folder, checkpoints, probes, listener);
  }

  private TrainingSettings with(Checkpoints changed) {
    return new TrainingSettings(
        architecture, start, recipe, backend, options, folder, changed, probes, listener);
  }

  @Override
  public TrainingSettings resume() {
    return with(
        new Checkpoints(true, checkpoints.chosen(), checkpoints.everySteps(), checkpoints.kept()));
  }

  @Override
  public TrainingSettings checkpoints(int everySteps, int kept) {
    if (everySteps < 1 || kept < 1) {
      throw new InvalidInputException(
          "checkpoints are written every 1 or more steps and 1 or more are kept, got %s and %s"
              .formatted(everySteps, kept));
    }
    return with(new Checkpoints(checkpoints.resume(), true, everySteps, kept));
  }

  @Override
  public TrainingSettings probe(int everyEpochs, TrainingProbe probe) {
    if (everyEpochs < 1) {
      throw new InvalidInputException("a probe runs every 1 or more epochs, got " + everyEpochs);
    }
    if (!PROBE_NAME.matcher(probe.name()).matches()) {
      throw new InvalidInputException(
          "a probe's name has 1 to 40 lower-case letters, digits and hyphens, got '%s'"
              .formatted(Names.shorten(probe.name())));
    }
    if (probes.stream().anyMatch(other -> other.probe().name().equals(probe.name()))) {
      throw new InvalidInputException(
          "two probes are named '%s', the name of their files; give one another, named(...)"
              .formatted(probe.name()));
    }
    return new TrainingSettings(
        architecture,
        start,
        recipe,
        backend,
        options,
        folder,
        checkpoints,
        ImmutableList.<ScheduledProbe>builder()
            .addAll(probes)
            .add(new ScheduledProbe(everyEpochs, probe))
            .build(),
        listener);
  }

  @Override
  public TrainingSettings listener(TrainingListener listener) {
    return new TrainingSettings(
        architecture, start, recipe, backend, options, folder, checkpoints, probes, listener);
  }

  @Override
  public Provenance provenance(ImageSet givenImages, ImageSet givenTest) {
    ImageSet images = Pixels.labelled(givenImages, architecture);
    ImageSet test = Pixels.labelled(givenTest, architecture);
    Architecture unused = recipe.wiring().trainedArchitecture(architecture);
    int unusedSteps = TrainingBatches.stepsPerEpoch(images, recipe);
    Weights untrained = start.weights(recipe.seed());
    return ExitOrder.THIS_JVM.run(
        () -> {
          try (ResidualModel model = ResidualModel.open(usedBackend(), untrained, options)) {
            return model.provenance(test, RunOptions.defaults());
          }
        });
  }

  private Backend usedBackend() {
    return backend == null ? Backends.load() : backend;
  }

  @Override
  public TrainingResult run(ImageSet givenImages, ImageSet givenTest) {
    ImageSet images = Pixels.labelled(givenImages, architecture);
    ImageSet test = Pixels.labelled(givenTest, architecture);
    if (folder == null && (!probes.isEmpty() || checkpoints.resume() || checkpoints.chosen())) {
      throw new InvalidInputException(
          "checkpoints, probes and resuming need a folder for their files: set out(folder)");
    }
    OutputFolder output = folder == null ? null : new OutputFolder(folder, checkpoints.kept());
    Backend chosen = usedBackend();
    return ExitOrder.THIS_JVM.run(
        () -> {
          try (TrainingRun run = new TrainingRun(this, chosen, output, images, test)) {
            return run.toTheEnd();
          }
        });
  }
}
