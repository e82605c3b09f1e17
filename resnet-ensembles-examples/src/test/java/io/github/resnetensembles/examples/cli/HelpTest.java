package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class HelpTest {
  private static final Streams NOWHERE =
      new Streams(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());

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
            "--wirings-at-once",
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

  /** A command is made alone when the first word names it. */
  @Test
  void everyCommandIsFoundByItsName() {
    assertThat(Main.commandLine(NOWHERE).getSubcommands().keySet())
        .hasSize(14)
        .allSatisfy(
            name -> {
              CommandRun run = CommandRun.of(name, "--help");
              assertThat(run.exitCode()).as(run.err()).isZero();
              assertThat(run.out()).startsWith("Usage: resnet-ensembles " + name + " ");
              assertThat(Main.meant(name))
                  .singleElement()
                  .satisfies(
                      command ->
                          assertThat(command.getAnnotation(Command.class).name()).isEqualTo(name));
            });
    assertThat(Main.meant()).hasSize(14).isEqualTo(Main.meant("fly"));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void infoSaysHowTheEngineIsSetUp() throws IOException, InterruptedException {
    assertThat(waiting(Map.of()))
        .isEqualTo("waiting engine threads: asleep after some microseconds");
    assertThat(waiting(Map.of("OMP_WAIT_POLICY", "ACTIVE")))
        .isEqualTo("waiting engine threads: OMP_WAIT_POLICY=ACTIVE");
    assertThat(CommandRun.of("info").out())
        .as("a process that was not set up")
        .contains("memory: what is freed goes where the C library puts it")
        .contains("waiting engine threads: as the engine does by itself");
  }

  private static String waiting(Map<String, String> environment)
      throws IOException, InterruptedException {
    try (SubProcess process = SubProcess.of(environment, Main.class.getName(), "info")) {
      process.awaitLine("memory: what is freed stays for the next tensor");
      return process.awaitLine("waiting");
    }
  }
}
