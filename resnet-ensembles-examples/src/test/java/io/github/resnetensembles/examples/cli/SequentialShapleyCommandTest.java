package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.SequentialReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shapley values until intervals are narrow enough, by the command line. */
class SequentialShapleyCommandTest {
  private static final String COMMAND =
      "shapley --weights pretrained:preresnet-20 --data builtin --limit 200"
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
  void textFilesAndResuming() throws IOException {
    CommandRun run =
        run(
            " --interval-width 0.5 --json %s --csv %s --plot %s"
                .formatted(file("r.json"), file("r.csv"), file("r.svg")));
    CommandRun again =
        run(
            " --interval-width 0.5 --resume %s --json %s"
                .formatted(file("r.json"), file("again.json")));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("cost: as much as intervals 0.5 wide take");
    SequentialReport result = read("r.json");
    assertThat(result.design().shapley()).isTrue();
    assertThat(run.out().lines())
        .anyMatch(line -> line.startsWith("block   1  Shapley "))
        .anyMatch(line -> line.equals("400 random orders, each on one batch"))
        .anyMatch(line -> line.startsWith("all intervals are narrow enough; 1 rounds, 50 batches"));
    assertThat(Files.readString(folder.resolve("r.csv"))).isEqualTo(result.toCsv());
    assertThat(folder.resolve("r.svg")).content().contains("What each block contributes");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).isEqualTo(run.out());
  }

  @Test
  void aStoreKeepsBatches() throws IOException {
    CommandRun alone = run(" --interval-width 0.5");
    CommandRun pieces =
        run(" --interval-width 0.5 --json %s --store %s".formatted(file("p.json"), file("store")));

    assertThat(pieces.exitCode()).as(pieces.err()).isZero();
    assertThat(pieces.out()).isEqualTo(alone.out());
    assertThat(read("p.json").complete()).isTrue();
  }

  @Test
  void badInput() {
    for (List<String> wrong :
        List.of(
            List.of(" --interval-width 2", "between 0 and 1, such as 0.02, got 2.0"),
            List.of(" --interval-width 0.1 --draws 5", "leave out --draws"),
            List.of(" --interval-width 0.1 --payoff negative_loss", "leave out --payoff"),
            List.of(" --interval-width 0.1 --budget 0", "--budget must be at least 1, got 0"),
            List.of(" --budget 100", "--budget needs --interval-width W"),
            List.of(" --resume r.json", "--resume needs --interval-width W"))) {
      CommandRun run = run(wrong.get(0));
      assertThat(run.exitCode()).as(wrong.get(0)).isEqualTo(ExitCodes.BAD_INPUT);
      assertThat(run.err()).contains(wrong.get(1));
    }
  }
}
