package io.github.resnetensembles.weights;

import static io.github.resnetensembles.weights.WeightFiles.legacy;
import static io.github.resnetensembles.weights.WeightFiles.safetensors;
import static io.github.resnetensembles.weights.WeightFiles.torchNamed;
import static io.github.resnetensembles.weights.WeightFiles.zip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ShortcutInput;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InvalidWeightFilesTest {
  @TempDir Path dir;

  private static void refused(Weights.Loader loader, Path file, String... parts) {
    assertThatThrownBy(loader::load)
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageStartingWith(file + ": ")
        .message()
        .satisfies(message -> assertThat(message.lines()).hasSize(1))
        .contains(parts);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("files")
  void badFilesAreRefusedInOneLine(String name, byte[] content, String part) throws Exception {
    Path file = Files.write(dir.resolve("bad.pt"), content);
    refused(Weights.from(file), file, part);
  }

  private static byte[] cut(byte[] bytes, int by) {
    return Arrays.copyOf(bytes, bytes.length - by);
  }

  private static byte[] pickle(PickleBytes object) {
    return legacy(object.stop(), 4, List.of());
  }

  private static PickleBytes calls(String module, String function) {
    return PickleBytes.protocol(2).global(module, function).text("touch hacked").raw(0x85).op('R');
  }

  private static byte[] with(String name, List<Integer> shape, float... values) {
    Map<String, NamedTensor> tensors = torchNamed();
    tensors.put(name, NamedTensor.of(name, shape, values));
    return safetensors(tensors);
  }

  private static byte[] without(String... names) {
    Map<String, NamedTensor> tensors = torchNamed();
    tensors.keySet().removeAll(List.of(names));
    return safetensors(tensors);
  }

  private static byte[] entry(String json) {
    return safetensors("{\"conv1.weight\":" + json + "}", new byte[16]);
  }

  private static byte[] zipped(String name, byte[] content) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("net/data.pkl", PickleBytes.protocol(2).op('}').stop());
    entries.put(name, content);
    return zip(entries, false);
  }

  private static byte[] zipWithTensor(byte[] storage, long claimed) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(
        "net/data.pkl",
        PickleBytes.protocol(2)
            .op('}')
            .text("conv1.weight")
            .tensor("FloatStorage", "0", claimed, 0, List.of(2, 3, 3, 3), List.of(27, 9, 3, 1))
            .op('s')
            .stop());
    entries.put("net/data/0", storage);
    return zip(entries, false);
  }

  private static byte[] bomb() {
    int values = 1 << 24;
    Map<String, byte[]> entries = new LinkedHashMap<>();
    Map<String, NamedTensor> rest = torchNamed();
    rest.remove("conv1.weight");
    PickleBytes object = WeightFiles.dictionary(PickleBytes.protocol(2), "", rest).op('(');
    object
        .text("conv1.weight")
        .tensor("FloatStorage", "bomb", values, 0, List.of(2, 3, 3, 3), List.of(27, 9, 3, 1));
    entries.put("net/data.pkl", object.op('u').stop());
    int key = 0;
    for (NamedTensor tensor : rest.values()) {
      entries.put(
          "net/data/" + key++, PickleBytes.floats(tensor.floats(), ByteOrder.LITTLE_ENDIAN));
    }
    entries.put("net/data/bomb", new byte[values * 4]);
    return zip(entries, false);
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] ^= 0x40;
    return copy;
  }

  static Stream<Arguments> files() {
    byte[] legacy = legacy(torchNamed());
    byte[] zip = zip(torchNamed(), ByteOrder.LITTLE_ENDIAN, true);
    byte[] safe = safetensors(torchNamed());
    byte[] longHeader = safe.clone();
    longHeader[6] = 1;
    PickleBytes nested = PickleBytes.protocol(2);
    for (int i = 0; i < 200_000; i++) {
      nested.op(']');
    }
    return Stream.of(
        Arguments.of("empty", new byte[0], "the file is empty; give a safetensors file"),
        Arguments.of("text", "not a weight file".getBytes(UTF_8), "of no known kind"),
        // safetensors
        Arguments.of("safetensors cut", cut(safe, 5), "bytes of values but the file has"),
        Arguments.of("header cut", Arrays.copyOf(safe, 60), "the safetensors header claims"),
        Arguments.of("header too long", longHeader, "the safetensors header claims 28147"),
        Arguments.of("header bit-flipped", flipped(safe, 9), "is not the JSON"),
        Arguments.of("header no JSON", safetensors("{\"a\"}", new byte[0]), "is not the JSON"),
        Arguments.of("unknown dtype", entry("{\"dtype\":\"F8\"}"), "the element type 'F8'"),
        Arguments.of("lacks shape", entry("{\"dtype\":\"F32\"}"), "lacks one of dtype, shape"),
        Arguments.of(
            "absurd shape",
            entry("{\"dtype\":\"F32\",\"shape\":[99999,99999],\"data_offsets\":[0,16]}"),
            "the impossible shape [99999, 99999]"),
        Arguments.of(
            "negative size",
            entry("{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,16]}"),
            "the impossible shape [-4]"),
        Arguments.of(
            "wrong offsets",
            entry("{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,12]}"),
            "needs 16 bytes but its data_offsets are [0, 12]"),
        Arguments.of(
            "gap",
            entry("{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]}"),
            "begins at byte 4 of the values, where 0 is due"),
        Arguments.of(
            "overlap",
            safetensors(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                    + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                new byte[12]),
            "tensors must not overlap"),
        Arguments.of(
            "twice",
            safetensors(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                    + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}",
                new byte[16]),
            "has the tensor 'a' twice"),
        Arguments.of(
            "own file, unknown version",
            safetensors(
                "{\"__metadata__\":{\"resnet_ensembles.architecture\":\"{}\","
                    + "\"resnet_ensembles.format\":\"99\"}}",
                new byte[0]),
            "the format version '99' but only 1 and 2 are known"),
        Arguments.of(
            "own file, no network",
            safetensors(
                "{\"__metadata__\":{\"resnet_ensembles.architecture\":\"{}\","
                    + "\"resnet_ensembles.trained\":\"true\",\"resnet_ensembles.format\":\"1\"}}",
                new byte[0]),
            "the description of the network in the file is damaged"),
        // pickles
        Arguments.of("legacy cut", cut(legacy, 7), "the file is damaged or truncated"),
        Arguments.of("legacy cut early", Arrays.copyOf(legacy, 200), "the pickle is damaged"),
        Arguments.of("magic flipped", flipped(legacy, 6), "a pickle but not one of torch.save"),
        Arguments.of(
            "posix.system",
            pickle(calls("posix", "system")),
            "the pickle names posix.system (at byte 49), which storing tensors does not need"),
        Arguments.of(
            "posix.system says nothing ran",
            pickle(calls("posix", "system")),
            "refused, and nothing was executed"),
        Arguments.of("os.system", pickle(calls("os", "system")), "names os.system"),
        Arguments.of("builtins.eval", pickle(calls("builtins", "eval")), "names builtins.eval"),
        Arguments.of(
            "bare pickle", calls("posix", "system").stop(), "names posix.system (at byte 2)"),
        Arguments.of(
            "razorvine's own", pickle(calls("array", "array")), "the pickle names array.array"),
        Arguments.of(
            "stack global",
            pickle(PickleBytes.protocol(4).text("nt").text("system").raw(0x93)),
            "the pickle names nt.system"),
        Arguments.of(
            "inst",
            pickle(PickleBytes.protocol(2).op('(').raw("ios\npopen\n".getBytes(UTF_8))),
            "the pickle names os.popen"),
        Arguments.of(
            "whole model",
            pickle(PickleBytes.protocol(2).global("torch.nn.modules.conv", "Conv2d")),
            "names torch.nn.modules.conv.Conv2d"),
        Arguments.of(
            "absurd text",
            pickle(PickleBytes.protocol(2).op('X').raw(0xff, 0xff, 0xff, 0x7f)),
            "it claims 2147483647 bytes where"),
        Arguments.of(
            "absurd long text",
            pickle(PickleBytes.protocol(2).raw(0x8d).little(-1, 8)),
            "it claims 18446744073709551615 bytes where"),
        Arguments.of(
            "absurd memo",
            pickle(PickleBytes.protocol(2).op('}').op('r').little(-1, 4)),
            "the memo index 4294967295 is absurd"),
        Arguments.of(
            "memo beyond its limit",
            pickle(PickleBytes.protocol(2).op('}').op('r').raw(1, 0, 0x20, 0)),
            "the memo index 2097153 is absurd"),
        Arguments.of("deep", pickle(nested), "more than 131072 objects are stacked"),
        Arguments.of("no mark", pickle(PickleBytes.protocol(2).op('t')), "a mark is missing"),
        Arguments.of("opcode", pickle(PickleBytes.protocol(2).raw(0x82, 1)), "the opcode 0x82"),
        Arguments.of("no dictionary", pickle(PickleBytes.protocol(2).op(']')), "no state dict"),
        Arguments.of(
            "no tensors",
            pickle(PickleBytes.protocol(2).op('}').text("net").integer(1).op('s')),
            "the checkpoint has no dictionary of tensors at any depth, only 'net'"),
        Arguments.of(
            "list as key",
            pickle(PickleBytes.protocol(2).op('}').op(']').integer(1).op('s')),
            "a dictionary's key is neither text nor number"),
        Arguments.of(
            "window outside its storage",
            legacy(
                PickleBytes.protocol(2)
                    .op('}')
                    .text("conv1.weight")
                    .tensor("FloatStorage", "0", 4, 2, List.of(3), List.of(1))
                    .op('s')
                    .stop(),
                4,
                List.of(new byte[16])),
            "does not fit into its storage of 4 values"),
        Arguments.of(
            "expanded tensor",
            legacy(
                PickleBytes.protocol(2)
                    .op('}')
                    .text("conv1.weight")
                    .tensor("FloatStorage", "0", 4, 0, List.of(30_000, 30_000), List.of(0, 0))
                    .op('s')
                    .stop(),
                4,
                List.of(new byte[16])),
            "stem.conv.weight has the shape [30000, 30000] where 4 dimensions are due"),
        // zip
        Arguments.of("zip cut", cut(zip, 30), "the zip archive is damaged or truncated"),
        Arguments.of("zip bit-flipped", flipped(zip, zip.length / 3), "the file is damaged"),
        Arguments.of("zip of what", zip(Map.of("a.txt", new byte[3]), true), "has no data.pkl"),
        Arguments.of("two pickles", zipped("x/data.pkl", new byte[1]), "more than one data.pkl"),
        Arguments.of("path trick", zipped("net/../../etc/x", new byte[1]), "leads out of it"),
        Arguments.of("absolute path", zipped("/etc/x", new byte[1]), "leads out of it"),
        Arguments.of("backslash", zipped("..\\x", new byte[1]), "leads out of it"),
        Arguments.of("byte order", zipped("net/byteorder", "pdp".getBytes(UTF_8)), "but 'pdp'"),
        Arguments.of("storage too short", zipWithTensor(new byte[8], 54), "its entry has 8 bytes"),
        Arguments.of("absurd count", zipWithTensor(new byte[8], 1L << 40), "1099511627776 values"),
        Arguments.of("zip bomb", bomb(), "refused as a decompression bomb"),
        // tensors
        Arguments.of(
            "NaN", with("bn1.bias", List.of(2), 1, Float.NaN), "stem.bn.bias has the value NaN"),
        Arguments.of(
            "negative variance",
            with("bn1.running_var", List.of(2), 1, -0.5f),
            "stem.bn.running_var has the value -0.5, but variances are not negative"),
        Arguments.of(
            "missing",
            without("layer1.0.bn1.bias", "linear.bias"),
            "blocks.1.bn1.bias is missing; head.linear.bias is missing"),
        Arguments.of("no stem", without("conv1.weight"), "there is no stem.conv.weight"),
        Arguments.of("no stage", without("conv1.weight", "x"), "so the network cannot be inferred"),
        Arguments.of(
            "extra",
            with("layer1.0.conv2.bias", List.of(1), 1),
            "blocks.1.conv2.bias has the shape [1] where [2] is due"),
        Arguments.of(
            "mis-shaped",
            with("layer2.0.bn2.weight", List.of(3), 1, 1, 1),
            "blocks.2.bn2.weight has the shape [3] where [4] is due"),
        Arguments.of("unknown name", with("foo", List.of(1), 1), "not recognised: 'foo'"),
        Arguments.of(
            "gap in blocks",
            with("layer1.2.bn1.bias", List.of(1), 1),
            "none of block 1 of stage 1"),
        Arguments.of("gap in stages", with("layer5.0.bn1.bias", List.of(1), 1), "none of stage 4"),
        Arguments.of("two names", with("fc.bias", List.of(3), 1, 1, 1), "are named 'head.linear.b"),
        Arguments.of("long name", with("x".repeat(300), List.of(1), 1), "at most 256 are read"),
        Arguments.of("line break in a name", with("a\nb", List.of(1), 1), "not recognised: 'a?b'"));
  }

  @Test
  void wrongPlacesAreNamed() {
    unreadable(dir, "it is a directory; name the file in it");
    unreadable(dir.resolve("missing.pt"), "no such file or directory; check the path");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void devicesAreNamed() {
    unreadable(Path.of("/dev/zero"), "it is not a regular file; copy what it gives into one");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no POSIX permissions there")
  void whatMayNotBeReadIsNamed() throws IOException {
    Path file = Files.write(dir.resolve("net.pt"), new byte[9]);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
    assumeFalse(Files.isReadable(file), "the superuser may read everything");
    unreadable(file, "access denied; allow the user who runs this to read it");
  }

  private static void unreadable(Path file, String reason) {
    assertThatThrownBy(() -> Weights.of(file))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot read " + file + ": " + reason);
  }

  @Test
  void allFaultsAreOneError() throws Exception {
    Path file = Files.write(dir.resolve("net"), safetensors(torchNamed()));
    refused(
        Weights.from(file).architecture(Architecture.resnet(20)),
        file,
        "the tensors do not fit the network resnet-20: stem.conv.weight has the shape"
            + " [2, 3, 3, 3] where [16, 3, 3, 3] is due; ",
        "; and 92 more (give another architecture");
  }

  @Test
  void theNumberOfClassesIsChecked() throws Exception {
    Path file = Files.write(dir.resolve("net"), safetensors(torchNamed()));
    refused(
        Weights.from(file).architecture(WeightFiles.TINY.toBuilder().classes(10).build()),
        file,
        "head.linear.weight has the shape [3, 8] where [10, 8] is due;"
            + " head.linear.bias has the shape [3] where [10] is due");
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        Arguments.of(
            "normalisation of one channel",
            (java.util.function.UnaryOperator<Weights.Loader>)
                loader -> loader.normalisation(List.of(0.5), List.of(0.5)),
            "the settings do not fit"),
        Arguments.of(
            "a rule that would backtrack for ever elsewhere",
            (java.util.function.UnaryOperator<Weights.Loader>)
                loader ->
                    loader.rename(
                        RenameRules.parse(
                            List.of("(([a-z0-9.]+)+)+!$ -> x", ".+ -> conv1.weight"))),
            "are named 'conv1.weight' once renamed"),
        Arguments.of(
            "a rule that makes names equal",
            (java.util.function.UnaryOperator<Weights.Loader>)
                loader -> loader.rename(RenameRules.parse(List.of(".+ -> conv1.weight"))),
            "are named 'conv1.weight' once renamed"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void badSettingsAreRefused(
      String name, java.util.function.UnaryOperator<Weights.Loader> change, String part)
      throws Exception {
    Path file = Files.write(dir.resolve("net"), safetensors(torchNamed()));
    refused(change.apply(Weights.from(file)), file, part);
  }

  /** A pickle's objects take many times its bytes. */
  @Test
  void aLongPickleIsRefusedBeforeItIsUnpacked() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("net/data.pkl", new byte[(1 << 26) + 1]);
    Path file = Files.write(dir.resolve("long"), zip(entries, false));
    refused(
        Weights.from(file),
        file,
        "the entry data.pkl has 67108865 bytes; at most 67108864 are read");
  }

  @Test
  void nothingRunsAndNothingIsWrittenOutside() throws Exception {
    Path file = Files.write(dir.resolve("evil"), pickle(calls("posix", "system")));
    Consumer<Path> load =
        path ->
            assertThatThrownBy(() -> Weights.of(path)).isInstanceOf(InvalidWeightsException.class);
    load.accept(file);
    assertThat(Path.of("hacked")).doesNotExist();
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void settingsOfOtherKindsOfNetworksChangeNothing() throws Exception {
    Path file = Files.write(dir.resolve("net"), safetensors(torchNamed()));
    Weights weights = Weights.from(file).shortcutInput(ShortcutInput.ACTIVATED).load();
    assertThat(weights.architecture()).isEqualTo(WeightFiles.TINY);
  }
}
