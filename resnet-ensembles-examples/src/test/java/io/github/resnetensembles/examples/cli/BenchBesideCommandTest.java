package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BenchBesideCommandTest {
  private static final String JAVA = System.getProperty("java.home") + "/bin/java";

  @Test
  void ratiosOfWholeRunsAreSaid() {
    CommandRun run =
        CommandRun.of(
            "bench",
            "beside",
            "--rounds",
            "1",
            "--other",
            JAVA + " -version",
            "--",
            "paths",
            "--blocks",
            "3");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("[0-9.]+  whole command / the other program\\R[0-9.]+    round 1");
  }

  @Test
  void aCommandThatFailsIsNamed() {
    CommandRun run = CommandRun.of("bench", "beside", "--other", "no-such-program", "--", "paths");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error: a program ended with exit code 2: ");
  }

  /** At most 13 heads in 40 tosses of a coin are rarer than one in 40, 14 are not. */
  @Test
  void theIntervalOfAMedianIsTwoOfTheValues() {
    assertThat(BenchTimes.medianInterval(numbers(5))).isEmpty();
    assertThat(BenchTimes.medianInterval(numbers(6))).contains(new Interval(1, 6, 0.95));
    assertThat(BenchTimes.medianInterval(numbers(10))).contains(new Interval(2, 9, 0.95));
    assertThat(BenchTimes.medianInterval(numbers(40))).contains(new Interval(14, 27, 0.95));
  }

  private static List<Double> numbers(int count) {
    List<Double> numbers =
        new ArrayList<>(IntStream.rangeClosed(1, count).asDoubleStream().boxed().toList());
    Collections.reverse(numbers);
    return numbers;
  }

  @Test
  void manyRoundsBesideOtherWorkHaveAnInterval() {
    CommandRun run =
        CommandRun.of(
            "bench",
            "beside",
            "--busy",
            "1",
            "--rounds",
            "6",
            "--other",
            JAVA + " -version",
            "--",
            "paths",
            "--blocks",
            "3");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("[0-9.]+    high end\\R[0-9.]+    round 1");
    assertThat(CommandRun.words("bench beside --busy -1 --other x -- paths").err())
        .isEqualToNormalizingNewlines("error: --busy must be at least 0, got -1\n");
  }
}
