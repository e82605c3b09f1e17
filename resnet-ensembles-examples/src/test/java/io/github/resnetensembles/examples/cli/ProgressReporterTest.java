package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressReporterTest {
  private final StringWriter text = new StringWriter();
  private final PrintWriter err = new PrintWriter(text, true);

  @Test
  void endsWithAllTheWorkDone() {
    try (ProgressReporter reporter = ProgressReporter.of("lesions", false, err)) {
      reporter.onProgress(new Progress("study", 0, 5400, 0, 200));
      reporter.onProgress(new Progress("study", 5400, 5400, 200, 200));
    }

    assertThat(text.toString()).contains("lesions 100%", "5400/5400", "image 200 of 200");
  }

  @Test
  void workOfUnknownSizeIsNoError() {
    try (ProgressReporter reporter = ProgressReporter.of("lesions", false, err)) {
      reporter.onProgress(new Progress("study", 0, 0, 0, 1));
    }

    assertThat(text.toString()).contains("lesions");
  }

  @Test
  void quietSaysNothing() {
    try (ProgressReporter reporter = ProgressReporter.of("lesions", true, err)) {
      reporter.onProgress(new Progress("study", 10, 10, 1, 1));
    }

    assertThat(text.toString()).isEmpty();
  }
}
