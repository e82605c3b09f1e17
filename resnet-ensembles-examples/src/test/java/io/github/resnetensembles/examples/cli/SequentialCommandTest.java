package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.result.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lesions until intervals are narrow enough, by the command line. */
class SequentialCommandTest {
  private static final String COMMAND =
      "lesion --delete random --k 1..3 --weights pretrained:preresnet-20 --data builtin --limit 200"
          + " --device cpu --seed 3 --quiet";

  @TempDir Path folder;

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private SequentialReport read(String name) throws IOException {
    return SequentialReport.fromJson(Files.readString(folder.resolve(name)));
  }

  private static CommandRun run(String flags) {
    return CommandRun.words(COMMAND + flags);
  }

  @Test
  void textAndFiles() throws IOException {
    CommandRun run =
        run(
            " --interval-width 0.2 --json %s --csv %s --plot %s"
                .formatted(file("r.json"), file("r.csv"), file("r.svg")));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("cost: as much as intervals 0.2 wide take");
    SequentialReport result = read("r.json");
    assertThat(result.design().width()).isEqualTo(0.2);
    assertThat(result.design().batchSize()).isEqualTo(4);
    assertThat(result.reached()).isTrue();
    assertThat(run.out().lines())
        .anyMatch(line -> line.startsWith("k   1  mean error") && line.contains("all 9 lesions"))
        .anyMatch(line -> line.startsWith("k   3  mean error"))
        .anyMatch(
            line ->
                line.equals(
                    "all intervals are narrow enough; 1 rounds, 50 batches of 4 images, %s block"
                            .formatted(result.report().cost().blockEvaluations())
                        + " evaluations"));
    assertThat(Files.readString(folder.resolve("r.csv"))).isEqualTo(result.toCsv());
    assertThat(folder.resolve("r.svg")).content().contains("until precise enough");
  }

  @Test
  void goesOnFromAnEarlierResult() throws IOException {
    assertThat(run(" --interval-width 0.2 --json " + file("wide.json")).exitCode()).isZero();
    CommandRun alone = run(" --interval-width 0.09 --budget 60000 --json " + file("alone.json"));
    CommandRun resumed =
        run(
            " --interval-width 0.09 --budget 60000 --resume %s --json %s"
                .formatted(file("wide.json"), file("resumed.json")));

    assertThat(alone.exitCode()).as(alone.err()).isZero();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.out()).isEqualTo(alone.out());
    assertThat(read("resumed.json").report().rows()).isEqualTo(read("alone.json").report().rows());
    assertThat(read("alone.json").end()).isNotEmpty();
  }

  @Test
  void equalResultsMerge() throws IOException {
    assertThat(run(" --interval-width 0.2 --json " + file("one.json")).exitCode()).isZero();
    CommandRun merged =
        CommandRun.words(
            "merge %s %s --json %s --csv %s"
                .formatted(file("one.json"), file("one.json"), file("all.json"), file("all.csv")));

    assertThat(merged.exitCode()).as(merged.err()).isZero();
    assertThat(merged.out()).contains("all intervals are narrow enough");
    assertThat(read("all.json").report().rows()).isEqualTo(read("one.json").report().rows());
    assertThat(read("all.json").report().cost()).isEqualTo(read("one.json").report().cost());
    assertThat(Files.readString(folder.resolve("all.csv"))).isEqualTo(read("one.json").toCsv());
  }

  /** Batches are pieces: two processes share them, and a second run has them all. */
  @Test
  void aStoreKeepsBatches() throws IOException {
    String flags = " --interval-width 0.15 --threads 1 --store " + file("store");
    CommandRun alone = run(" --interval-width 0.15 --json " + file("alone.json"));
    CommandRun worker = run(flags + " --worker");
    CommandRun pieces = run(flags + " --json " + file("pieces.json"));

    for (CommandRun run : List.of(alone, worker, pieces)) {
      assertThat(run.exitCode()).as(run.err()).isZero();
    }
    assertThat(worker.out()).isEmpty();
    assertThat(pieces.out()).isEqualTo(alone.out());
    SequentialReport result = read("pieces.json");
    assertThat(result.report().rows()).isEqualTo(read("alone.json").report().rows());
    assertThat(result.rounds()).isEqualTo(read("alone.json").rounds());
    assertThat(result.points()).isEqualTo(read("alone.json").points());
    assertThat(
            result.provenance().runs().stream().mapToLong(Provenance.Run::blockEvaluations).sum())
        .isEqualTo(result.report().cost().blockEvaluations());
    try (Stream<Path> files = Files.walk(folder.resolve("store").resolve("results"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".jsonl.gz")))
          .hasSize(result.rounds().stream().mapToInt(SequentialReport.Round::batches).sum());
    }
  }

  @Test
  void badInput() throws IOException {
    CommandRun few = CommandRun.words(COMMAND.replace("200", "99") + " --interval-width 0.1");
    assertThat(few.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(few.err()).contains("at least 100 images").contains("got 99");

    Files.writeString(folder.resolve("no.json"), "{}");
    CommandRun unreadable = run(" --interval-width 0.1 --resume " + file("no.json"));
    assertThat(unreadable.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(unreadable.err()).contains("no.json");

    assertThat(run(" --interval-width 0.2 --json " + file("r.json")).exitCode()).isZero();
    CommandRun other = run(" --interval-width 0.1 --batch 3 --resume " + file("r.json"));
    assertThat(other.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(other.err()).contains("of another design").contains("in batches of 3");
  }
}
