package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile files: exit code 2, one line on standard error that names the file. */
class DamagedFilesTest {
  @TempDir Path folder;
  private byte[] good = {};

  @BeforeEach
  void makeGoodWeights() throws IOException {
    Path file = folder.resolve("good.safetensors");
    Weights.initialised(Architecture.resnet(8), 1).save(file);
    good = Files.readAllBytes(file);
  }

  @Test
  void goodWeightsAreFine() {
    CommandRun run = predict(folder.resolve("good.safetensors"), "builtin", "--limit", "2");
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void truncatedWeights() throws IOException {
    refused(weights(Arrays.copyOf(good, good.length - 1)), "weights");
    refused(weights(Arrays.copyOf(good, good.length / 2)), "weights");
    refused(weights(Arrays.copyOf(good, 7)), "weights");
    refused(weights(new byte[0]), "weights");
  }

  @Test
  void absurdHeaderLength() throws IOException {
    byte[] bytes = good.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
    refused(weights(bytes), "weights");
  }

  @Test
  void weightsThatAreNotFinite() throws IOException {
    byte[] bytes = good.clone();
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(bytes.length - Float.BYTES, Float.NaN);
    refused(weights(bytes), "finite");
  }

  @Test
  void wrongElementType() throws IOException {
    String text = new String(good, ISO_8859_1);
    refused(weights(text.replaceFirst("\"F32\"", "\"C64\"").getBytes(ISO_8859_1)), "weights");
  }

  @Test
  void weightsOfAnotherNetwork() {
    CommandRun run = predict(folder.resolve("good.safetensors"), "builtin", "--arch", "resnet-20");
    refused(run, "good.safetensors");
  }

  @Test
  void aPickleThatRunsCommands() throws IOException {
    Path marker = folder.resolve("executed");
    String pickle = "cos\nsystem\n(S'touch " + marker + "'\ntR.";
    refused(weights(("\u0080\u0002" + pickle).getBytes(ISO_8859_1)), "os.system");
    assertThat(marker).doesNotExist();
  }

  @Test
  void missingFiles() {
    refused(predict(folder.resolve("none.pt"), "builtin"), "none.pt");
    refused(predict(folder.resolve("good.safetensors"), folder + "/none.bin"), "none.bin");
    refused(predict(folder, "builtin"), folder.getFileName().toString());
    refused(predict(folder.resolve("good.safetensors"), folder.toString()), "test_batch.bin");
  }

  @Test
  void imagesOfOddSize() throws IOException {
    refused(data("test_batch.bin", new byte[3073 * 2 + 1]), "test_batch.bin");
    refused(data("test_batch.bin", new byte[0]), "test_batch.bin");
  }

  @Test
  void labelsOutOfRange() throws IOException {
    byte[] records = new byte[3073 * 8];
    records[3073 * 5] = 10;
    refused(data("test_batch.bin", records), "10");
  }

  @Test
  void damagedIdxFiles() throws IOException {
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 7});
    byte[] header = {0, 0, 8, 3, 0x7f, -1, -1, -1, 0, 0, 0, 28, 0, 0, 0, 28};
    refused(data("t10k-images-idx3-ubyte", header), "t10k-images-idx3-ubyte");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(header);
    }
    byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() - 9);
    refused(data("t10k-images-idx3-ubyte", half), "t10k-images-idx3-ubyte");
  }

  @Test
  void plansThatDoNotFit() throws IOException {
    refused(plan("{\"kind\":\"lesion-plan\",\"schema\":1,\"rows\":[]}"), "plan.json");
    refused(
        plan(
            "{\"kind\":\"lesion-plan\",\"schema\":1,\"blocks\":9,\"description\":\"x\","
                + "\"excluded\":[],\"rows\":[{\"operations\":[{\"kind\":\"delete\","
                + "\"blocks\":[1]}]}]}"),
        "the plan was made for 9 blocks but resnet-8 has 3");
    refused(plan("[".repeat(100_000)), "plan.json");
  }

  @Test
  void swapsAcrossStages() {
    refused(
        CommandRun.words("lesion --arch resnet-20 --data builtin --backend reference --swap 2-5"),
        "cannot swap blocks 2-5: block 2 works on (16, 32, 32), block 5 on (32, 16, 16)");
    refused(
        CommandRun.words(
            "lesion --arch plain-20 --data builtin --backend reference --delete-skip 3"),
        "block 3 is plain: it has no skip connection to delete");
  }

  @Test
  void aBadRenameRule() throws IOException {
    Path rules = Files.writeString(folder.resolve("rules.txt"), "# fine\n(broken -> x\n", UTF_8);
    refused(
        predict(folder.resolve("good.safetensors"), "builtin", "--rename", rules.toString()),
        "line 2");
  }

  private CommandRun weights(byte[] bytes) throws IOException {
    return predict(Files.write(folder.resolve("weights.pth"), bytes), "builtin");
  }

  private CommandRun data(String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    return predict(folder.resolve("good.safetensors"), file.toString());
  }

  private CommandRun plan(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("plan.json"), json, UTF_8);
    return CommandRun.words(
        "lesion --arch resnet-8 --data builtin --limit 2 --backend reference --plan " + file);
  }

  private static CommandRun predict(Path weights, String data, String... more) {
    String[] fixed = {
      "predict",
      "--quiet",
      "--backend",
      "reference",
      "--weights",
      weights.toString(),
      "--data",
      data
    };
    String[] all = Arrays.copyOf(fixed, fixed.length + more.length);
    System.arraycopy(more, 0, all, fixed.length, more.length);
    return CommandRun.of(all);
  }

  private static void refused(CommandRun run, String word) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    // What was printed before the file was read, such as the cost, may stand before the error.
    assertThat(run.err().lines().filter(line -> line.startsWith("error: "))).hasSize(1);
    assertThat(run.err().lines().reduce((first, last) -> last).orElseThrow())
        .startsWith("error: ")
        .contains(word);
    assertThat(run.err()).doesNotContain("\tat ");
  }

  /** Names that steer a terminal, break a line, or are no text never come out of a command. */
  @ParameterizedTest
  @ValueSource(strings = {"\\u001b[2J", "\\nerror: all is well", "\\u202e", "\\u009b", "\\ud800"})
  void namesThatCannotBeShown(String hostile) throws IOException {
    Path report = folder.resolve("report.json");
    String words =
        "lesion --delete 1 --arch resnet-8 --data builtin --limit 2 --backend reference --quiet"
            + " --json ";
    assertThat(CommandRun.words(words + report).exitCode()).isZero();
    String json = Files.readString(report);

    for (String field : List.of("\"name\":\"", "\"data\":\"", "\"engine\":\"")) {
      assertThat(json).contains(field);
      Path bad =
          Files.writeString(folder.resolve("bad.json"), json.replace(field, field + hostile));
      for (String command : List.of("merge " + bad + " --json ", "plot " + bad + " --plot ")) {
        CommandRun run = CommandRun.words(command + folder.resolve("out.svg"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
            .startsWith("error: " + bad)
            .hasLineCount(1)
            .contains("cannot be shown");
        assertThat(run.out()).isEmpty();
      }
    }
  }

  @Test
  void labelsThatCannotBeShown() {
    CommandRun run = CommandRun.of("plot", "a", "--label", "\u001b", "--plot", folder + "/a.svg");
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
