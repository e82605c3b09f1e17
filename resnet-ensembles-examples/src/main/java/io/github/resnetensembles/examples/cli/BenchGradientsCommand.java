package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.model.ResidualModel;
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

/** {@code bench gradients}: what the gradient sums of all path lengths take. */
@Command(
    name = "gradients",
    description = {
      "Times the exact gradient by path length, in forward passes over the same images.",
      "The other program may print \"path_sums_seconds\": S; otherwise its wall time counts."
    },
    sortOptions = false)
final class BenchGradientsCommand implements Callable<Integer> {
  private static final Pattern SECONDS =
      Pattern.compile("\"path_sums_seconds\"\\s*:\\s*([0-9.eE+-]+)");

  /** Forward passes before and after what is compared with them. */
  private static final int FORWARDS = 5;

  private static final double TOLERANCE = 1e-4;

  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "16",
      description = "How many images, the first ones of --data (default: 16).")
  private int images;

  @Option(
      names = "--beside",
      paramLabel = "COMMAND",
      description = "The other program, with its arguments separated by spaces.")
  private @Nullable String beside;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "9",
      description = "Rounds, whose medians count (default: 9).")
  private int rounds;

  BenchGradientsCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (rounds < 1 || images < 1) {
      throw new InvalidInputException(
          "--rounds and --images must be at least 1, got " + rounds + " and " + images);
    }
    ImageBatch batch = data.open().batch(0, images);
    Weights weights = network.load(compute.seed);
    try (ResidualModel one =
            ResidualModel.open(compute.backend(), weights, compute.modelOptions().withThreads(1));
        ResidualModel all =
            ResidualModel.open(compute.backend(), weights, compute.modelOptions())) {
      measure(one, all, batch);
    }
    return ExitCodes.DONE;
  }

  private void measure(ResidualModel one, ResidualModel all, ImageBatch batch)
      throws InterruptedException {
    List<Double> whole = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    List<Double> truncated = new ArrayList<>();
    List<Double> together = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    double lost = 0;
    // The first round compiles and is not counted.
    for (int round = 0; round <= rounds; round++) {
      double before = forwardSeconds(one, batch);
      // All but the sums: the forward pass, the ordinary gradient and the path of skips.
      double rest = seconds(one.gradients().path(), batch);
      double exact = seconds(one.gradients().exact(), batch);
      double cut = seconds(one.gradients().exact().tolerance(TOLERANCE), batch);
      double restOnAll = seconds(all.gradients().path(), batch);
      double threads = seconds(all.gradients().exact(), batch);
      double forward = (before + forwardSeconds(one, batch)) / 2;
      double other = beside == null ? 0 : BenchTimes.besideSeconds(beside, SECONDS);
      if (round > 0) {
        whole.add(exact / forward);
        alone.add((exact - rest) / forward);
        truncated.add((cut - rest) / forward);
        together.add((threads - restOnAll) / forward);
        others.add((threads - restOnAll) / other);
        common.err().println("round " + round + " of " + rounds);
      } else {
        lost = one.gradients().exact().tolerance(TOLERANCE).run(batch).residual().orElseThrow();
      }
    }
    int n = one.architecture().size();
    say("block VJPs of the sums / blocks of a forward pass", (n + 1) / 2.0);
    say("time of the sums, one thread / a forward pass", alone);
    say("time of the sums with tolerance 1e-4, one thread / a forward pass", truncated);
    say("what that tolerance loses / the gradient", lost);
    say("time of the whole measurement, one thread / a forward pass", whole);
    say("time of the sums, all threads / a forward pass of one thread", together);
    say(
        "time of the sums, all threads / one thread",
        BenchTimes.median(together) / BenchTimes.median(alone));
    if (beside != null) {
      say("time of the sums, all threads / the other program", others);
    }
  }

  private void say(String what, List<Double> ratios) {
    say(what, BenchTimes.median(ratios));
  }

  private void say(String what, double ratio) {
    common.out().println(String.format(Locale.ROOT, "%.3g  %s", ratio, what));
  }

  private static double forwardSeconds(ResidualModel model, ImageBatch batch) {
    long start = System.nanoTime();
    for (int i = 0; i < FORWARDS; i++) {
      if (model.logits(batch).length != batch.size()) {
        throw new RunFailedException("no logits");
      }
    }
    return BenchTimes.since(start) / FORWARDS;
  }

  private static double seconds(GradientProbe probe, ImageBatch batch) {
    long start = System.nanoTime();
    PathGradients unused = probe.run(batch);
    return BenchTimes.since(start);
  }
}
