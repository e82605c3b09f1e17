package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of other results than those of lesions, and of files that do not go together. */
class MergeCommandTest {
  private static final String GRADIENTS =
      "gradients --arch resnet-8 --data builtin --batch 2 --batches 5 --backend reference --seed 3"
          + " --quiet --mode sampled --samples 2 ";

  private static final String LESION =
      "lesion --arch resnet-8 --data builtin --limit 6 --backend reference --seed 3 --quiet ";

  @TempDir Path folder;

  @BeforeEach
  void lesions() {
    ok(LESION + "--delete 1 --json " + file("one"));
    ok(LESION + "--delete 2 --json " + file("two"));
  }

  private Path file(String name) {
    return folder.resolve(name + ".json");
  }

  private static CommandRun ok(String command) {
    CommandRun run = CommandRun.words(command.replaceAll(" +", " "));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private JsonObject measured(String name) throws IOException {
    JsonObject json = JsonParser.parseString(Files.readString(file(name))).getAsJsonObject();
    json.remove("provenance");
    return json;
  }

  private void refused(String message, String... names) {
    StringBuilder command = new StringBuilder("merge");
    for (String name : names) {
      command.append(" ").append(file(name));
    }
    CommandRun run = CommandRun.words(command + " --json " + file("merged"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(message).hasLineCount(1);
    assertThat(file("merged")).doesNotExist();
  }

  @Test
  void batchesOfGradients() throws IOException {
    ok(GRADIENTS + "--json " + file("whole"));
    ok(GRADIENTS + "--only-batches 4..5 --json " + file("end"));
    ok(GRADIENTS + "--only-batches 1..2 --json " + file("start"));
    ok(GRADIENTS + "--only-batches 3..3 --json " + file("middle"));

    CommandRun part =
        ok(
            "merge --allow-partial "
                + file("end")
                + " "
                + file("start")
                + " --json "
                + file("part"));
    ok("merge " + file("part") + " " + file("middle") + " --json " + file("merged"));

    assertThat(part.out()).contains("incomplete, missing: batch 3 of 5");
    assertThat(measured("merged")).isEqualTo(measured("whole")).isNotEqualTo(measured("part"));
    ok(
        "merge "
            + file("merged")
            + " --json "
            + file("again")
            + " --csv "
            + folder
            + "/again.csv"
            + " --plot "
            + folder
            + "/again.svg");
    assertThat(Files.readAllLines(folder.resolve("again.csv"))).hasSize(5);
    assertThat(folder.resolve("again.svg")).isNotEmptyFile();
  }

  @Test
  void recalibrations() throws IOException {
    for (String name : new String[] {"one", "two"}) {
      LesionReport report = (LesionReport) InputFiles.result(file(name));
      new Recalibration(report, report.rows(), report.baseline(), "calibration", "c".repeat(64), 2)
          .writeJson(file("re-" + name));
    }

    CommandRun run =
        ok("merge " + file("re-two") + " " + file("re-one") + " --json " + file("merged"));

    Recalibration merged = (Recalibration) InputFiles.result(file("merged"));
    assertThat(merged.recalibrated()).isEqualTo(merged.report().rows()).hasSize(2);
    assertThat(run.out())
        .contains(
            "statistics estimated anew on: calibration", "delete{1}", "delete{2}", "  anew  ");
  }

  @Test
  void seriesOfTrainings() throws IOException {
    ImageSet images = ImageSets.builtIn().limit(8);
    for (long seed : new long[] {1, 2}) {
      Training training =
          Training.of(Architecture.of("resnet-8"))
              .recipe(TrainingRecipe.quick().toBuilder().epochs(1).seed(seed).build())
              .backend(Backends.load("reference"));
      TrainingHistory history = training.run(images, images).history();
      new TrainingSeries(List.of(1L, 2L), List.of(history)).writeJson(file("seed-" + seed));
    }

    CommandRun run =
        ok("merge " + file("seed-2") + " " + file("seed-1") + " --json " + file("merged"));

    TrainingSeries merged = (TrainingSeries) InputFiles.result(file("merged"));
    assertThat(merged.complete()).isTrue();
    assertThat(run.out()).containsSubsequence("seed 1  error", "seed 2  error", "mean error");
    CommandRun partial =
        CommandRun.words("merge " + file("seed-2") + " --quiet --json " + file("part"));
    assertThat(partial.exitCode()).isEqualTo(1);
    assertThat(partial.err()).contains("incomplete, missing: seed 1");
  }

  @Test
  void onlyResultsOfOneKindThatMerges() {
    ok(GRADIENTS + "--json " + file("gradients"));
    ok(
        "shapley --arch resnet-8 --data builtin --limit 6 --backend reference --seed 3 --quiet"
            + " --json "
            + file("values"));
    refused(
        file("one") + " has a lesion-report, but " + file("gradients") + " a path-gradients",
        "one",
        "gradients");
    refused(
        file("values")
            + " has a block-values, which cannot be merged; give results of lesions,"
            + " gradients, recalibrations or series of trainings",
        "values");
  }
}
