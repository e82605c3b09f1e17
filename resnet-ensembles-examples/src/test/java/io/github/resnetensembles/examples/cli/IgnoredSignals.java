package io.github.resnetensembles.examples.cli;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A shell starts its background jobs with SIGINT ignored; so do all programs below it, unless they
 * ask for it, and the JVM does not.
 */
final class IgnoredSignals {
  private static final Map<String, Integer> NUMBERS =
      Map.of("HUP", 1, "INT", 2, "KILL", 9, "TERM", 15);

  private IgnoredSignals() {}

  /** Skips the test where a process that it starts would never get the signal. */
  static void assumeDelivered(String signal) throws IOException {
    assumeFalse(
        isIgnored(Objects.requireNonNull(NUMBERS.get(signal))),
        "this build runs where SIG" + signal + " is ignored, as in the background of a shell");
  }

  private static boolean isIgnored(int number) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .anyMatch(mask -> (mask >> (number - 1) & 1) == 1);
    }
  }
}
