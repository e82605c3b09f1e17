package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingNetwork.HeadPass;
import io.github.resnetensembles.spi.TrainingNetwork.StemPass;
import io.github.resnetensembles.spi.TrainingNetwork.StepPass;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench train}: what a training step takes. */
@Command(
    name = "train",
    description = {
      "Times training steps on made-up images.",
      "The other program prints \"step_seconds\": S, the median of as many steps."
    },
    sortOptions = false)
final class BenchTrainCommand implements Callable<Integer> {
  private static final Pattern SECONDS = Pattern.compile("\"step_seconds\"\\s*:\\s*([0-9.eE+-]+)");

  /** Steps that compile and warm up. */
  private static final int UNCOUNTED = 5;

  private static final double[] SKIPPED = {0};
  private static final double[] KEPT = {1};

  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final EngineOptions compute = new EngineOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "128",
      description = "Images in each step (default: 128).")
  private int images;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "15",
      description = "Steps in each round, whose median counts (default: 15).")
  private int steps;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds, whose median counts (default: 3).")
  private int rounds;

  @Option(
      names = "--beside",
      paramLabel = "COMMAND",
      description = "The other program, with its arguments separated by spaces.")
  private @Nullable String beside;

  BenchTrainCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (images < 2 || steps < 1 || rounds < 1) {
      throw new InvalidInputException(
          ("--images must be at least 2, --steps and --rounds at least 1, got %s, %s and" + " %s")
              .formatted(images, steps, rounds));
    }
    Weights weights = network.load(compute.seed);
    TrainingOptions options = new TrainingOptions(compute.modelOptions(), BatchNormMode.TRAIN, 0.1);
    List<Double> backward = new ArrayList<>();
    List<Double> update = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    try (TrainingNetwork trained = compute.backend().training(weights, options)) {
      Steps runner = new Steps(trained, images);
      for (int i = 0; i < UNCOUNTED; i++) {
        Times unused = runner.step();
      }
      for (int round = 1; round <= rounds; round++) {
        List<Double> whole = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
          Times times = runner.step();
          whole.add(times.whole());
          backward.add(times.backward() / times.forward());
          update.add(times.update() / times.whole());
        }
        if (beside != null) {
          ratios.add(BenchTimes.median(whole) / BenchTimes.besideSeconds(beside, SECONDS));
        }
        common.err().println("round " + round + " of " + rounds);
      }
    }
    say("time, backward / forward", backward);
    say("time, update / the whole step", update);
    if (beside != null) {
      say("time of a step / the other program's", ratios);
    }
    return ExitCodes.DONE;
  }

  private void say(String what, List<Double> ratios) {
    common.out().println(String.format(Locale.ROOT, "%.3f  %s", BenchTimes.median(ratios), what));
  }

  private record Times(double forward, double backward, double update) {
    double whole() {
      return forward + backward + update;
    }
  }

  /** The same step on the same images, again and again. */
  private static final class Steps {
    private static final ParameterUpdate UPDATE =
        new ParameterUpdate(Optimizer.nesterov(0.9, 1e-4), 0.1);

    private final TrainingNetwork network;
    private final float[] pixels;
    private final int[] labels;

    Steps(TrainingNetwork network, int images) {
      this.network = network;
      Architecture architecture = network.architecture();
      pixels = new float[images * architecture.input().paddedShape().size()];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (i % 255) / 127.5f - 1;
      }
      labels = new int[images];
      for (int i = 0; i < images; i++) {
        labels[i] = i % architecture.head().classes();
      }
    }

    Times step() {
      long start = System.nanoTime();
      List<StepPass> passes = new ArrayList<>();
      double forward;
      double backward;
      try (StemPass stem = network.stem(pixels, labels.length)) {
        Activation y = stem.output();
        for (Wiring.Step step : Wiring.intact(network.architecture()).steps()) {
          StepPass pass =
              network.step(step.block(), step.skipGain() == 0 ? SKIPPED : KEPT, KEPT, y);
          passes.add(pass);
          y = pass.output();
        }
        try (HeadPass head = network.head(y, labels, 0)) {
          if (Double.isNaN(head.loss())) {
            throw new RunFailedException("the loss is not a number");
          }
          forward = BenchTimes.since(start);
          start = System.nanoTime();
          Activation gradient = head.backward();
          for (int i = passes.size() - 1; i >= 0; i--) {
            Activation next = passes.get(i).backward(gradient);
            passes.get(i).close();
            gradient.close();
            gradient = next;
          }
          stem.backward(gradient);
          gradient.close();
          backward = BenchTimes.since(start);
        }
      } finally {
        passes.forEach(StepPass::close);
      }
      start = System.nanoTime();
      network.apply(UPDATE);
      return new Times(forward, backward, BenchTimes.since(start));
    }
  }
}
