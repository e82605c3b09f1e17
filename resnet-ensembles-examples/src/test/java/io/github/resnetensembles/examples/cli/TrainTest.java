package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train} on few of the built-in images, with the reference backend. */
class TrainTest {
  private static final String TINY =
      "train --arch resnet-8 --data builtin --limit 24 --test-limit 10 --batch 8 --epochs 2"
          + " --backend reference --quiet ";

  @TempDir Path folder;

  @Test
  void trainsWritesAndResumes() throws IOException {
    String out = "--out " + folder.resolve("run");
    CommandRun run = CommandRun.words(TINY + out + " --json " + folder.resolve("a.json"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("epoch 1: ", "epoch 2: ", "weights.safetensors");
    JsonObject result = read("a.json");
    JsonArray epochs = result.getAsJsonArray("epochs");
    assertThat(epochs).hasSize(2);
    JsonObject last = epochs.get(1).getAsJsonObject();
    assertThat(last.get("epoch").getAsInt()).isEqualTo(2);
    assertThat(last.get("loss").getAsDouble()).isPositive();
    assertThat(last.get("errorRate").getAsDouble()).isBetween(0.0, 1.0);
    assertThat(last.get("learningRate").getAsDouble()).isPositive();
    assertThat(result.getAsJsonObject("provenance").get("trained").getAsBoolean()).isTrue();

    CommandRun predicted =
        CommandRun.words(
            "predict --data builtin --limit 10 --backend reference --quiet --weights "
                + folder.resolve("run/weights.safetensors"));
    assertThat(predicted.out()).contains("wrong " + last.get("wrong").getAsInt() + " of 10");

    CommandRun again = CommandRun.words(TINY + out);
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("holds checkpoints");
    CommandRun resumed =
        CommandRun.words(TINY + out + " --resume --json " + folder.resolve("b.json"));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("resuming after step 6");
    assertThat(read("b.json").get("epochs")).isEqualTo(result.get("epochs"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "--stochastic-depth 0.5 --per-image, 0.5",
        "--stochastic-depth 0.5 --scale-in-training, 1.0",
        "--keep-blocks 2 --exclude transitions --scale-kept --rest-dropped, 1.0",
        "--lengths 1..2 --recipe paper, 1.0",
        "--recipe stochastic-depth-paper --clip-norm 1 --label-smoothing 0.1, 0.5"
      })
  void wiringsAreFlags(String flags, double lastGain) throws IOException {
    String oneStep = TINY.replace("--limit 24", "--limit 8").replace("--epochs 2", "--epochs 1");
    CommandRun run =
        CommandRun.words(
            oneStep + flags + " --out " + folder + " --json " + folder.resolve("r.json"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonArray blocks =
        read("r.json")
            .getAsJsonObject("provenance")
            .getAsJsonObject("architecture")
            .getAsJsonArray("blocks");
    JsonObject last = blocks.get(2).getAsJsonObject();
    assertThat(last.has("gain") ? last.get("gain").getAsDouble() : 1).isEqualTo(lastGain);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--momentum 0.5 | {'momentum':0.5,'nesterov':true,'weightDecay':1.0E-4",
        "--optimizer sgd --weight-decay 0 | {'momentum':0.9,'nesterov':true,'weightDecay':0.0",
        "--optimizer adamw --learning-rate 0.01 --beta2 0.9 "
            + "| {'optimizer':'adamw','beta1':0.9,'beta2':0.9,'epsilon':1.0E-8,'weightDecay':0.05",
        "--recipe transformer --weight-decay 0.25 "
            + "| {'optimizer':'adamw','beta1':0.9,'beta2':0.999,'epsilon':1.0E-8,'weightDecay':0.25"
      })
  void optimizersAreFlags(String flags, String expected) throws IOException {
    String oneStep = TINY.replace("--limit 24", "--limit 8").replace("--epochs 2", "--epochs 1");
    CommandRun run =
        CommandRun.words(
            oneStep + flags + " --out " + folder + " --json " + folder.resolve("r.json"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject recipe = read("r.json").getAsJsonObject("recipe");
    JsonObject optimizer = new JsonObject();
    for (String field :
        List.of("optimizer", "momentum", "nesterov", "beta1", "beta2", "epsilon", "weightDecay")) {
      if (recipe.has(field)) {
        optimizer.add(field, recipe.get(field));
      }
    }
    assertThat(optimizer.toString()).isEqualTo(expected.replace('\'', '"') + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--stochastic-depth 0.5 --keep-blocks 2 | exclude each other",
        "--per-image | need --stochastic-depth",
        "--keep-blocks 4 | 0 to 3 can be kept in each batch, got 4",
        "--stochastic-depth 1.5 | (0, 1], got 1.5",
        "--clip-norm 0 | the clip norm must be positive",
        "--probe-lesions 0 | every 1 or more",
        "--recipe slow | --recipe",
        "--optimizer adam | --optimizer",
        "--optimizer adamw | --optimizer adamw needs --learning-rate R",
        "--recipe transformer --optimizer sgd | --optimizer sgd needs --learning-rate R",
        "--optimizer adamw --learning-rate 0.01 --momentum 0.9 | --momentum is SGD's",
        "--recipe transformer --momentum 0.9 | --momentum is SGD's",
        "--beta2 0.9 | --beta1 and --beta2 are AdamW's",
        "--recipe transformer --beta1 1 | beta1 must be in [0, 1), got 1.0",
        "--momentum 1 | momentum must be in [0, 1), got 1.0",
        "--recipe transformer --weight-decay -1 | weight decay must be finite and at least 0"
      })
  void badUsageIsOneLine(String flags, String expected) {
    CommandRun run = CommandRun.words(TINY + flags + " --out " + folder.resolve("bad"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(expected).hasLineCount(1);
  }

  @Test
  void whatCannotBeWrittenAfterTheWorkBeganIsNoBadUsage() throws IOException {
    Path best = Files.createDirectories(folder.resolve("run/best.safetensors"));
    CommandRun run = CommandRun.words(TINY + "--out " + folder.resolve("run"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().strip()).isEqualTo("error: cannot write " + best + ": it is a directory");
  }

  @Test
  void needsAFolder() {
    CommandRun run = CommandRun.words(TINY.strip());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--out DIR");
  }

  private JsonObject read(String name) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve(name))).getAsJsonObject();
  }
}
