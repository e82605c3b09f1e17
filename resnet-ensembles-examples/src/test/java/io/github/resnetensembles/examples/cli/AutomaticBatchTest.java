package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --batch auto}. */
class AutomaticBatchTest {
  private static final String NETWORK =
      " --arch resnet-8 --data builtin --limit 20 --backend reference --threads 1 --quiet"
          + " --batch auto";
  private static final Pattern SAID = Pattern.compile("(?m)^batch: (\\d+) \\(auto\\)$");

  @TempDir private Path folder;

  private CommandRun run(String words) {
    return CommandRun.words(words.replace("{}", folder.toString()));
  }

  /** The one size that is said. */
  private static int said(CommandRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    Matcher matcher = SAID.matcher(run.err());
    assertThat(matcher.find()).as(run.err()).isTrue();
    int size = Integer.parseInt(matcher.group(1));
    assertThat(matcher.find()).as(run.err()).isFalse();
    return size;
  }

  @Test
  void lesionsHaveTheSizeThatIsSaid() {
    int size = said(run("lesion --delete 1..2 --json {}/a.json" + NETWORK));

    assertThat(size).isIn(8, 16);
    LesionReport report = (LesionReport) Results.read(folder.resolve("a.json"));
    assertThat(report.provenance().batchSize()).isEqualTo(size);
  }

  @Test
  void soDoesAnEvaluation() {
    int size = said(run("predict --logits 18 --json {}/a.json" + NETWORK));

    Evaluation evaluation = (Evaluation) Results.read(folder.resolve("a.json"));
    assertThat(evaluation.provenance().batchSize()).isEqualTo(size);
    assertThat(evaluation.total()).isEqualTo(20);
  }

  @Test
  void studiesShareIt() {
    int size =
        said(
            run(
                "study"
                    + NETWORK
                    + " lesion --delete 1 --json {}/a.json shapley --draws 2 --json {}/b.json"));

    assertThat(Results.read(folder.resolve("a.json")).provenance().batchSize()).isEqualTo(size);
    assertThat(folder.resolve("b.json")).content().contains("\"batchSize\":" + size);
  }

  @Test
  void aResumedSequenceKeepsItsOwn() throws IOException {
    String command =
        "lesion --delete random --k 1 --arch resnet-8 --data builtin --limit 100 --backend"
            + " reference --quiet --interval-width ";
    assertThat(run(command + "0.9 --batch 1 --json {}/a.json").exitCode()).isZero();

    CommandRun resumed =
        run(command + "0.8 --batch auto --resume {}/a.json --json {}/b.json --threads 1");

    assertThat(said(resumed)).isEqualTo(1);
    SequentialReport report = SequentialReport.fromJson(Files.readString(folder.resolve("b.json")));
    assertThat(report.design().batchSize()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lesion --delete 1 --store {}/store | --store
          lesion --delete each --shard 1/2 | --shard
          study --store {}/store | --store
          gradients | gradients
          report --out {}/out --batch auto | report
          """)
  void refusals(String words, String reason) {
    String command = words.startsWith("report") ? words : words + NETWORK;
    CommandRun run = run(words.startsWith("study") ? command + " lesion --delete 1" : command);

    assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("error: --batch auto does not go with " + reason)
        .endsWith("; give a number" + System.lineSeparator());
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aStudyRefusesGradients() {
    CommandRun run = run("study" + NETWORK + " lesion --delete 1 gradients");

    assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(run.err()).startsWith("error: --batch auto does not go with gradients");
  }

  @Test
  void badSizes() {
    CommandRun word = run("lesion --delete 1 --arch resnet-8 --data builtin --batch many");
    assertThat(word.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(word.err())
        .startsWith(
            "error: Invalid value for option '--batch': expected a number of images, or auto, got"
                + " 'many'");

    CommandRun training = run("bench train --arch resnet-8 --batch 16");
    assertThat(training.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
    assertThat(training.err()).contains("Unknown option").contains("--batch");
  }
}
