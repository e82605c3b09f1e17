package io.github.resnetensembles.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.gradient.PathGradients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a tiny untrained network of three blocks, the reference backend and the built-in images. */
class GradientsCommandTest {
  private static final String TINY =
      "gradients --arch resnet-8 --data builtin --batch 2 --backend reference --seed 3 --quiet ";

  @TempDir Path folder;

  @Test
  void exactSumsAddUpToTheGradient() throws IOException {
    Path json = folder.resolve("g.json");
    CommandRun run =
        CommandRun.words(
            TINY
                + "--parameters --json "
                + json
                + " --csv "
                + folder
                + "/g.csv --plot "
                + folder
                + "/g.png");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("cost: 9 block VJPs for each batch (9 without shared ends of paths)");
    assertThat(run.out())
        .contains("network: resnet-8, untrained", "gradient at y_0, BatchNorm in eval mode")
        .contains("effective lengths ");
    JsonObject result = read(json);
    assertThat(result.getAsJsonArray("lengths")).hasSize(4);
    double shares = 0;
    for (JsonElement row : result.getAsJsonArray("lengths")) {
      shares += row.getAsJsonObject().get("share").getAsDouble();
      assertThat(row.getAsJsonObject().get("pathSumNorm").getAsDouble()).isPositive();
      assertThat(row.getAsJsonObject().has("meanPathNorm")).isFalse();
    }
    assertThat(shares).isCloseTo(1, within(1e-9));
    assertThat(result.get("fullNorm").getAsDouble()).isPositive();
    assertThat(result.get("residual").getAsDouble()).isLessThan(1e-12);
    assertThat(result.getAsJsonObject("effective").get("mass").getAsDouble())
        .isBetween(0.95, 1.0 + 1e-9);
    assertThat(result.getAsJsonObject("effective").keySet())
        .containsExactly("from", "to", "mass", "pathShare");
    PathGradients read = PathGradients.fromJson(Files.readString(json));
    assertThat(read.batches().get(0).parameters()).hasSize(3);
    assertThat(read.toJson()).isEqualTo(Files.readString(json).strip());
    assertThat(Files.readAllLines(folder.resolve("g.csv"))).hasSize(5);
    assertThat(folder.resolve("g.png")).isNotEmptyFile();
  }

  @Test
  void sampledPathsAndSigns() throws IOException {
    Path json = folder.resolve("g.json");
    CommandRun sampled =
        CommandRun.words(
            TINY
                + "--mode sampled --samples 2 --batches 3 --mass 0.5 --json "
                + json
                + " --plot "
                + folder
                + "/g.svg");
    assertThat(sampled.exitCode()).as(sampled.err()).isZero();
    JsonObject result = read(json);
    assertThat(result.getAsJsonArray("batches")).hasSize(3);
    assertThat(result.has("residual")).isFalse();
    JsonObject row = result.getAsJsonArray("lengths").get(1).getAsJsonObject();
    assertThat(row.get("meanPathNorm").getAsDouble())
        .isBetween(row.get("low").getAsDouble(), row.get("high").getAsDouble());
    assertThat(row.has("pathSumNorm")).isFalse();
    assertThat(result.getAsJsonObject("effective").get("mass").getAsDouble())
        .isGreaterThanOrEqualTo(0.5);
    assertThat(folder.resolve("g.svg")).content().contains("<svg");

    CommandRun signs = CommandRun.words(TINY + "--mode signs --samples 3 --json " + json);
    assertThat(signs.exitCode()).as(signs.err()).isZero();
    JsonObject signed = read(json).getAsJsonArray("lengths").get(0).getAsJsonObject();
    assertThat(signed.get("rmsPathNorm").getAsDouble())
        .isCloseTo(signed.get("pathSumNorm").getAsDouble(), within(1e-9));
    assertThat(signed.get("cancellation").getAsDouble()).isCloseTo(1, within(1e-9));
  }

  @Test
  void onePath() throws IOException {
    Path json = folder.resolve("g.json");
    for (String path : List.of("1,3", "none")) {
      CommandRun run =
          CommandRun.words(
              TINY + "--path " + path + " --at image --batchnorm train --json " + json);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.out())
          .contains("gradient at the image, BatchNorm in train mode")
          .contains("path " + (path.equals("none") ? "{}" : "{1,3}") + "  norm ");
      JsonObject result = read(json);
      assertThat(result.getAsJsonArray("path")).hasSize(path.equals("none") ? 0 : 2);
      assertThat(result.get("norm").getAsDouble()).isPositive();
      assertThat(result.has("lengths")).isFalse();
    }
  }

  @Test
  void whatIsCutOffIsSaidAndRefused() throws IOException {
    Path json = folder.resolve("g.json");
    CommandRun run =
        CommandRun.words(TINY + "--max-length 1 --json " + json + " --plot " + folder + "/g.png");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("effective lengths: refused, the sums over path lengths lack ");
    JsonObject result = read(json);
    assertThat(result.get("verified").getAsBoolean()).isFalse();
    assertThat(result.get("effective").isJsonNull()).isTrue();
    assertThat(result.get("residual").getAsDouble()).isGreaterThan(1e-3);
    assertThat(result.getAsJsonArray("lengths")).hasSize(2);
  }

  @Test
  void twoRunsDifferOnlyInProvenance() throws IOException {
    Path json = folder.resolve("g.json");
    String words = TINY + "--mode sampled --samples 2 --json " + json;
    CommandRun first = CommandRun.words(words);
    JsonObject one = read(json);
    CommandRun second = CommandRun.words(words + " --threads 1");
    JsonObject two = read(json);
    one.remove("provenance");
    two.remove("provenance");
    assertThat(two).isEqualTo(one);
    assertThat(second.out()).isEqualTo(first.out());
  }

  private static JsonObject read(Path json) throws IOException {
    return JsonParser.parseString(Files.readString(json)).getAsJsonObject();
  }
}
