package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flag {@code --wirings-at-once}. */
class WiringsAtOnceTest {
  private static final String NETWORK =
      " --arch resnet-8 --data builtin --device cpu --batch 8 --limit 20 --quiet";
  private static final String LESIONS = "lesion --delete each" + NETWORK;

  @TempDir Path folder;

  private JsonObject json(String command) throws IOException {
    Path file = folder.resolve("result.json");
    CommandRun run = CommandRun.words(command + " --json " + file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject json = JsonParser.parseString(Files.readString(file, UTF_8)).getAsJsonObject();
    Files.delete(file);
    return json;
  }

  private static List<Integer> wrong(JsonObject report) {
    List<Integer> wrong = new ArrayList<>();
    for (JsonElement row : report.getAsJsonArray("rows")) {
      wrong.add(row.getAsJsonObject().get("wrong").getAsInt());
    }
    return wrong;
  }

  @Test
  void theResultIsTheSameAndSaysIt() throws IOException {
    JsonObject together = json(LESIONS + " --precision float64 --wirings-at-once 3");
    JsonObject alone = json(LESIONS + " --precision float64 --wirings-at-once 1");

    assertThat(wrong(together)).isEqualTo(wrong(alone)).hasSize(3);
    assertThat(together.getAsJsonObject("provenance").get("wiringsAtOnce").getAsInt()).isEqualTo(3);
    assertThat(alone.getAsJsonObject("provenance").has("wiringsAtOnce")).isFalse();
  }

  @Test
  void aStoreTellsTheNumbersApart() {
    String stored = LESIONS + " --store " + folder.resolve("store");

    assertThat(CommandRun.words(stored).err()).contains("pieces: 3, of which the store has 0");
    assertThat(CommandRun.words(stored + " --wirings-at-once 2").err())
        .contains("pieces: 3, of which the store has 0");
    assertThat(CommandRun.words(stored + " --wirings-at-once 2").err())
        .contains("pieces: 3, of which the store has 3");
  }

  @Test
  void blockValuesAndWholeStudiesTakeIt() throws IOException {
    assertThat(json("shapley --wirings-at-once 4" + NETWORK).has("blocks")).isTrue();
    CommandRun sequence =
        CommandRun.words(
            "lesion --delete random --k 1..2 --interval-width 0.9 --wirings-at-once 4 --arch resnet-8"
                + " --data builtin --device cpu --batch 8 --limit 200 --quiet");
    assertThat(sequence.exitCode()).as(sequence.err()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lesion --delete each --wirings-at-once 0",
        "lesion --delete each --wirings-at-once 1025",
        "gradients --wirings-at-once 2",
        "predict --wirings-at-once 2"
      })
  void whereItHasNoMeaningItIsRefused(String command) {
    CommandRun run = CommandRun.words(command + NETWORK);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).containsAnyOf("1 to 1024 wirings", "--wirings-at-once");
  }
}
