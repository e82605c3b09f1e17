package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
 * that does the same work.
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
      required = true,
      description = "The other program, with its arguments separated by spaces.")
  private String beside = "";

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
    checkInputs();
    List<Double> whole = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      others.add(BenchTimes.besideSeconds(beside, SECONDS));
      whole.add(BenchTimes.wallSeconds(wholeCommand()));
      common.err().println("round " + round + " of " + rounds);
    }
    say("whole command / the other program", BenchTimes.median(whole) / BenchTimes.median(others));
    for (int i = 0; i < rounds; i++) {
      say("  round " + (i + 1), whole.get(i) / others.get(i));
    }
    return ExitCodes.DONE;
  }

  /** What is wrong is said before the other program runs. */
  private void checkInputs() {
    ImageSet unusedImages = data.open();
    Weights unusedWeights = network.load(compute.seed);
    Backend unusedBackend = compute.backend();
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
}
