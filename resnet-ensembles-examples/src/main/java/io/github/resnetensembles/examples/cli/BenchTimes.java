package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.statistics.Interval;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** Seconds, of this program and of others. */
final class BenchTimes {
  private BenchTimes() {}

  /**
   * Runs another program.
   *
   * @param reported finds the seconds that the program prints, if it does
   * @return these seconds, or its wall time
   */
  static double besideSeconds(String command, Pattern reported) throws InterruptedException {
    Run run = seconds(Arrays.asList(command.trim().split("\\s+")), Redirect.DISCARD);
    Matcher matcher = reported.matcher(run.output());
    return matcher.find() ? Double.parseDouble(matcher.group(1)) : run.wall();
  }

  /** Runs a program, which may say what is wrong, and times it. */
  static double wallSeconds(List<String> command) throws InterruptedException {
    return seconds(command, Redirect.INHERIT).wall();
  }

  private record Run(double wall, String output) {}

  private static Run seconds(List<String> command, Redirect errors) throws InterruptedException {
    try {
      long start = System.nanoTime();
      Process process = new ProcessBuilder(command).redirectError(errors).start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new RunFailedException(
            "a program ended with exit code " + exit + ": " + String.join(" ", command));
      }
      return new Run(since(start), output);
    } catch (IOException e) {
      throw new InvalidInputException(
          "cannot run '" + String.join(" ", command) + "': " + e.getMessage(), e);
    }
  }

  static double since(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * The interval of the median whose ends are two of the values, whatever these are distributed
   * like; none where there are too few of them.
   */
  static Optional<Interval> medianInterval(List<Double> values) {
    int size = values.size();
    int below =
        BinomialDistribution.of(size, 0.5)
            .inverseCumulativeProbability((1 - Interval.DEFAULT_LEVEL) / 2);
    if (below == 0) {
      return Optional.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    return Optional.of(
        new Interval(sorted.get(below - 1), sorted.get(size - below), Interval.DEFAULT_LEVEL));
  }
}
