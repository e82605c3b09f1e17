package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Studies in pieces, kept in a store. */
class StoreCommandTest {
  private static final String NETWORK = " --arch resnet-8 --data builtin --device cpu --batch 8";
  private static final String LESIONS =
      "lesion --delete each --delete random --k 1..2 --draws 3 --limit 40" + NETWORK;

  @TempDir Path folder;

  private String json(String command, String name) throws IOException {
    Path file = folder.resolve(name + ".json");
    CommandRun run = CommandRun.words(command + " --quiet --json " + file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return comparable(file);
  }

  private static String comparable(Path file) throws IOException {
    JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    json.remove("provenance");
    return json.toString();
  }

  private long pieces() throws IOException {
    return results().size();
  }

  private List<Path> results() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
      return files.filter(file -> file.toString().endsWith(".jsonl.gz")).sorted().toList();
    }
  }

  private String stored(String more) {
    return " --store " + folder.resolve("store") + more;
  }

  @Test
  void piecesGiveTheBytesOfOneRunAndAreFoundAgain() throws IOException {
    String whole = json(LESIONS, "whole");

    assertThat(json(LESIONS + stored(" --max-cost 60"), "pieces")).isEqualTo(whole);

    long pieces = pieces();
    assertThat(pieces).isGreaterThan(3);
    CommandRun again = CommandRun.words(LESIONS + stored(" --max-cost 60 --quiet"));
    assertThat(again.err())
        .contains("pieces: %s, of which the store has %s".formatted(pieces, pieces));
    assertThat(again.exitCode()).isZero();
    assertThat(pieces()).isEqualTo(pieces);
  }

  @Test
  void blockValuesAreInPiecesToo() throws IOException {
    String command = "shapley --draws 4 --limit 40" + NETWORK;
    assertThat(json(command + stored(" --max-cost 100"), "pieces"))
        .isEqualTo(json(command, "whole"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--mode exact", "--mode sampled --samples 3", "--mode signs --samples 2"})
  void gradientsAreInPiecesToo(String mode) throws IOException {
    String command = "gradients --batches 5 " + mode + NETWORK;
    assertThat(json(command + stored(" --max-cost 1"), "pieces")).isEqualTo(json(command, "whole"));
    assertThat(pieces()).isEqualTo(5);
  }

  @Test
  void gradientsThatStopWhereTheyArePreciseCannotBeCut() {
    CommandRun run =
        CommandRun.words("gradients --batches 5 --stop-at 0.5" + NETWORK + stored(" --quiet"));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("precision");
  }

  @Test
  void aWorkerWritesNoResult() throws IOException {
    CommandRun worker = CommandRun.words(LESIONS + stored(" --max-cost 200 --worker --quiet"));
    assertThat(worker.exitCode()).as(worker.err()).isZero();
    assertThat(worker.out()).isEmpty();
    assertThat(pieces()).isPositive();
    assertThat(json(LESIONS + stored(" --max-cost 200"), "pieces"))
        .isEqualTo(json(LESIONS, "whole"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--processes 2 | --processes needs --store",
        "--max-cost 5 | --max-cost needs --store",
        "--worker | --worker needs --store",
        "--mixed | --mixed needs --store",
        "--store STORE --processes 0 | --processes must be at least 1, got 0",
        "--store STORE --max-cost 0 | --max-cost must be at least 1, got 0",
        "--store STORE --worker --processes 2 | leave out --processes",
        "--store STORE --worker --json x.json | --worker writes no result",
      })
  void whatDoesNotGoTogetherIsRefused(String flags, String complaint) {
    CommandRun run =
        CommandRun.words(
            LESIONS + " " + flags.replace("STORE", folder.resolve("store").toString()));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(complaint);
    assertThat(folder.resolve("store")).doesNotExist();
  }

  @Test
  void aFolderOfSomethingElseIsNoStore() throws IOException {
    Files.createDirectories(folder.resolve("store"));
    Files.writeString(folder.resolve("store").resolve("mine.txt"), "mine");
    CommandRun run = CommandRun.words(LESIONS + stored(" --quiet"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("holds something else than a store");
  }

  private SubProcess start(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(LESIONS.split(" ", -1)));
    arguments.addAll(List.of(stored(" --max-cost 40").strip().split(" ", -1)));
    arguments.addAll(List.of(more));
    return SubProcess.of(Main.class.getName(), arguments.toArray(String[]::new));
  }

  private void finishAndCompare() throws IOException, InterruptedException {
    Path file = folder.resolve("killed.json");
    try (SubProcess last = start("--processes", "2", "--json", file.toString())) {
      assertThat(last.exitCode()).isZero();
    }
    assertThat(comparable(file)).isEqualTo(json(LESIONS, "whole"));
  }

  /** Workers, or the process that started them, end without warning. */
  private void killed(int kills) throws IOException, InterruptedException {
    Random random = new Random(7);
    int killed = 0;
    while (killed < kills) {
      try (SubProcess parent = start("--processes", "2")) {
        while (parent.isAlive() && killed < kills) {
          Thread.sleep(500 + random.nextInt(2500));
          List<ProcessHandle> children = parent.children();
          if (random.nextInt(3) == 0 || children.isEmpty()) {
            killed += parent.kill() ? 1 : 0;
          } else {
            killed += children.get(random.nextInt(children.size())).destroyForcibly() ? 1 : 0;
          }
        }
      }
      if (random.nextInt(3) == 0 && Files.exists(folder.resolve("store"))) {
        forget(random);
      }
    }
    finishAndCompare();
  }

  /** Takes results away, so that there is something left to do. */
  private void forget(Random random) throws IOException {
    for (Path file : results()) {
      if (random.nextBoolean()) {
        Files.delete(file);
      }
    }
  }

  @Test
  @Tag("slow")
  void processesMayBeKilledTwentyTimes() throws IOException, InterruptedException {
    killed(20);
  }

  /** The weakest instructions stand for another machine. */
  @Test
  @Timeout(120)
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void anotherInstructionSetIsLetInOnRequestAlone() throws IOException, InterruptedException {
    Map<String, String> weak =
        Map.of("ATEN_CPU_CAPABILITY", "default", "ONEDNN_MAX_CPU_ISA", "SSE41");
    String json = json(LESIONS, "strong");
    Path other = folder.resolve("weak.json");
    try (SubProcess process =
        SubProcess.of(weak, Main.class.getName(), words(LESIONS + " --json " + other))) {
      assertThat(process.exitCode()).isZero();
    }
    String merge =
        "merge %s %s --json %s"
            .formatted(folder.resolve("strong.json"), other, folder.resolve("merged.json"));
    CommandRun refused = CommandRun.words(merge);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("differ in their instruction set", "onednn=sse41", "last bits may differ");

    String stored = LESIONS + stored(" --max-cost 60 --quiet");
    assertThat(CommandRun.words(stored + " --worker").exitCode()).isZero();
    List<Path> results = results();
    Files.delete(results.get(0));
    try (SubProcess process = SubProcess.of(weak, Main.class.getName(), words(stored))) {
      String line = process.awaitLine("error: ");
      assertThat(line).contains("instruction set", "--mixed");
      assertThat(process.exitCode()).isEqualTo(2);
    }
    Path mixed = folder.resolve("mixed.json");
    try (SubProcess process =
        SubProcess.of(weak, Main.class.getName(), words(stored + " --mixed --json " + mixed))) {
      assertThat(process.exitCode()).isZero();
    }
    JsonObject provenance =
        JsonParser.parseString(Files.readString(mixed))
            .getAsJsonObject()
            .getAsJsonObject("provenance");
    assertThat(provenance.get("mixed").getAsBoolean()).isTrue();
    assertThat(json).doesNotContain("mixed");
  }

  private static String[] words(String command) {
    return command.split(" ", -1);
  }

  /** A limit of the size of files stands for a disk that is full. */
  @Test
  @Timeout(120)
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsSaidAndHarmsNothing() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(fullDisk()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    assertThat(said).contains("cannot write").contains("store").doesNotContain("\tat ");
    finishAndCompare();
  }

  private List<String> fullDisk() {
    List<String> command =
        new ArrayList<>(
            List.of(
                "bash",
                "-c",
                "ulimit -f 1; exec \"$@\"",
                "bash",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(LESIONS.split(" ", -1)));
    command.addAll(List.of(stored(" --max-cost 40 --quiet").strip().split(" ", -1)));
    return command;
  }
}
