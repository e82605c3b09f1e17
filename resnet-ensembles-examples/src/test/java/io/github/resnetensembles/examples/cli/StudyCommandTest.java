package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.run.StudyTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several studies in one run. */
class StudyCommandTest {
  private static final String NETWORK =
      " --arch resnet-8 --data builtin --device cpu --batch 8 --seed 3 --quiet";
  private static final String EACH = "lesion --delete each";
  private static final String RANDOM = "lesion --delete random --k 1..2 --draws 3";
  private static final String GRADIENTS = "gradients --mode signs --samples 2 --batches 3";
  private static final String VALUES = "shapley --draws 3 --payoff negative_loss";

  @TempDir Path folder;

  private static CommandRun succeed(String command) {
    CommandRun run = CommandRun.words(command);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private String json(String name) {
    return " --json " + folder.resolve(name + ".json");
  }

  private String all(String prefix) {
    return " %s%s %s%s %s%s %s%s"
        .formatted(
            EACH,
            json(prefix + "each"),
            RANDOM,
            json(prefix + "random"),
            GRADIENTS,
            json(prefix + "gradients"),
            VALUES,
            json(prefix + "values"));
  }

  private String comparable(String name) throws IOException {
    JsonObject json =
        JsonParser.parseString(Files.readString(folder.resolve(name + ".json"))).getAsJsonObject();
    json.remove("provenance");
    return json.toString();
  }

  private void assertAsAlone(String prefix) throws IOException {
    succeed(EACH + NETWORK + " --limit 40" + json("each"));
    succeed(RANDOM + NETWORK + " --limit 40" + json("random"));
    succeed(GRADIENTS + NETWORK + " --limit 40" + json("gradients"));
    succeed(VALUES + NETWORK + " --limit 40" + json("values"));
    for (String name : List.of("each", "random", "gradients", "values")) {
      assertThat(comparable(prefix + name)).as(name).isEqualTo(comparable(name));
    }
  }

  @Test
  void givesWhatTheStudiesGiveAlone() throws IOException {
    succeed("study" + NETWORK + " --limit 40" + all("together-"));
    assertAsAlone("together-");
  }

  @Test
  void worksOnThePiecesOfAllTogether() throws IOException {
    String store = " --limit 40 --max-cost 60 --store " + folder.resolve("store");
    succeed("study" + NETWORK + store + " --worker " + EACH + " " + RANDOM);

    CommandRun rest = succeed("study" + NETWORK + store + all("pieces-"));

    assertThat(rest.err())
        .containsPattern("pieces: (\\d+), of which the store has [1-9]")
        .doesNotContainPattern("pieces: (\\d+), of which the store has \\1;");
    assertAsAlone("pieces-");
    assertThat(succeed("study" + NETWORK + store + all("again-")).err())
        .containsPattern("pieces: (\\d+), of which the store has \\1;");
  }

  @Test
  void sharesItsStoreWithTheCommandsThatItIsMadeOf() {
    String store = " --limit 40 --max-cost 60 --store " + folder.resolve("store");
    succeed(EACH + NETWORK + store);
    assertThat(succeed("study" + NETWORK + store + " " + EACH).err())
        .containsPattern("pieces: (\\d+), of which the store has \\1;");
  }

  @Test
  void processesRunEveryStudy() throws IOException {
    succeed(
        "study"
            + NETWORK
            + " --limit 40 --processes 2 --store "
            + folder.resolve("store")
            + all("processes-"));
    assertAsAlone("processes-");
  }

  @Test
  void otherProgramsRunEveryStudy() {
    List<String> command =
        List.of(
            ("study" + NETWORK + " --threads 1 --limit 16 --store x " + EACH + " " + GRADIENTS)
                .split(" ", -1));
    try (CommandStudy study = CommandStudy.open(command)) {
      assertThat(study.studies()).extracting(StudyTasks::description).hasSize(2);
    }
  }

  @Test
  void oneResultGoesToStandardOutput() {
    CommandRun run = succeed("study" + NETWORK + " --limit 8 " + EACH + " --json - " + VALUES);
    assertThat(JsonParser.parseString(run.out()).getAsJsonObject().get("kind").getAsString())
        .isEqualTo("lesion-report");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | no study: name lesion, gradients or shapley",
        "lesion | no lesion: give --delete",
        "lesion --delete 1 --save-plan p.json | give it to the command lesion",
        "lesion --delete 1 --limit 3 | study lesion --help",
        "predict | predict",
        "shapley --draws 1 | --draws must be at least 2",
        "lesion --delete 1 --json FILE gradients --json FILE | name the same file",
        "lesion --delete 1 --json - gradients --csv - | standard output, which takes one result",
        "--worker lesion --delete 1 | --worker needs --store",
        "--store STORE --worker lesion --delete 1 gradients --json FILE | --worker writes no result",
        "--store STORE gradients --only-batches 1..2 | leave out --only-batches",
      })
  void whatDoesNotGoTogetherIsRefused(String words, String complaint) {
    CommandRun run =
        CommandRun.words(
            ("study" + NETWORK + " --limit 8 " + words)
                .replace("FILE", folder.resolve("x.json").toString())
                .replace("STORE", folder.resolve("store").toString())
                .strip());
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(complaint);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void everyWordHasItsHelp() {
    assertThat(succeed("study --help").out()).contains("(lesion | gradients | shapley)...");
    assertThat(succeed("study lesion --delete each gradients --help").out())
        .contains("--batches")
        .doesNotContain("--weights");
  }
}
