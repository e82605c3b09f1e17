package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a network is, whether it is that of elsewhere, and its weights under other names. */
class NetworkCommandsTest {
  private static final String REFERENCE = " --backend reference";

  @TempDir Path folder;

  private CommandRun run(String words) {
    return CommandRun.words(words.replace("{}", folder.toString()));
  }

  private CommandRun good(String words) {
    CommandRun run = run(words);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private JsonObject json(String file) throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve(file))).getAsJsonObject();
  }

  /** A file of float32 tensors, as another program would write it. */
  private void write(String file, Map<String, NamedTensor> tensors) throws IOException {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    List<String> entries = new ArrayList<>();
    for (Map.Entry<String, NamedTensor> entry : tensors.entrySet()) {
      int begin = data.size();
      for (float value : entry.getValue().floats()) {
        data.write(
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value).array());
      }
      entries.add(
          "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%s,%s]}"
              .formatted(entry.getKey(), entry.getValue().shape(), begin, data.size()));
    }
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(UTF_8);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, header.length).array());
    all.write(header);
    all.write(data.toByteArray());
    Files.write(folder.resolve(file), all.toByteArray());
  }

  /** A network under the names of CIFAR repositories. */
  private Map<String, NamedTensor> torchNamed() {
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    Weights.initialised(Architecture.resnet(8), 4)
        .tensors()
        .forEach(
            (own, tensor) -> {
              String name =
                  own.startsWith("blocks.")
                      ? "layer" + own.charAt(7) + ".0" + own.substring(8)
                      : own.replace("stem.conv", "conv1")
                          .replace("stem.bn", "bn1")
                          .replace("head.", "");
              tensors.put(
                  "module." + name,
                  NamedTensor.of("module." + name, tensor.shape(), tensor.floats()));
            });
    return tensors;
  }

  @Test
  void infoOfWeightsSaysWhatWasRecognised() throws IOException {
    write("net.safetensors", torchNamed());

    CommandRun run =
        good(
            "info --weights {}/net.safetensors --json {}/net.json --csv {}/net.csv --save-arch"
                + " {}/arch.json");

    assertThat(run.err()).startsWith("assumed: ").contains("activation=relu", "eps=1e-5");
    assertThat(run.out())
        .startsWith("network: resnet-8\nweights: net.safetensors, SHA-256 of the values ")
        .contains("\ninput: (3, 32, 32), mean [0.485, 0.456, 0.406]")
        .contains("\nassumed: activation=relu eps=1e-5")
        .contains("\nblocks: 3, stages: 3\n")
        .containsPattern(
            "\nblock 2    \\(32, 16, 16\\) +13952 .*branch conv1 3x3/2, bn1 batch-norm")
        .containsPattern("\nall +75290 +12239488 ");
    JsonObject known = json("net.json");
    Architecture network = Architecture.resnet(8);
    assertThat(known.get("parameters").getAsLong()).isEqualTo(network.parameterCount());
    assertThat(known.get("multiplyAccumulates").getAsLong())
        .isEqualTo(network.multiplyAccumulates());
    assertThat(known.getAsJsonArray("parts")).hasSize(5);
    JsonObject second = known.getAsJsonArray("parts").get(2).getAsJsonObject();
    assertThat(second.get("block").getAsInt()).isEqualTo(2);
    assertThat(second.get("parameters").getAsLong()).isEqualTo(network.block(2).parameters());
    assertThat(second.getAsJsonArray("output").toString()).isEqualTo("[32,16,16]");
    // conv1, bn1, relu, conv2, bn2, the shortcut's padding and relu, of 32 x 16 x 16 values each.
    assertThat(second.get("activationBytes").getAsLong()).isEqualTo(7L * 4 * 32 * 16 * 16);
    assertThat(second.getAsJsonArray("layers").get(0).getAsJsonObject().get("kind").getAsString())
        .isEqualTo("convolution");
    assertThat(known.getAsJsonObject("assumed").get("activation").getAsString()).isEqualTo("relu");
    assertThat(Files.readAllLines(folder.resolve("net.csv")))
        .hasSize(6)
        .contains("block 2,2,2,true,32,16,16,13952,3538944,229376");
    assertThat(Architecture.fromJson(Files.readString(folder.resolve("arch.json"))))
        .isEqualTo(network);
  }

  @Test
  void infoOfAPresetNeedsNoWeights() {
    assertThat(good("info --arch vit-ti-16-224").out())
        .startsWith("network: vit-ti-16-224\ninput: (3, 224, 224)")
        .contains("\nassumed: nothing\n", "attention self-attention");
    assertThat(run("info --arch resnet-20 --json -").out()).startsWith("{\"name\":\"resnet-20\"");
  }

  @Test
  void architecturesComeFromFiles() throws IOException {
    Architecture changed =
        Architecture.resnet(8).toBuilder().name("of another epsilon").batchNormEpsilon(0.5).build();
    Files.writeString(folder.resolve("net.json"), changed.toJson());
    Weights.initialised(changed, 3).save(folder.resolve("own.safetensors"));

    String predict = "predict --data builtin --limit 4 --quiet" + REFERENCE;
    good(predict + " --arch {}/net.json --seed 3 --json {}/a.json --logits 1");
    good(predict + " --weights {}/own.safetensors --json {}/b.json --logits 1");

    good(predict + " --arch resnet-8 --seed 3 --json {}/c.json --logits 1");

    assertThat(json("a.json").get("logits"))
        .isEqualTo(json("b.json").get("logits"))
        .isNotEqualTo(json("c.json").get("logits"));
    assertThat(good("paths --arch {}/net.json").out()).contains("paths: 8\n");
    write("torch.safetensors", torchNamed());
    Files.writeString(
        folder.resolve("more.json"), changed.toBuilder().name("more").classes(12).build().toJson());
    assertThat(run("info --weights {}/torch.safetensors --arch {}/more.json").err())
        .contains("the tensors do not fit the network more");
  }

  @Test
  void convertWritesTheNamesThatWereRead() throws IOException {
    write("net.safetensors", torchNamed());

    CommandRun run = good("convert --weights {}/net.safetensors --out {}/back.safetensors");
    good("convert --weights {}/net.safetensors --own --out {}/own.safetensors");
    good(
        "convert --weights {}/own.safetensors --names-of {}/net.safetensors --out"
            + " {}/again.safetensors");

    assertThat(run.out())
        .isEqualTo(folder + "/back.safetensors: resnet-8, " + torchNamed().size() + " tensors\n");
    byte[] back = Files.readAllBytes(folder.resolve("back.safetensors"));
    assertThat(new String(back, UTF_8)).contains("\"module.layer2.0.bn1.running_mean\"");
    assertThat(Files.readAllBytes(folder.resolve("again.safetensors"))).isEqualTo(back);
    assertThat(Weights.of(folder.resolve("back.safetensors")).sha256())
        .isEqualTo(Weights.of(folder.resolve("net.safetensors")).sha256());
    assertThat(Weights.of(folder.resolve("own.safetensors")).assumed()).isEmpty();
  }

  @Test
  void verifyChecksANetwork() throws IOException {
    CommandRun run =
        good(
            "verify --weights pretrained:preresnet-20 --data builtin --json {}/found.json"
                + REFERENCE);

    assertThat(run.out()).isEqualTo("21 of 21 checks passed\n");
    assertThat(json("found.json").get("passed").getAsBoolean()).isTrue();
  }

  @Test
  void verifyNamesTheFirstBlockThatDeviates() throws IOException {
    Architecture network = Architecture.resnet(8);
    write("net.safetensors", torchNamed());
    Map<String, NamedTensor> outputs = new LinkedHashMap<>();
    float[] pixels = new float[2 * 3 * 32 * 32];
    outputs.put("input", NamedTensor.of("input", List.of(2, 3, 32, 32), pixels));
    float[] wrong = new float[2 * network.block(2).output().size()];
    Arrays.fill(wrong, 100);
    outputs.put("block.2", NamedTensor.of("block.2", List.of(2, 32, 16, 16), wrong));
    write("outputs.safetensors", outputs);

    CommandRun run =
        run("verify --weights {}/net.safetensors --against {}/outputs.safetensors" + REFERENCE);

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("block 2: output as recorded: deviation ")
        .contains(", more than 1.0E-4: failed\n")
        .endsWith("the first that deviates: block 2; before it the networks are the same\n");
    assertThat(
            run("verify --weights {}/net.safetensors --against {}/outputs.safetensors --tolerance"
                    + " 1000"
                    + REFERENCE)
                .exitCode())
        .isZero();
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          info --json - | no network: give --weights FILE, --arch NAME or --model DIR, or no flag at all
          info --save-arch {}/a.json | no network: give
          info --assume heads=3 | no network: give
          info --arch {}/missing.json | missing.json: no such file or directory
          info --arch {}/text.json | text.json: the architecture
          info --arch {}/list.json | list.json: the architecture
          info --arch {}/half.json | half.json: the architecture
          info --arch resnet-20 --model {} | --model stands in place of --weights and --arch
          info --weights {}/net.safetensors --save-arch {}/net.safetensors | is an input of this run and would be lost
          info --arch {}/arch.json --save-arch {}/arch.json | is an input of this run and would be lost
          info --arch {}/arch.json --assume heads=2 | --assume needs --weights: a described network leaves nothing to assume
          convert --out {}/x.safetensors | no weights to convert: give --weights FILE
          convert --arch resnet-20 --out {}/x.safetensors | no weights to convert
          convert --weights {}/net.safetensors --out - | weights are written to a file: give --out FILE
          convert --weights {}/net.safetensors --out {}/net.safetensors | is an input of this run and would be lost
          convert --weights {}/net.safetensors --own --names-of {}/net.safetensors --out {}/x | --own writes this library's names
          convert --weights {}/net.safetensors --names-of pretrained:resnet-20 --out {}/x | no such file
          convert --weights pretrained:preresnet-20 --names-of {}/net.safetensors --out {}/x | do not fit the network
          convert --weights {}/net.safetensors --out {}/none/x.safetensors | cannot write --out
          verify --weights {}/net.safetensors | nothing to verify with: give --data FILE, DIR or 'builtin', or --against FILE
          verify --weights {}/net.safetensors --data builtin --against {}/net.safetensors | --against brings its own images: leave out --data
          verify --weights {}/net.safetensors --data builtin --tolerance 1 | --tolerance is for --against
          verify --weights {}/net.safetensors --against {}/missing --backend reference | no such file
          verify --weights {}/net.safetensors --against {}/text.json --backend reference | text.json: this is no safetensors file
          verify --weights {}/net.safetensors --against {}/net.safetensors --backend reference | is none of input, stem, block.1, block.2 ... and logits
          verify --weights {}/net.safetensors --against {}/small.safetensors --backend reference | input of small.safetensors has images of [3, 8, 8], but resnet-8 takes (3, 32, 32)
          verify --weights {}/net.safetensors --against {}/small.safetensors --tolerance -1 --backend reference | limit
          """)
  void badInputIsOneLine(String words, String message) throws IOException {
    write("net.safetensors", torchNamed());
    write(
        "small.safetensors",
        Map.of(
            "input", NamedTensor.of("input", List.of(2, 3, 8, 8), new float[384]),
            "logits", NamedTensor.of("logits", List.of(2, 10), new float[20])));
    Files.writeString(folder.resolve("text.json"), "an architecture, described in words");
    Files.writeString(folder.resolve("list.json"), "[1, 2]");
    String arch = Architecture.resnet(8).toJson();
    Files.writeString(folder.resolve("arch.json"), arch);
    Files.writeString(folder.resolve("half.json"), arch.substring(0, arch.length() / 2));

    CommandRun run = run(words);

    assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(2);
    assertThat(run.err().lines().filter(line -> !line.startsWith("assumed: ")))
        .singleElement()
        .asString()
        .startsWith("error: ")
        .contains(message.replace("{}", folder.toString()));
    assertThat(run.out()).isEmpty();
  }
}
