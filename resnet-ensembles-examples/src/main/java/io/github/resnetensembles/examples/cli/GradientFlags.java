package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.examples.ResultFiles;
import io.github.resnetensembles.gradient.GradientCost;
import io.github.resnetensembles.gradient.GradientPlace;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.GradientsInterruptedException;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.report.Figure;
import io.github.resnetensembles.run.StudyTasks;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The gradient of a network by path length. */
final class GradientFlags implements Measurement {
  private static final int DEFAULT_SAMPLES = 20;

  /** Fewer say too little of how precise a result is. */
  private static final int LEAST_BATCHES = 3;

  /** What is measured, as the flag says it. */
  enum Mode {
    EXACT,
    SAMPLED,
    SIGNS
  }

  /** Where, as the flag says it. */
  enum At {
    Y0(GradientPlace.STEM_OUTPUT),
    IMAGE(GradientPlace.IMAGE);

    private final GradientPlace place;

    At(GradientPlace place) {
      this.place = place;
    }
  }

  @Option(
      names = "--mode",
      paramLabel = "exact|sampled|signs",
      description =
          "Exact sums over all paths of each length (default), the mean norm of random paths, or"
              + " sums with random signs.")
  private @Nullable Mode mode;

  @Option(
      names = "--path",
      paramLabel = "LIST|none",
      description = "Measures one path instead: its blocks, like 1,5,9, or none.")
  private @Nullable String path;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Paths of each length, or draws of signs (default: " + DEFAULT_SAMPLES + ").")
  private @Nullable Integer samples;

  @Option(
      names = "--mass",
      paramLabel = "q",
      description =
          "The share of the gradient that effective lengths hold (default: "
              + PathGradients.DEFAULT_MASS
              + ").")
  private @Nullable Double givenMass;

  @Option(
      names = "--tolerance",
      paramLabel = "t",
      defaultValue = "0",
      description =
          "Drops the largest lengths where their norm is below t times the gradient's (default: 0,"
              + " all lengths).")
  private double tolerance;

  @Option(
      names = "--max-length",
      paramLabel = "K",
      description = "Measures the lengths up to K only.")
  private @Nullable Integer maxLength;

  @Option(
      names = "--batchnorm",
      paramLabel = "eval|train",
      defaultValue = "eval",
      description = "The statistics that BatchNorm normalises with (default: eval).")
  private BatchNormMode batchNorm = BatchNormMode.EVAL;

  @Option(
      names = "--at",
      paramLabel = "y0|image",
      defaultValue = "y0",
      description = "Where the gradient is measured (default: y0, the stem's output).")
  private At at = At.Y0;

  @Option(
      names = "--parameters",
      description = "Adds, for each length, the gradient of each block's parameters to the JSON.")
  private boolean parameters;

  @Option(
      names = "--batches",
      paramLabel = "N",
      defaultValue = "1",
      description = "Batches of --batch images (default: 1).")
  private int batches = 1;

  @Option(
      names = "--only-batches",
      paramLabel = "a..b",
      converter = Range.Converter.class,
      description =
          "Measures these of the batches alone, counted from 1; 'merge' makes of all of them what"
              + " one run gives.")
  private @Nullable Range onlyBatches;

  @Option(
      names = "--stop-at",
      paramLabel = "p",
      description = "Stops when the 95 %% intervals reach at most p times the mean to each side.")
  private @Nullable Double stopAt;

  private double mass() {
    return givenMass == null ? PathGradients.DEFAULT_MASS : givenMass;
  }

  @Override
  public void check(OutputOptions outputs, boolean inPieces) {
    double mass = mass();
    if (!(mass > 0 && mass <= 1)) {
      throw new InvalidInputException(
          "--mass is a share of the gradient, above 0 and at most 1, got " + mass);
    }
    if (path != null && mode != null) {
      throw new InvalidInputException("--path measures one path; it does not go with --mode");
    }
    if (samples != null && (mode == null || mode == Mode.EXACT)) {
      throw new InvalidInputException("--samples needs --mode sampled or signs");
    }
    if (path != null && outputs.plots.plot != null) {
      throw new InvalidInputException(
          "--path measures one number; there is nothing to draw with --plot");
    }
    if (path != null && outputs.csv != null) {
      throw new InvalidInputException(
          "--path measures one number; write it with --json, not --csv");
    }
    if (path != null && (givenMass != null || maxLength != null)) {
      throw new InvalidInputException(
          "--path measures one path, whatever its length; it does not go with --mass or"
              + " --max-length");
    }
    if (stopAt != null && batches <= LEAST_BATCHES) {
      throw new InvalidInputException(
          ("--stop-at stops after %s batches at the earliest, so it needs --batches of"
                  + " at least %s, got %s")
              .formatted(LEAST_BATCHES, LEAST_BATCHES + 1, batches));
    }
    if (stopAt != null && onlyBatches != null) {
      throw new InvalidInputException(
          "--stop-at looks at all batches so far, which --only-batches does not measure; leave one"
              + " of them out");
    }
    if (inPieces && onlyBatches != null) {
      throw new InvalidInputException(
          "--store cuts the batches by itself: leave out --only-batches, and let several workers use"
              + " one store");
    }
    if (batches < 1) {
      throw new InvalidInputException("--batches must be at least 1, got " + batches);
    }
    outputs.plots.check();
  }

