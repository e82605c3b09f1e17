package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
}
