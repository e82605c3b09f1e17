package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "JNA is used on Linux only")
class UnwritablePlacesTest {
  @TempDir private Path folder;

  @Test
  void neitherHomeNorTemporaryFilesAreNeeded() throws IOException, InterruptedException {
    Path png = folder.resolve("lengths.png");
    Map<String, String> environment =
        Map.of(
            "HOME",
            "/nonexistent",
            "JAVA_TOOL_OPTIONS",
            "-Djava.io.tmpdir=/nonexistent -Duser.home=/nonexistent");
    try (SubProcess process =
        SubProcess.of(
            environment,
            Main.class.getName(),
            "paths",
            "--blocks",
            "5",
            "--plot",
            png.toString())) {
      String first = process.awaitLine("");
      assertThat(first).startsWith("Picked up JAVA_TOOL_OPTIONS");
      assertThat(process.awaitLine("")).doesNotContain("com.sun.jna");
      assertThat(process.exitCode()).isZero();
    }
    assertThat(png).isNotEmptyFile();
  }
}
