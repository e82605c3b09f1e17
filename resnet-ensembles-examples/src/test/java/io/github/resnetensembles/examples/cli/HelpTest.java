package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict",
        "lesion",
        "shapley",
        "gradients",
        "train",
        "merge",
        "paths",
        "plot",
        "report",
        "info",
        "bench",
        "bench beside",
        "bench train",
        "bench depth",
        "verify",
        "convert",
        "bench soak"
      })
  void everyCommandHasHelp(String command) {
    PrintStream err = System.err;
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    CommandRun run;
    try {
      System.setErr(new PrintStream(warnings, true, UTF_8));
      run = CommandRun.words(command + " --help");
    } finally {
      System.setErr(err);
    }

    assertThat(run.exitCode()).isZero();
    assertThat(warnings.toString(UTF_8)).as("what picocli says of its formats").isEmpty();
    assertThat(run.out()).startsWith("Usage: resnet-ensembles " + command + " ").contains("--help");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void lesionListsTheContractsFlags() {
    assertThat(CommandRun.of("lesion", "--help").out())
        .contains(
            "--weights",
            "--arch",
            "--data",
            "--split",
            "--limit",
            "--offset",
            "--batch",
            "--seed",
            "--device",
            "--backend",
            "--threads",
            "--precision",
            "--exclude",
            "--json",
            "--csv",
            "--plot",
            "--quiet",
            "--verbose",
            "--key",
            "--rename",
            "--mean",
            "--std",
            "--zero-pad",
            "--shortcut-input",
            "--plain",
            "--delete",
            "--k",
            "--draws",
            "--delete-skip",
            "--duplicate",
            "--swap",
            "--pairs",
            "--scale",
            "--order",
            "--keep-only",
            "--replace-mean",
            "--resample",
            "--reference",
            "--plan",
            "--shard",
            "--save-plan");
  }

  @Test
  void theVersionIsTheBuilds() {
    assertThat(CommandRun.of("--version").out().strip())
        .matches("resnet-ensembles \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
  }

  @Test
  void infoNamesTheBackends() {
    CommandRun run = CommandRun.of("info");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("Java " + System.getProperty("java.version"))
        .contains("backend djl: ")
        .contains("backend reference: engine ");
  }
}
