package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench beside}: a whole command beside another program that does the same work. */
@Command(
    name = "beside",
    description = {
      "Times a whole command of this program, its start included, beside another program that does"
          + " the same work.",
      "The other program may print \"..._seconds\": S; otherwise its wall time counts."
    },
    sortOptions = false)
final class BenchBesideCommand implements Callable<Integer> {
  private static final Pattern SECONDS = Pattern.compile("_seconds\"\\s*:\\s*([0-9.eE+-]+)");

  @Parameters(
      arity = "1..*",
      paramLabel = "COMMAND",
      description = "The command with its flags, after --: -- lesion --delete each ...")
  private List<String> command = new ArrayList<>();

  @Option(
      names = "--other",
      paramLabel = "PROGRAM",
      required = true,
      description = "The other program, with its arguments separated by spaces.")
  private String other = "";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds, whose medians count (default: 3).")
  private int rounds;

  @Option(
      names = "--busy",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of this process that are busy with something else meanwhile.")
  private int busy;

  @Mixin private final CommonOptions common = new CommonOptions();

  BenchBesideCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    if (rounds < 1) {
      throw new InvalidInputException("--rounds must be at least 1, got " + rounds);
    }
    if (busy < 0) {
      throw new InvalidInputException("--busy must be at least 0, got " + busy);
    }
    List<String> whole =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    whole.addAll(command);
    List<Double> own = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    BusyThreads neighbours = new BusyThreads(busy);
    try {
      for (int round = 1; round <= rounds; round++) {
        // Turn about, so that what drifts favours neither.
        if (round % 2 == 0) {
          others.add(BenchTimes.besideSeconds(other, SECONDS));
        }
        own.add(BenchTimes.wallSeconds(whole));
        if (round % 2 == 1) {
          others.add(BenchTimes.besideSeconds(other, SECONDS));
        }
        common.err().println("round " + round + " of " + rounds);
      }
    } finally {
      neighbours.end();
    }
    report(own, others);
    return ExitCodes.DONE;
  }

  private void report(List<Double> own, List<Double> others) {
    say("whole command / the other program", BenchTimes.median(own) / BenchTimes.median(others));
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      ratios.add(own.get(i) / others.get(i));
    }
    BenchTimes.medianInterval(ratios)
        .ifPresent(
            interval -> {
              say("  median of the rounds", BenchTimes.median(ratios));
              say("  low end of its 95 % interval", interval.low());
              say("  high end", interval.high());
            });
    for (int i = 0; i < rounds; i++) {
      say("  round " + (i + 1), ratios.get(i));
    }
  }

  private void say(String what, double ratio) {
    common.out().println(String.format(Locale.ROOT, "%.3f  %s", ratio, what));
  }
}
