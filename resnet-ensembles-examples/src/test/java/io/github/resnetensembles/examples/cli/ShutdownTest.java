package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no POSIX signals")
class ShutdownTest {
  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
  void waitsForTheWorkAndEndsWithTheSignalsCode(String signal, int exitCode)
      throws IOException, InterruptedException {
    IgnoredSignals.assumeDelivered(signal);
    try (SubProcess program = SubProcess.of(WaitingProgram.class.getName())) {
      program.awaitLine("working");

      program.signal(signal);

      assertThat(program.awaitLine("tidied up")).isEqualTo("tidied up, requested true");
      assertThat(program.exitCode()).isEqualTo(exitCode);
    }
  }

  @Test
  void workThatDoesNotStopIsAbandonedWithALine() throws IOException, InterruptedException {
    try (SubProcess program = SubProcess.of(WaitingProgram.class.getName(), "stubborn")) {
      program.awaitLine("working");

      program.signal("TERM");

      assertThat(program.awaitLine("error"))
          .isEqualTo(
              "error: the work did not stop within 1 seconds and is abandoned; what it had not"
                  + " written is lost");
      assertThat(program.exitCode()).isEqualTo(143);
    }
  }
}