  @Override
  public Optional<String> needsBatch() {
    return Optional.of("does not go with gradients, which are those of a batch");
  }

  @Override
  public Measured<PathGradients> on(Opened opened) {
    ComputeOptions compute = opened.compute();
    ImageSet all = opened.images();
    // The records from the offset on that the batches take.
    ImageSet images = all.limit((int) Math.min((long) batches * compute.batch(), all.size()));
    return new Gradients(probe(opened.model(), compute), images, compute, mass());
  }

  private GradientProbe probe(ResidualModel model, ComputeOptions compute) {
    int number = samples == null ? DEFAULT_SAMPLES : samples;
    GradientProbe probe = model.gradients();
    if (path != null) {
      probe = probe.path(parsed(path));
    } else if (mode == Mode.SAMPLED) {
      probe = probe.sampled(number);
    } else if (mode == Mode.SIGNS) {
      probe = probe.signs(number);
    }
    probe = probe.batchNorm(batchNorm).place(at.place).tolerance(tolerance);
    if (mode == Mode.SAMPLED || mode == Mode.SIGNS) {
      probe = probe.seed(compute.seed);
    }
    if (maxLength != null) {
      probe = probe.maxLength(maxLength);
    }
    if (parameters) {
      probe = probe.parameters();
    }
    if (onlyBatches != null) {
      probe = probe.batches(onlyBatches.from(), onlyBatches.to());
    }
    return stopAt == null ? probe : probe.precision(stopAt);
  }

  private static ResidualPath parsed(String path) {
    return path.toLowerCase(Locale.ROOT).equals("none")
        ? ResidualPath.of()
        : ResidualPath.of(BlockLists.blocks("--path", path));
  }

  private record Gradients(
      GradientProbe probe, ImageSet images, ComputeOptions compute, double mass)
      implements Measured<PathGradients> {
    @Override
    public String title() {
      return "gradients";
    }

    private GradientProbe batched() {
      return probe.options(compute.runOptions(ProgressListener.none()));
    }

    private int batchSize() {
      return Math.min(compute.batch(), images.size());
    }

    @Override
    public String cost() {
      return GradientText.cost(batched().cost(images), batchSize(), compute.precision);
    }

    @Override
    public StudyTasks<PathGradients> cut(StoreOptions store) {
      // A batch is measured by all threads.
      GradientCost cost = batched().cost(images);
      double batch = StudyTasks.VJP * cost.blockVjps() * batchSize();
      long whole = Math.max(1, Math.round(batch * cost.batches()));
      return StudyTasks.cut(batched(), images, store.maxCost(whole, cost.batches(), 1));
    }

    @Override
    public PathGradients run(ProgressListener listener) {
      return probe.options(compute.runOptions(listener)).run(images);
    }

    @Override
    public void write(PathGradients gradients, OutputOptions outputs, CommonOptions common) {
      GradientText.print(gradients, mass, common.out());
      writeNumbers(gradients, outputs, common);
      outputs.draw(() -> Figure.of(gradients, mass), common.streams());
    }

    private void writeNumbers(
        PathGradients gradients, OutputOptions outputs, CommonOptions common) {
      outputs.writeNumbers(() -> gradients.toJson(mass), gradients::toCsv, common.streams());
    }

    @Override
    public void writePartial(
        RunInterruptedException end, OutputOptions outputs, CommonOptions common) {
      if (end instanceof GradientsInterruptedException study) {
        study
            .partialGradients()
            .ifPresent(
                partial -> ResultFiles.undisturbed(() -> writeNumbers(partial, outputs, common)));
      }
    }
  }
}
