package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.lesion.LesionReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on tiny untrained networks, the reference backend and the built-in images. */
class EndToEndTest {
  private static final String TINY =
      " --arch resnet-8 --data builtin --limit 20 --backend reference --seed 3 --quiet ";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"resnet-8", "preresnet-8", "plain-8"})
  void predictCountsErrors(String architecture) throws IOException {
    Path json = folder.resolve("predict.json");
    CommandRun run =
        CommandRun.words(
            "predict --data builtin --limit 20 --backend reference --arch "
                + architecture
                + " --logits 3 --json "
                + json);

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject result = read(json);
    int wrong = result.get("wrong").getAsInt();
    assertThat(result.get("total").getAsInt()).isEqualTo(20);
    assertThat(wrong).isBetween(0, 20);
    assertThat(result.get("errorRate").getAsDouble()).isEqualTo(wrong / 20.0);
    assertThat(result.get("loss").getAsDouble()).isPositive();
    assertThat(result.getAsJsonArray("logits")).hasSize(3);
    assertThat(result.getAsJsonArray("logits").get(0).getAsJsonArray()).hasSize(10);
    assertThat(result.getAsJsonObject("provenance").get("trained").getAsBoolean()).isFalse();
    assertThat(run.out())
        .contains("network: " + architecture + ", untrained", "wrong " + wrong + " of 20");
    assertThat(run.err()).contains("cost: 60 block evaluations", "images 100%");
  }

  /** Rows in the order of the flags, in every output; shards merge to the same. */
  @Test
  void severalPlansAreOneRun() throws IOException {
    String lesions = "lesion" + TINY + "--delete random --delete each --k 1..2 --draws 3 ";
    CommandRun run =
        CommandRun.words(
            lesions
                + "--json {}/all.json --csv {}/all.csv --plot {}/all.svg"
                    .replace("{}", folder.toString()));

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonArray rows = read(folder.resolve("all.json")).getAsJsonArray("rows");
    assertThat(rows).hasSize(9);
    assertThat(rows.get(0).getAsJsonObject().get("plan").getAsInt()).isEqualTo(1);
    assertThat(rows.get(6).getAsJsonObject().get("plan").getAsInt()).isEqualTo(2);
    assertThat(rows.get(6).getAsJsonObject().get("lesion").getAsString()).isEqualTo("delete{1}");
    assertThat(run.out().lines().map(line -> line.split(" ", -1)[0]))
        .containsSubsequence("intact", "plan", "plan", "delete{1}", "delete{2}", "delete{3}");
    assertThat(Files.readString(folder.resolve("all.svg")))
        .contains("<title id=\"delete-one-title\">", "<title id=\"delete-many-title\">");
    assertThat(Files.readAllLines(folder.resolve("all.csv"))).hasSize(10);

    for (int i = 1; i <= 2; i++) {
      CommandRun shard =
          CommandRun.words(lesions + "--shard " + i + "/2 --json " + folder + "/" + i + ".json");
      assertThat(shard.exitCode()).as(shard.err()).isZero();
    }
    String some = "merge {}/1.json --json {}/some.json".replace("{}", folder.toString());
    CommandRun partial = CommandRun.words(some);
    assertThat(partial.exitCode()).isEqualTo(1);
    assertThat(partial.err()).contains("incomplete, missing: rows 2, 4, 6, 8 of 9");
    assertThat(read(folder.resolve("some.json")).get("complete").getAsBoolean()).isFalse();
    assertThat(CommandRun.words(some + " --allow-partial").exitCode()).isZero();
    CommandRun merged =
        CommandRun.words(
            "merge {}/2.json {}/1.json --json {}/merged.json --plot {}/merged.svg"
                .replace("{}", folder.toString()));
    assertThat(merged.exitCode()).as(merged.err()).isZero();
    assertThat(read(folder.resolve("merged.json")).getAsJsonArray("rows")).isEqualTo(rows);
    CommandRun plots =
        CommandRun.words(
            "plot {}/all.json {}/merged.json --label A --label B --plot {}/both.svg"
                .replace("{}", folder.toString()));
    assertThat(plots.exitCode()).as(plots.err()).isZero();
  }

  @Test
  void predictWritesCsvAndPlot() {
    CommandRun run =
        CommandRun.words(
            "predict" + TINY + "--csv " + folder + "/p.csv --plot " + folder + "/p.png");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(folder.resolve("p.csv")).content().hasLineCount(2);
    assertThat(folder.resolve("p.png")).isNotEmptyFile();
  }

  @Test
  void everyBlockIsDeletedInTurn() throws IOException {
    Path json = folder.resolve("each.json");
    CommandRun run =
        CommandRun.words(
            "lesion"
                + TINY
                + "--delete each --json "
                + json
                + " --csv "
                + folder
                + "/each.csv --plot "
                + folder
                + "/each.svg");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject result = read(json);
    assertThat(result.getAsJsonObject("baseline").get("total").getAsInt()).isEqualTo(20);
    JsonArray rows = result.getAsJsonArray("rows");
    assertThat(rows).hasSize(3);
    for (int i = 0; i < 3; i++) {
      JsonObject row = rows.get(i).getAsJsonObject();
      assertThat(row.get("lesion").getAsString()).isEqualTo("delete{" + (i + 1) + "}");
      assertThat(row.getAsJsonArray("deleted").get(0).getAsInt()).isEqualTo(i + 1);
      assertThat(row.get("total").getAsInt()).isEqualTo(20);
    }
    JsonObject cost = result.getAsJsonObject("cost");
    assertThat(run.err())
        .contains(
            "cost: "
                + cost.get("blockEvaluations").getAsLong()
                + " block evaluations ("
                + cost.get("blockEvaluationsWithoutReuse").getAsLong()
                + " without reuse)");
    assertThat(run.out().lines().skip(2))
        .hasSize(4)
        .allMatch(
            line ->
                line.matches(
                    "(intact|delete\\{\\d}) +error +\\d+\\.\\d\\d %  wrong \\d+ of 20  loss \\d+\\.\\d{6}"));
    assertThat(folder.resolve("each.csv")).content().hasLineCount(4);
    assertThat(folder.resolve("each.svg")).content(UTF_8).contains("<svg");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--delete random --k 1..2 --draws 2",
        "--delete pairs",
        "--delete subsets",
        "--delete 1,3 --scale 2=0.5",
        "--delete-skip 1",
        "--duplicate 1",
        "--duplicate random --k 1",
        "--keep-only none",
        "--replace-mean 2",
        "--resample 2,3"
      })
  void everyKindOfLesionRuns(String flags) {
    Path json = folder.resolve("out.json");
    String common = TINY.replace("--limit 20", "--limit 4");

    CommandRun run =
        CommandRun.words(
            ("lesion" + common + flags + " --json " + json + " --plot " + folder + "/out.png")
                .replaceAll(" +", " "));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(report(json).complete()).isTrue();
    assertThat(folder.resolve("out.png")).isNotEmptyFile();
  }

  @Test
  void referenceImagesComeFromAFile() throws IOException {
    int cifarRecord = 3073;
    Path reference = Files.write(folder.resolve("reference.bin"), new byte[3 * cifarRecord]);
    Path json = folder.resolve("out.json");

    ok("lesion" + TINY + "--replace-mean 2 --json " + json + " --reference " + reference);

    assertThat(read(json).getAsJsonArray("rows").get(0).toString()).contains("\"count\":3");
  }

  @Test
  void swapsCarryOrderAndTau() throws IOException {
    Path json = folder.resolve("swap.json");
    CommandRun run =
        CommandRun.words(
            "lesion --arch resnet-20 --data builtin --limit 4 --backend reference --quiet"
                + " --swap random --pairs 1..2 --draws 2 --json "
                + json
                + " --plot "
                + folder
                + "/swap.png");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonObject row = read(json).getAsJsonArray("rows").get(0).getAsJsonObject();
    assertThat(row.getAsJsonArray("order")).hasSize(9);
    // One swap of two neighbours or of the ends of three blocks: 1 or 3 inversions of 36 pairs.
    assertThat(row.get("kendallTau").getAsDouble()).isIn(1 - 2 / 36.0, 1 - 6 / 36.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--draws 4", "--draws 3 --payoff negative_loss", "--exclude 2"})
  void blockValuesAddUp(String flags) throws IOException {
    Path json = folder.resolve("shapley.json");
    String command = "shapley" + TINY + flags + " --json " + json + " --csv " + folder;

    CommandRun run =
        CommandRun.words((command + "/s.csv --plot " + folder + "/s.png").replaceAll(" +", " "));

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).startsWith("cost: ");
    JsonObject result = read(json);
    JsonArray blocks = result.getAsJsonArray("blocks");
    int players = flags.contains("--exclude") ? 2 : 3;
    double sum = 0;
    for (int i = 0; i < players; i++) {
      JsonObject block = blocks.get(i).getAsJsonObject();
      double shapley = block.get("shapley").getAsDouble();
      sum += shapley;
      assertThat(block.get("low").getAsDouble()).isLessThanOrEqualTo(shapley);
      assertThat(block.get("high").getAsDouble()).isGreaterThanOrEqualTo(shapley);
      assertThat(block.has("banzhaf")).isTrue();
    }
    assertThat(blocks).hasSize(players);
    assertThat(sum)
        .isCloseTo(
            result.get("full").getAsDouble() - result.get("empty").getAsDouble(), within(1e-9));
    assertThat(result.get("exact").getAsBoolean()).isEqualTo(!flags.contains("--draws"));
    assertThat(run.out().lines().filter(line -> line.startsWith("block "))).hasSize(players);
    assertThat(folder.resolve("s.csv")).content().hasLineCount(players + 1);
    assertThat(folder.resolve("s.png")).isNotEmptyFile();
  }

  @Test
  void runsAreTheSameButForProvenance() throws IOException {
    String command = "lesion" + TINY + "--delete random --k 1..2 --draws 2 --json " + folder;

    CommandRun first = CommandRun.words(command + "/a.json");
    CommandRun second = CommandRun.words(command + "/b.json");

    assertThat(first.out()).isEqualTo(second.out());
    JsonObject a = read(folder.resolve("a.json"));
    JsonObject b = read(folder.resolve("b.json"));
    a.remove("provenance");
    b.remove("provenance");
    assertThat(a).isEqualTo(b);
  }

  @Test
  void shardsOfAPlanMergeToTheWhole() throws IOException {
    String where = " --json " + folder;
    String plan = folder.resolve("plan.json").toString();
    ok("lesion" + TINY + "--delete random --k 1..2 --draws 3" + where + "/whole.json");
    ok("lesion --arch resnet-8 --seed 3 --delete random --k 1..2 --draws 3 --save-plan " + plan);
    String files = "";
    for (String records : List.of("--limit 12", "--offset 12 --limit 8")) {
      for (int i = 1; i <= 2; i++) {
        String file = folder + "/shard-" + files.length() + ".json";
        ok(
            "lesion"
                + TINY.replace("--limit 20", records)
                + ("--plan " + plan + " --shard " + i + "/2 --json " + file));
        files = " " + file + files;
      }
    }

    ok("merge" + files + files.substring(0, files.lastIndexOf(' ')) + where + "/merged.json");

    assertThat(withoutProvenance("merged.json")).isEqualTo(withoutProvenance("whole.json"));
    ok("merge " + folder + "/merged.json " + folder + "/whole.json" + where + "/again.json");
    assertThat(withoutProvenance("again.json")).isEqualTo(withoutProvenance("whole.json"));
  }

  private static LesionReport report(Path file) {
    return (LesionReport) InputFiles.result(file);
  }

  private JsonObject withoutProvenance(String file) throws IOException {
    JsonObject json = read(folder.resolve(file));
    json.remove("provenance");
    return json;
  }

  /** As results of older versions are: without a fingerprint. */
  @Test
  void resultsWithoutFingerprintAreMergedOnRequestOnly() throws IOException {
    ok("lesion" + TINY + "--delete 1 --json " + folder + "/a.json");
    ok("lesion" + TINY + "--delete 2 --json " + folder + "/b.json");
    JsonObject json =
        JsonParser.parseString(Files.readString(folder.resolve("b.json"))).getAsJsonObject();
    assertThat(json.getAsJsonObject("provenance").remove("fingerprint").getAsJsonArray())
        .hasSize(40);
    Files.writeString(folder.resolve("b.json"), json.toString());
    String merge = "merge " + folder + "/a.json " + folder + "/b.json --json " + folder + "/m.json";

    CommandRun refused = CommandRun.words(merge);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .startsWith("error: result 2 has no fingerprint of its network")
        .hasLineCount(1);
    assertThat(folder.resolve("m.json")).doesNotExist();
    ok(merge + " --allow-unverified");
    assertThat(report(folder.resolve("m.json")).rows()).hasSize(2);
  }

  @Test
  void overlappingResultsAreNotMerged() {
    ok("lesion" + TINY + "--delete 1 --json " + folder + "/a.json");
    ok("lesion" + TINY + "--offset 10 --delete 1 --json " + folder + "/b.json");

    CommandRun run =
        CommandRun.words(
            "merge " + folder + "/a.json " + folder + "/b.json --json " + folder + "/m.json");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains("[0, 20) and [10, 30)").hasLineCount(1);
    assertThat(folder.resolve("m.json")).doesNotExist();
  }

  @Test
  void imagesAreKnownAsTheirUserSays() throws IOException {
    String command = "predict" + TINY.replace("--quiet ", "");
    ok(command + "--json " + folder + "/unknown.json");
    ok(command + "--dataset cifar10 --json " + folder + "/known.json");

    assertThat(dataset("unknown.json").isJsonNull()).isTrue();
    assertThat(dataset("known.json").getAsString()).isEqualTo("CIFAR-10");
    CommandRun run = CommandRun.words(command + "--dataset imagenet");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("ImageNet has 1000 classes").hasLineCount(1);
  }

  private JsonElement dataset(String file) throws IOException {
    return read(folder.resolve(file)).getAsJsonObject("provenance").get("dataset");
  }

  @Test
  void resultsAreDrawnTogether() {
    ok("lesion" + TINY + "--delete each --json " + folder + "/a.json");
    ok(
        "lesion"
            + TINY.replace("resnet-8", "plain-8")
            + "--delete each --json "
            + folder
            + "/b.json");

    ok("plot " + folder + "/a.json " + folder + "/b.json --plot " + folder + "/both.png");

    assertThat(folder.resolve("both.png")).isNotEmptyFile();
  }

  @Test
  void anOffsetBeyondTheDataIsBadUsage() {
    CommandRun run = CommandRun.words("predict" + TINY + "--offset 2000");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("error: --offset 2000 leaves no image: ")
        .endsWith(" has 2000" + System.lineSeparator())
        .hasLineCount(1);
  }

  private static void ok(String words) {
    CommandRun run = CommandRun.words(words);
    assertThat(run.exitCode()).as(words + ": " + run.err()).isZero();
  }

  private static JsonObject read(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file, UTF_8)).getAsJsonObject();
  }
}
