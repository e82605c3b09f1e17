package io.github.resnetensembles.djl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.model.Verification;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.weights.RenameRules;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real weights on real images give the numbers that an independent PyTorch program gets:
 * src/test/resources/golden, see NOTES.md there.
 */
@Tag("data")
class GoldenTest {
  private static final Path PLAIN_NAMES = Path.of("..", "docs", "rename-a-martyn.txt");

  private static final List<Double> PLAIN_MEAN =
      List.of(.4918687901200927, .49185976472299225, .4918583862227116);
  private static final List<Double> PLAIN_STD =
      List.of(.24697121702736, .24696766978537033, .2469719877121087);

  private static Weights weights(String network) throws IOException {
    return switch (network) {
      case "resnet20" -> Weights.of(DataFolder.file("weights/resnet20-12fca82f.th"));
      case "resnet56" -> Weights.of(DataFolder.file("weights/resnet56-4bfd9763.th"));
      case "preresnet20" -> Weights.of(DataFolder.file("weights/preresnet20.pth"));
      case "plain20", "plain56" ->
          Weights.from(DataFolder.file("weights/am_plainnet" + network.substring(5) + ".pt"))
              .rename(RenameRules.parse(Files.readAllLines(PLAIN_NAMES, UTF_8)))
              .plain(true)
              .zeroPadding(Shortcut.ZERO_PAD_END)
              .normalisation(PLAIN_MEAN, PLAIN_STD)
              .load();
      default -> throw new IllegalArgumentException(network);
    };
  }

  private static ImageSet testImages() {
    return ImageSets.cifar10(DataFolder.file("cifar10/test_batch.bin"));
  }

  /** The counts that the weights' authors state, or that PyTorch gets, of 10,000. */
  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "resnet20, 827, 1",
    "preresnet20, 1138, 1",
    "plain20, 970, 5",
    "resnet56, 661, 1",
    "plain56, 1308, 5"
  })
  void errorOnTheWholeTestSet(String network, int wrong, int tolerance) throws IOException {
    checkError(network, wrong, tolerance);
  }

  private static void checkError(String network, int wrong, int tolerance) throws IOException {
    try (ResidualModel model = ResidualModel.open(Backends.load("djl"), weights(network))) {
      Evaluation evaluation = model.evaluate(testImages());
      assertThat(evaluation.total()).isEqualTo(10_000);
      assertThat(evaluation.wrong()).isCloseTo(wrong, within(tolerance));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet20", "preresnet20", "plain20"})
  void lesionsAndLogits(String network) throws IOException {
    JsonObject golden = read(network);
    Map<Lesion, JsonObject> expected = deletions(golden);
    expected.putAll(manyDeletionsAndOrders(golden));
    checkLesionsAndLogits(network, golden, expected);
  }

  /** Deleting many blocks of a deep network takes minutes: see below. */
  @Test
  @Tag("slow")
  void deletionsAndLogitsOfADeepNetwork() throws IOException {
    JsonObject golden = read("resnet56");
    checkLesionsAndLogits("resnet56", golden, deletions(golden));
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"resnet56", "plain56"})
  void lesionsAndLogitsOfDeepNetworks(String network) throws IOException {
    lesionsAndLogits(network);
  }

  private static Map<Lesion, JsonObject> deletions(JsonObject golden) {
    Map<Lesion, JsonObject> expected = new LinkedHashMap<>();
    int block = 0;
    for (JsonElement row : golden.getAsJsonArray("delete_each")) {
      expected.put(Lesion.delete(++block), row.getAsJsonObject());
    }
    return expected;
  }

  private static Map<Lesion, JsonObject> manyDeletionsAndOrders(JsonObject golden) {
    Map<Lesion, JsonObject> expected = new LinkedHashMap<>();
    for (JsonElement row : golden.getAsJsonArray("delete_many")) {
      expected.put(
          Lesion.delete(ints(row.getAsJsonObject().get("deleted"))), row.getAsJsonObject());
    }
    for (JsonElement row : golden.getAsJsonArray("reorder")) {
      expected.put(Lesion.order(ints(row.getAsJsonObject().get("order"))), row.getAsJsonObject());
    }
    return expected;
  }

  private static void checkLesionsAndLogits(
      String network, JsonObject golden, Map<Lesion, JsonObject> expected) throws IOException {
    ImageSet images =
        testImages().range(golden.get("offset").getAsInt(), golden.get("images").getAsInt());
    try (ResidualModel model = ResidualModel.open(Backends.load("djl"), weights(network))) {
      assertThat(model.architecture().size()).isEqualTo(golden.get("blocks").getAsInt());

      double[][] logits = logits(golden.getAsJsonArray("logits_first_8"));
      Verification verification = model.verify(images.batch(8), logits, 1e-3);
      assertThat(verification.failures()).isEmpty();
      assertThat(verification.parity().compared()).isEqualTo(80);

      LesionReport report =
          model.lesions().lesions(expected.keySet().toArray(new Lesion[0])).run(images);
      check(report.baseline(), golden.getAsJsonObject("baseline"));
      int i = 0;
      for (JsonObject row : expected.values()) {
        LesionRow result = report.rows().get(i++);
        check(result, row);
        if (row.has("kendallTau")) {
          assertThat(result.kendallTau().orElseThrow())
              .isCloseTo(row.get("kendallTau").getAsDouble(), within(1e-12));
        }
      }
    }
  }

  private static void check(LesionRow row, JsonObject golden) {
    double loss = golden.get("loss").getAsDouble();
    assertThat(row.wrong())
        .as(row.lesion() + ": wrong")
        .isCloseTo(golden.get("wrong").getAsInt(), within(1));
    assertThat(row.loss().orElseThrow())
        .as(row.lesion() + ": loss")
        .isCloseTo(loss, within(1e-3 * Math.max(1, loss)));
  }

  private static JsonObject read(String network) throws IOException {
    try (InputStream in = GoldenTest.class.getResourceAsStream("/golden/" + network + ".json")) {
      return JsonParser.parseReader(new InputStreamReader(in, UTF_8)).getAsJsonObject();
    }
  }

  private static int[] ints(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .mapToInt(JsonElement::getAsInt)
        .toArray();
  }

  private static double[][] logits(JsonArray rows) {
    double[][] logits = new double[rows.size()][];
    for (int i = 0; i < logits.length; i++) {
      logits[i] =
          StreamSupport.stream(rows.get(i).getAsJsonArray().spliterator(), false)
              .mapToDouble(JsonElement::getAsDouble)
              .toArray();
    }
    return logits;
  }
}
