package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightFormatsTest {
  @TempDir Path dir;

  private Path file(byte[] content) throws IOException {
    return Files.write(dir.resolve("weights.bin"), content);
  }

  static Stream<Arguments> formats() {
    Map<String, NamedTensor> tensors = WeightFiles.torchNamed();
    return Stream.of(
        Arguments.of("legacy pickle", WeightFiles.legacy(tensors)),
        Arguments.of("stored zip", WeightFiles.zip(tensors, ByteOrder.LITTLE_ENDIAN, true)),
        Arguments.of("deflated zip", WeightFiles.zip(tensors, ByteOrder.LITTLE_ENDIAN, false)),
        Arguments.of("big-endian zip", WeightFiles.zip(tensors, ByteOrder.BIG_ENDIAN, true)),
        Arguments.of("safetensors", WeightFiles.safetensors(tensors)),
        Arguments.of(
            "safetensors, own names", WeightFiles.safetensors(WeightFiles.TINY_WEIGHTS.tensors())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("formats")
  void everyFormatGivesTheSameTensors(String format, byte[] content) throws Exception {
    Weights weights = Weights.of(file(content));
    assertThat(weights.architecture()).isEqualTo(WeightFiles.TINY);
    assertThat(weights.trained()).isTrue();
    assertThat(weights.source()).isEqualTo("weights.bin");
    assertThat(weights.sha256()).as("of the values").isEqualTo(WeightFiles.TINY_WEIGHTS.sha256());
    assertThat(weights.fileSha256())
        .hasValue(
            java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(content)));
    assertSameValues(weights, WeightFiles.TINY_WEIGHTS);
  }

  private static void assertSameValues(Weights weights, Weights expected) {
    assertThat(weights.tensors().keySet().stream().toList())
        .isEqualTo(expected.tensors().keySet().stream().toList());
    expected
        .tensors()
        .forEach(
            (name, tensor) -> {
              NamedTensor read = WeightFiles.tensor(weights, name);
              assertThat(read.shape()).isEqualTo(tensor.shape());
              assertThat(read.floats()).isEqualTo(tensor.floats());
              assertThat(read.doubles()).isEqualTo(tensor.doubles());
            });
  }

  @Test
  void ownFilesKeepEverything() {
    Path file = dir.resolve("own.safetensors");
    Architecture odd =
        WeightFiles.TINY.toBuilder()
            .gains(List.of(1.0, 0.75, 0.5))
            .normalisation(List.of(0.1, 0.2, 0.3), List.of(1.0, 2.0, 3.0))
            .build();
    Weights initialised = Weights.initialised(odd, -9);
    initialised.save(file);
    Weights read = Weights.of(file);
    assertThat(read.architecture()).isEqualTo(odd);
    assertThat(read.architecture().name()).isEqualTo("tiny");
    assertThat(read.trained()).isFalse();
    assertSameValues(read, initialised);
    assertThat(Weights.from(file).plain(true).load().architecture().plain()).isTrue();
  }

  @Test
  void ownFilesMayCarryOptimizerStateAndFloat64() {
    Path file = dir.resolve("checkpoint");
    double third = 1.0 / 3;
    List<NamedTensor> tensors = new java.util.ArrayList<>();
    WeightFiles.TINY_WEIGHTS
        .tensors()
        .values()
        .forEach(
            tensor ->
                tensors.add(
                    tensor.name().equals("head.linear.bias")
                        ? NamedTensor.of(tensor.name(), List.of(3), new double[] {third, 2, 3})
                        : tensor));
    tensors.add(NamedTensor.of("optimizer.head.linear.bias", List.of(1), new float[] {7}));
    SafetensorsFile.write(file, OwnFormat.metadata(WeightFiles.TINY_WEIGHTS), tensors);
    Weights read = Weights.of(file);
    assertThat(read.tensors()).hasSize(WeightFiles.TINY.parameters().size());
    assertThat(WeightFiles.tensor(read, "head.linear.bias").doubles()).containsExactly(third, 2, 3);
    assertThat(WeightFiles.tensor(read, "head.linear.bias").floats())
        .containsExactly((float) third, 2, 3);
  }

  /** One storage holds a transposed matrix and, behind it, the bias; another is half as wide. */
  @Test
  void stridesOffsetsAndSharedStoragesAreFollowed() throws Exception {
    Map<String, NamedTensor> rest = WeightFiles.torchNamed();
    rest.remove("linear.weight");
    rest.remove("linear.bias");
    int key = rest.size();
    float[] shared = new float[27];
    for (int i = 0; i < 27; i++) {
      shared[i] = i;
    }
    PickleBytes pickle = WeightFiles.dictionary(PickleBytes.protocol(2), "", rest).op('(');
    pickle
        .text("fc.weight")
        .tensor("FloatStorage", "" + key, 27, 0, List.of(3, 8), List.of(1, 3))
        .text("fc.bias")
        .tensor("FloatStorage", "" + key, 27, 24, List.of(3), List.of(1))
        .text("bn1.num_batches_tracked")
        .tensor("LongStorage", "" + (key + 1), 1, 0, List.of(), List.of());
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a/b/data.pkl", pickle.op('u').stop());
    int i = 0;
    for (NamedTensor tensor : rest.values()) {
      entries.put("a/b/data/" + i++, PickleBytes.floats(tensor.floats(), ByteOrder.LITTLE_ENDIAN));
    }
    entries.put("a/b/data/" + key, PickleBytes.floats(shared, ByteOrder.LITTLE_ENDIAN));
    entries.put("a/b/data/" + (key + 1), new byte[8]);
    Weights weights = Weights.of(file(WeightFiles.zip(entries, true)));
    assertThat(WeightFiles.tensor(weights, "head.linear.weight").floats())
        .startsWith(0, 3, 6, 9, 12, 15, 18, 21, 1, 4)
        .endsWith(20, 23);
    assertThat(WeightFiles.tensor(weights, "head.linear.bias").floats())
        .containsExactly(24, 25, 26);
  }

  @Test
  void narrowTypesAreWidenedExactly() {
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    short[] halves = {0x3c01, (short) 0x8001, 0x7bff, 0x0400};
    for (short half : halves) {
      bytes.putShort(half);
    }
    assertThat(ElementType.F16.single(bytes, 0)).isEqualTo(1 + 0x1p-10f);
    assertThat(ElementType.F16.single(bytes, 1)).isEqualTo(-0x1p-24f);
    assertThat(ElementType.F16.single(bytes, 2)).isEqualTo(65504f);
    assertThat(ElementType.F16.single(bytes, 3)).isEqualTo(0x1p-14f);
    bytes.putShort(0, (short) 0x7c00).putShort(2, (short) 0xc049);
    assertThat(ElementType.F16.single(bytes, 0)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(ElementType.BF16.single(bytes, 1)).isEqualTo(-3.140625f);
  }

  @Test
  void protocolFourIsRead() throws Exception {
    byte[] head =
        PickleBytes.protocol(4)
            .raw(0x95)
            .little(40, 8)
            .raw(0x8c, 11)
            .raw("collections".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .raw(0x94, 0x8c, 11)
            .raw("OrderedDict".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .raw(0x94, 0x93, 0x94)
            .op(')')
            .op('R')
            .stop();
    ReadBudget budget = new ReadBudget(head.length);
    assertThat(PickleScan.scan(head, 0, head.length, budget)).isEqualTo(head.length);
    Object object =
        TensorUnpickler.load(
            head,
            0,
            head.length,
            (type, key, count) -> {
              throw new AssertionError("there is no storage");
            },
            budget);
    assertThat(object)
        .isInstanceOfSatisfying(
            PickleDictionary.class, dictionary -> assertThat(dictionary.entries()).isEmpty());
  }

  @Test
  void renameRulesApplyInOrderToEveryName() throws Exception {
    Map<String, NamedTensor> named = new LinkedHashMap<>();
    WeightFiles.torchNamed()
        .forEach((name, t) -> named.put("net." + name.replace(".0.", "/0/"), t));
    RenameRules rules =
        RenameRules.parse(List.of("# comment", "", "^net\\. -> ", "/(\\d)/ -> .$1."));
    assertThat(rules.rules()).hasSize(2);
    Weights weights = Weights.from(file(WeightFiles.safetensors(named))).rename(rules).load();
    assertSameValues(weights, WeightFiles.TINY_WEIGHTS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void badRenameRulesNameTheirLine(String line, String message) {
    Assertions.assertThatThrownBy(() -> RenameRules.parse(List.of("a -> b", line)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("rename rules, line 2: ")
        .hasMessageContaining(message);
  }

  static Stream<Arguments> badRenameRulesNameTheirLine() {
    return Stream.of(
        Arguments.of("abc", "'abc' is no rule; write 'regular-expression -> replacement'"),
        Arguments.of("-> x", "is no rule"),
        Arguments.of("(a -> b", "the expression '(a' is wrong: missing closing ), at '(a'"),
        Arguments.of("(a) -> $2", "the replacement '$2' is wrong: No group 2"),
        Arguments.of("a -> b$", "the replacement 'b$' is wrong: nothing follows its last $"),
        Arguments.of("a -> b\\", "the replacement 'b\\' is wrong: nothing follows its last \\"),
        Arguments.of("a -> $x", "the replacement '$x' is wrong: neither a number nor a name"),
        Arguments.of("(?<n>a) -> ${m}", "the replacement '${m}' is wrong: No group m"),
        Arguments.of("(?=a)b -> c", "back-references and look-around do not exist"),
        Arguments.of("(a)\\1 -> c", "back-references and look-around do not exist"),
        Arguments.of("(?:(?:){2147483647}){2147483647}x -> y", "invalid repeat count"),
        Arguments.of("()(?:\\1){2147483647} -> y", "invalid escape sequence, at '\\1'"),
        Arguments.of("(((a{1000}){1000}){1000}){1000} -> y", "whose counts multiply to too much"),
        Arguments.of("((((a{0,99}){0,99}){0,99}){5,}) -> y", "whose counts multiply to too much"),
        Arguments.of("a".repeat(2000) + " -> b", "at most 1000 are read"));
  }
}
