package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.BatchNormMode;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.Wiring;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StemTrace;
import io.github.resnetensembles.spi.StepTrace;
import java.util.ArrayList;
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
import picocli.CommandLine.Option;

/**
 * {@code bench gradients}: what a backend takes for the gradient sums of all path lengths, which
 * are n(n+1)/2 pull-backs through blocks.
 */
@Command(
    name = "gradients",
    description = {
      "Times the gradient sums of all path lengths, in forward passes over the same images.",
      "The other program may print \"path_sums_seconds\": S; otherwise its wall time counts."
    },
    sortOptions = false)
final class BenchGradientsCommand implements Callable<Integer> {
  private static final Pattern SECONDS =
      Pattern.compile("\"path_sums_seconds\"\\s*:\\s*([0-9.eE+-]+)");

  /** Forward passes before and after what is compared with them. */
  private static final int FORWARDS = 3;

  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "16",
      description = "How many images, of made-up pixels (default: 16).")
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
    try (Network net =
        compute.backend().network(network.load(compute.seed), compute.modelOptions())) {
      Differentiation derivatives =
          net.differentiation()
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          "backend " + net.info().backend() + " offers no derivatives"));
      ExecutorService threads = Executors.newFixedThreadPool(net.workers());
      try {
        measure(net, derivatives, threads);
      } catch (ExecutionException e) {
        throw new RunFailedException("the benchmark failed: " + e.getCause(), e);
      } finally {
        threads.shutdown();
      }
    }
    return ExitCodes.DONE;
  }

  private void measure(Network net, Differentiation derivatives, ExecutorService threads)
      throws InterruptedException, ExecutionException {
    int workers = net.workers();
    List<Double> traced = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    List<Double> together = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    float[] pixels = pixels(net.architecture());
    // The first round compiles and is not counted.
    for (int round = 0; round <= rounds; round++) {
      double before = forwardSeconds(net, pixels);
      long start = System.nanoTime();
      Traces traces = new Traces(net.architecture(), derivatives, pixels, images);
      double tracing = BenchTimes.since(start);
      double one = traces.sumsSeconds(threads, 1);
      double all = traces.sumsSeconds(threads, workers);
      traces.close();
      double forward = (before + forwardSeconds(net, pixels)) / 2;
      double other = beside == null ? 0 : BenchTimes.besideSeconds(beside, SECONDS);
      if (round > 0) {
        traced.add(tracing / forward);
        alone.add(one / forward);
        together.add(all / forward);
        others.add(all / other);
        common.err().println("round " + round + " of " + rounds);
      }
    }
    int n = net.architecture().size();
    say("block pull-backs / blocks of a forward pass", (n + 1) / 2.0);
    say("time of a forward pass that keeps what derivatives need / a forward pass", traced);
    say("time of the sums, one thread / a forward pass", alone);
    say("time of the sums, " + workers + " threads / a forward pass", together);
    say(
        "time of the sums, " + workers + " threads / one thread",
        BenchTimes.median(together) / BenchTimes.median(alone));
    if (beside != null) {
      say("time of the sums, " + workers + " threads / the other program", others);
    }
  }

  private void say(String what, List<Double> ratios) {
    say(what, BenchTimes.median(ratios));
  }

  private void say(String what, double ratio) {
    common.out().println(String.format(Locale.ROOT, "%.3f  %s", ratio, what));
  }

  private float[] pixels(Architecture architecture) {
    float[] pixels = new float[images * architecture.input().paddedShape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i % 255) / 127.5f - 1;
    }
    return pixels;
  }

  /** One batch is one thread's work. */
  private double forwardSeconds(Network net, float[] pixels) {
    long start = System.nanoTime();
    for (int i = 0; i < FORWARDS; i++) {
      Activation x = net.stem(pixels, images);
      for (Wiring.Step step : Wiring.intact(net.architecture()).steps()) {
        Activation y = net.step(step.block(), step.skipGain(), step.branchGain(), x);
        x.close();
        x = y;
      }
      if (net.head(x).length == 0) {
        throw new RunFailedException("no logits");
      }
      x.close();
    }
    return BenchTimes.since(start) / FORWARDS;
  }

  /** The intact network, run forward. */
  private static final class Traces implements AutoCloseable {
    private final List<Wiring.Step> wiring;
    private final StemTrace stem;
    private final List<StepTrace> steps = new ArrayList<>();
    private final HeadTrace head;

    Traces(Architecture architecture, Differentiation derivatives, float[] pixels, int images) {
      wiring = Wiring.intact(architecture).steps();
      stem = derivatives.stem(pixels, images, BatchNormMode.EVAL);
      Activation x = stem.output();
      for (Wiring.Step step : wiring) {
        StepTrace trace =
            derivatives.step(
                step.block(), step.skipGain(), step.branchGain(), x, BatchNormMode.EVAL);
        steps.add(trace);
        x = trace.output();
      }
      head = derivatives.head(x, new int[images], BatchNormMode.EVAL);
    }

    double sumsSeconds(ExecutorService threads, int parts)
        throws InterruptedException, ExecutionException {
      long start = System.nanoTime();
      List<Activation> sums = List.of(head.gradient());
      for (int i = steps.size() - 1; i >= 0; i--) {
        List<Activation> next =
            pullBack(steps.get(i), cotangents(wiring.get(i), sums), threads, parts);
        if (i < steps.size() - 1) {
          sums.forEach(Activation::close);
        }
        sums = next;
      }
      double seconds = BenchTimes.since(start);
      sums.forEach(Activation::close);
      return seconds;
    }

    private static List<Cotangents> cotangents(Wiring.Step step, List<Activation> sums) {
      List<Cotangents> cotangents = new ArrayList<>();
      for (int k = 0; k <= sums.size(); k++) {
        Activation skip = k < sums.size() ? sums.get(k) : null;
        Activation branch = k > 0 ? sums.get(k - 1) : null;
        cotangents.add(new Cotangents(skip, step.skipGain(), branch, step.branchGain()));
      }
      return cotangents;
    }

    private static List<Activation> pullBack(
        StepTrace step, List<Cotangents> cotangents, ExecutorService threads, int parts)
        throws InterruptedException, ExecutionException {
      List<Callable<List<Activation>>> calls = new ArrayList<>();
      int size = cotangents.size();
      for (int part = 0; part < parts; part++) {
        List<Cotangents> share = cotangents.subList(size * part / parts, size * (part + 1) / parts);
        calls.add(() -> step.pullBack(share));
      }
      List<Activation> results = new ArrayList<>();
      for (Future<List<Activation>> result : threads.invokeAll(calls)) {
        results.addAll(result.get());
      }
      return results;
    }

    @Override
    public void close() {
      stem.close();
      steps.forEach(StepTrace::close);
      head.close();
    }
  }
}
