package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Cost;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * {@code bench sweep}: the sweep that deletes each block, as a whole command beside another program
 * that does the same work, and what its speed comes from.
 */
@Command(
    name = "sweep",
    description = {
      "Times the sweep that deletes each block, beside another program that does the same work.",
      "The other program may print \"delete_each_seconds\": S; otherwise its wall time counts."
    },
    sortOptions = false)
final class BenchSweepCommand implements Callable<Integer> {
  private static final Pattern SECONDS =
      Pattern.compile("\"delete_each_seconds\"\\s*:\\s*([0-9.eE+-]+)");

  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--beside",
      paramLabel = "COMMAND",
      description = "The other program, with its arguments separated by spaces.")
  private @Nullable String beside;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds, whose medians count (default: 3).")
  private int rounds;

  @Spec private @Nullable CommandSpec spec;

  BenchSweepCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (rounds < 1) {
      throw new InvalidInputException("--rounds must be at least 1, got " + rounds);
    }
    ImageSet images = data.open();
    Weights weights = network.load(compute.seed);
    Backend backend = compute.backend();
    List<Double> whole = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    for (int round = 0; round < rounds && beside != null; round++) {
      others.add(BenchTimes.besideSeconds(beside, SECONDS));
      whole.add(BenchTimes.wallSeconds(wholeCommand()));
      common.err().println("round " + (round + 1) + " of " + rounds + ": whole commands");
    }
    Parts parts = measureParts(backend, weights, images);
    print(parts, whole, others);
    return ExitCodes.DONE;
  }

  /** Tells the DJL backend to leave BatchNorm beside the convolutions. */
  private static final String FOLD = "io.github.resnetensembles.djl.foldBatchNorm";

  /** Medians of seconds. */
  private record Parts(
      double shared, double separate, double steps, double unfolded, double arrays, Cost cost) {}

  private Parts measureParts(Backend backend, Weights weights, ImageSet images) {
    List<Double> shared = new ArrayList<>();
    List<Double> separate = new ArrayList<>();
    List<Double> steps = new ArrayList<>();
    List<Double> unfolded = new ArrayList<>();
    List<Double> arrays = new ArrayList<>();
    Network net = backend.network(weights, compute.modelOptions());
    System.setProperty(FOLD, "false");
    Network withNorms = backend.network(weights, compute.modelOptions());
    System.clearProperty(FOLD);
    try (ResidualModel model = ResidualModel.of(net);
        ResidualModel unfoldedModel = ResidualModel.of(withNorms)) {
      RunOptions options = compute.runOptions(ProgressListener.none());
      LesionStudy study = model.lesions().deleteEachBlock().with(options);
      keep(model.evaluate(images.limit(2 * options.batchSize()), options));
      for (int round = 0; round < rounds; round++) {
        long start = System.nanoTime();
        LesionReport report = study.run(images);
        shared.add(BenchTimes.since(start));
        start = System.nanoTime();
        keep(model.evaluate(images, options));
        for (PlannedLesion row : study.plan().rows()) {
          keep(model.withLesion(row.lesion()).evaluate(images, options));
        }
        separate.add(BenchTimes.since(start));
        start = System.nanoTime();
        Evaluation intact = model.evaluate(images, options);
        steps.add(BenchTimes.since(start));
        start = System.nanoTime();
        keep(unfoldedModel.evaluate(images, options));
        unfolded.add(BenchTimes.since(start));
        arrays.add(wholeNetworkSeconds(net, images.size(), options.batchSize()));
        common
            .err()
            .println(
                "round "
                    + (round + 1)
                    + " of "
                    + rounds
                    + ": parts ("
                    + report.rows().size()
                    + " deletions, "
                    + intact.total()
                    + " images)");
      }
      return new Parts(
          BenchTimes.median(shared),
          BenchTimes.median(separate),
          BenchTimes.median(steps),
          BenchTimes.median(unfolded),
          BenchTimes.median(arrays),
          study.cost(images));
    }
  }

  /** Seconds of {@link Network#logits}: the engine's plain array operations, nothing folded. */
  private static double wholeNetworkSeconds(Network net, int images, int batch) {
    int size = net.architecture().input().paddedShape().size();
    float[] pixels = new float[batch * size];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i % 255) / 127.5f - 1;
    }
    int batches = (images - 1) / batch + 1;
    ExecutorService threads = Executors.newFixedThreadPool(net.workers());
    try {
      long start = System.nanoTime();
      List<Future<Integer>> results = new ArrayList<>();
      for (int b = 0; b < batches; b++) {
        int count = Math.min(batch, images - b * batch);
        results.add(
            threads.submit(() -> net.logits(Arrays.copyOf(pixels, count * size), count).length));
      }
      for (Future<Integer> result : results) {
        keep(result.get());
      }
      return BenchTimes.since(start);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunFailedException("interrupted", e);
    } catch (ExecutionException e) {
      throw new RunFailedException("the benchmark failed: " + e.getCause(), e);
    } finally {
      threads.shutdown();
    }
  }

  private void print(Parts parts, List<Double> whole, List<Double> others) {
    double reuse = parts.shared() / parts.separate();
    double folding = parts.steps() / parts.unfolded();
    double calls = parts.unfolded() / parts.arrays();
    say(
        "block evaluations, with / without reuse of prefixes",
        (double) parts.cost().blockEvaluations() / parts.cost().blockEvaluationsWithoutReuse());
    say("time, with / without reuse of prefixes", reuse);
    say("time of a forward pass, BatchNorm folded / not", folding);
    say("time of a forward pass, one engine call a step / plain array operations", calls);
    if (!others.isEmpty()) {
      double total = BenchTimes.median(whole) / BenchTimes.median(others);
      say(
          "time of the rest (start-up, batches, workers, engine) / the other program",
          total / (reuse * folding * calls));
      say("whole command / the other program", total);
      for (int round = 0; round < whole.size(); round++) {
        say("  round " + (round + 1), whole.get(round) / others.get(round));
      }
    }
  }

  private void say(String what, double ratio) {
    common.out().println(String.format(Locale.ROOT, "%.3f  %s", ratio, what));
  }

  /** This JVM's own command line, as {@code lesion --delete each}. */
  private List<String> wholeCommand() {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("lesion", "--delete", "each", "--quiet"));
    ParseResult parsed = spec == null ? null : spec.commandLine().getParseResult();
    if (parsed != null) {
      List<String> given = parsed.originalArgs();
      for (int i = given.indexOf("sweep") + 1; i < given.size(); i++) {
        if (given.get(i).equals("--beside") || given.get(i).equals("--rounds")) {
          i++;
        } else if (!given.get(i).equals("--quiet")) {
          command.add(given.get(i));
        }
      }
    }
    return command;
  }

  /** Results of timed work are of no further interest. */
  private static void keep(Object unused) {
    java.util.Objects.requireNonNull(unused);
  }
}
