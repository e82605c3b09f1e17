package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.InvalidWeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints as people save them with PyTorch. */
class CheckpointTest {
  @TempDir Path dir;

  private Weights.Loader loader(byte[] content) throws IOException {
    return Weights.from(Files.write(dir.resolve("net.pt"), content));
  }

  private void refused(Weights.Loader loader, String... parts) {
    assertThatThrownBy(loader::load)
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageStartingWith(dir.resolve("net.pt") + ": ")
        .message()
        .satisfies(message -> assertThat(message.lines()).hasSize(1))
        .contains(parts);
  }

  private static void assertTiny(Weights weights) {
    assertThat(weights.architecture()).isEqualTo(WeightFiles.TINY);
    WeightFiles.TINY_WEIGHTS
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(WeightFiles.tensor(weights, name).floats())
                    .as(name)
                    .isEqualTo(tensor.floats()));
  }

  /** A zip checkpoint of any object; storages are those of the tiny network, then the others. */
  private static byte[] zip(PickleBytes object, float[]... others) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("net/data.pkl", object.stop());
    int key = 0;
    for (NamedTensor tensor : WeightFiles.torchNamed().values()) {
      entries.put(
          "net/data/" + key++, PickleBytes.floats(tensor.floats(), ByteOrder.LITTLE_ENDIAN));
    }
    for (float[] other : others) {
      entries.put("net/data/" + key++, PickleBytes.floats(other, ByteOrder.LITTLE_ENDIAN));
    }
    return WeightFiles.zip(entries, true);
  }

  private static PickleBytes begin() {
    return PickleBytes.protocol(4);
  }

  private static PickleBytes tiny(PickleBytes pickle) {
    return WeightFiles.dictionary(pickle, "", WeightFiles.torchNamed());
  }

  private static final int FIRST_KEY = WeightFiles.torchNamed().size();

  /** The tiny network, one of whose tensors is described otherwise; its storage is FIRST_KEY. */
  private static PickleBytes tinyWith(String name, Consumer<PickleBytes> tensor) {
    PickleBytes pickle = tiny(begin()).text(name);
    tensor.accept(pickle);
    return pickle.op('s');
  }

  private static float[] negative(float[] values) {
    float[] negated = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }

  // The negative bit

  private static byte[] withMetadata(float[] stored, UnaryOperator<PickleBytes> metadata) {
    return zip(
        tinyWith(
            "conv1.weight",
            pickle ->
                pickle.tensor(
                    "FloatStorage",
                    "" + FIRST_KEY,
                    54,
                    p -> p.integer(0),
                    List.of(2, 3, 3, 3),
                    List.of(27, 9, 3, 1),
                    metadata)),
        stored);
  }

  private static float[] stem() {
    return WeightFiles.tensor(WeightFiles.TINY_WEIGHTS, "stem.conv.weight").floats();
  }

  @Test
  void theNegativeBitChangesTheSign() throws Exception {
    UnaryOperator<PickleBytes> neg = p -> p.op('}').text("neg").raw(0x88).op('s');
    assertTiny(loader(withMetadata(negative(stem()), neg)).load());
    UnaryOperator<PickleBytes> not = p -> p.op('}').text("neg").raw(0x89).op('s');
    assertTiny(loader(withMetadata(stem(), not)).load());
    assertTiny(loader(withMetadata(stem(), p -> p.op('}'))).load());
    assertTiny(loader(withMetadata(stem(), p -> p.op('N'))).load());
  }

  @Test
  void theNegativeBitChangesTheSignOfFloat64Too() {
    StoredTensor.Storage storage =
        new StoredTensor.Storage() {
          @Override
          public ElementType type() {
            return ElementType.F64;
          }

          @Override
          public long count() {
            return 2;
          }

          @Override
          public ByteBuffer bytes() {
            return ByteBuffer.allocate(16).putDouble(1.5).putDouble(-0.1);
          }
        };
    StoredTensor tensor = StoredTensor.strided("x", storage, 0, List.of(2L), List.of(1L)).negated();
    assertThat(tensor.decode("x", List.of(2)).doubles()).containsExactly(-1.5, 0.1);
  }

  static Stream<Arguments> metadata() {
    return Stream.of(
        Arguments.of(
            "conj",
            (UnaryOperator<PickleBytes>) p -> p.op('}').text("conj").raw(0x88).op('s'),
            "has the metadata [conj], which may change its values"),
        Arguments.of(
            "neg and more",
            (UnaryOperator<PickleBytes>)
                p -> p.op('}').text("neg").raw(0x88).op('s').text("x").raw(0x88).op('s'),
            "has the metadata [neg, x]"),
        Arguments.of(
            "neg of 1",
            (UnaryOperator<PickleBytes>) p -> p.op('}').text("neg").integer(1).op('s'),
            "has the metadata [neg]"),
        Arguments.of(
            "a number as key",
            (UnaryOperator<PickleBytes>) p -> p.op('}').integer(1).raw(0x88).op('s'),
            "has the metadata []"),
        Arguments.of(
            "a text",
            (UnaryOperator<PickleBytes>) p -> p.text("neg"),
            "has metadata of an unknown kind"),
        Arguments.of(
            "one argument more",
            (UnaryOperator<PickleBytes>) p -> p.op('N').op('N'),
            "has metadata of an unknown kind"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("metadata")
  void otherMetadataIsRefusedWhereTheTensorIsUsed(
      String name, UnaryOperator<PickleBytes> metadata, String part) throws Exception {
    byte[] file = withMetadata(stem(), metadata);
    refused(loader(file), "tensor 'conv1.weight' " + part);
    // Dropped, the same tensor is no reason to refuse the file; but the network needs it.
    refused(
        loader(file).rename(RenameRules.parse(List.of("^conv1\\.weight$ ->"))),
        "there is no stem.conv.weight");
  }

  static Stream<Arguments> offsets() {
    return Stream.of(
        Arguments.of(
            "2^64",
            (UnaryOperator<PickleBytes>) p -> p.raw(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1),
            "tensor 'conv1.weight' begins at 18446744073709551616 in its storage"),
        Arguments.of(
            "1.5",
            (UnaryOperator<PickleBytes>) p -> p.op('G').raw(0x3f, 0xf8, 0, 0, 0, 0, 0, 0),
            "begins at 1.5 in its storage"),
        Arguments.of(
            "0.0",
            (UnaryOperator<PickleBytes>) p -> p.op('G').raw(0, 0, 0, 0, 0, 0, 0, 0),
            "begins at 0.0 in its storage"),
        Arguments.of(
            "NaN",
            (UnaryOperator<PickleBytes>) p -> p.op('G').raw(0x7f, 0xf8, 0, 0, 0, 0, 0, 0),
            "begins at NaN in its storage"),
        Arguments.of(
            "True", (UnaryOperator<PickleBytes>) p -> p.raw(0x88), "begins at true in its storage"),
        Arguments.of(
            "-1", (UnaryOperator<PickleBytes>) p -> p.integer(-1), "does not fit into its storage"),
        Arguments.of(
            "2^32",
            (UnaryOperator<PickleBytes>) p -> p.integer(1L << 32),
            "offset 4294967296 does not fit into its storage of 54 values"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("offsets")
  void offsetsThatAreNoPlaceInTheStorageAreRefused(
      String name, UnaryOperator<PickleBytes> offset, String part) throws Exception {
    byte[] file =
        zip(
            tinyWith(
                "conv1.weight",
                pickle ->
                    pickle.tensor(
                        "FloatStorage",
                        "" + FIRST_KEY,
                        54,
                        offset,
                        List.of(2, 3, 3, 3),
                        List.of(27, 9, 3, 1),
                        p -> p)),
            stem());
    refused(loader(file), part);
  }

  @Test
  void aStateThatReplacesATensorsValuesIsRefused() throws Exception {
    byte[] file =
        zip(
            tinyWith(
                "conv1.weight",
                pickle ->
                    pickle
                        .tensor(
                            "FloatStorage", "0", 54, 0, List.of(2, 3, 3, 3), List.of(27, 9, 3, 1))
                        .op('}')
                        .op('b')));
    refused(loader(file), "a state is set where neither a dictionary nor a harmless object is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[2.0]", "[2e0]", "[1.5]", "[20000000000000000000]"})
  void shapesOfSafetensorsAreIntegers(String shape) throws Exception {
    String header =
        "{\"conv1.weight\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0,8]}}";
    refused(
        loader(WeightFiles.safetensors(header, new byte[8])),
        "tensor 'conv1.weight' has '" + shape.substring(1, shape.length() - 1) + "' in its shape");
  }

  // Windows

  @Test
  void expandedTensorsAreRead() throws Exception {
    byte[] file =
        zip(
            tinyWith(
                    "bn1.weight",
                    p -> p.tensor("FloatStorage", "" + FIRST_KEY, 1, 0, List.of(2), List.of(0)))
                .text("conv1.weight")
                .tensor(
                    "FloatStorage",
                    "" + (FIRST_KEY + 1),
                    3,
                    0,
                    List.of(2, 3, 3, 3),
                    List.of(0, 1, 0, 0))
                .op('s'),
            new float[] {0.25f},
            new float[] {1, 2, 3});
    Weights weights = loader(file).load();
    assertThat(WeightFiles.tensor(weights, "stem.bn.weight").floats())
        .containsExactly(0.25f, 0.25f);
    float[] values = WeightFiles.tensor(weights, "stem.conv.weight").floats();
    for (int i = 0; i < 54; i++) {
      assertThat(values[i]).isEqualTo(1 + i / 9 % 3);
    }
  }

  @Test
  void bytesAfterACheckpointDoNotMatter() throws Exception {
    byte[] legacy = WeightFiles.legacy(WeightFiles.torchNamed());
    assertTiny(loader(Arrays.copyOf(legacy, legacy.length + 3)).load());
    byte[] zip = WeightFiles.zip(WeightFiles.torchNamed(), ByteOrder.LITTLE_ENDIAN, true);
    assertTiny(loader(Arrays.copyOf(zip, zip.length + 1000)).load());
    assertTiny(loader(longFormat(zip)).load());
    assertTiny(loader(Arrays.copyOf(longFormat(zip), zip.length + 1000)).load());
  }

  /** The same archive with an end record of 64-bit numbers, as PyTorch writes it. */
  private static byte[] longFormat(byte[] zip) {
    ByteBuffer end = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int at = zip.length - 22;
    long entries = end.getShort(at + 10);
    return new PickleBytes()
        .raw(Arrays.copyOf(zip, at))
        .little(0x06064b50, 4)
        .little(44, 8)
        .little(0, 12)
        .little(entries, 8)
        .little(entries, 8)
        .little(end.getInt(at + 12), 8)
        .little(end.getInt(at + 16), 8)
        .little(0x07064b50, 4)
        .little(0, 4)
        .little(at, 8)
        .little(1, 4)
        .little(0x06054b50, 4)
        .little(0, 4)
        .little(-1, 12)
        .little(0, 2)
        .bytes();
  }

  @Test
  void theArchiveInMemoryIsNotBelieved() throws Exception {
    byte[] zip = WeightFiles.zip(WeightFiles.torchNamed(), ByteOrder.LITTLE_ENDIAN, true);
    int end = zip.length - 22;
    refused(loader(changed(zip, end + 16, 1)), "the zip archive is damaged or truncated");
    refused(loader(changed(zip, end + 12, 9)), "the zip archive is damaged or truncated");
    refused(loader(changed(longFormat(zip), end + 48 + 7, 0x7f)), "damaged or truncated");
    int first = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 16);
    refused(loader(changed(zip, first + 8, 1)), "'net/data.pkl' is encrypted");
    refused(loader(changed(zip, first + 10, 99)), "packed by the method 99; 0 and 8");
    refused(loader(changed(zip, first + 42, 1)), "'net/data.pkl' cannot be read");
    refused(loader(changed(zip, first + 27, 0x7f)), "bytes; at most 67108864 are read");
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    byte[] copy = bytes.clone();
    copy[at] = (byte) value;
    return copy;
  }

  // Dictionaries

  @ParameterizedTest
  @ValueSource(strings = {"state_dict", "net", "model", "model_state_dict", "ema", "params"})
  void theOnlyDictionaryOfTensorsIsTaken(String key) throws Exception {
    PickleBytes object =
        tiny(begin().op('}').text("epoch").integer(3).op('s').text(key)).op('s').text("acc");
    object.tensor("FloatStorage", "1", 2, 0, List.of(), List.of()).op('s');
    assertTiny(loader(zip(object)).load());
    assertTiny(loader(zip(object)).key(key).load());
  }

  @Test
  void dictionariesAreFoundAtAnyDepth() throws Exception {
    PickleBytes object = tiny(begin().op('}').text("a").op('}').text("b").op('}').text("net"));
    byte[] file = zip(object.op('s').op('s').op('s'));
    assertTiny(loader(file).load());
    assertTiny(loader(file).key("a.b.net").load());
    assertTiny(loader(file).key("net").load());
    refused(loader(file).key("b"), "has no dictionary of tensors named 'b'; there are 'a.b.net'");
  }

  private static PickleBytes halves(PickleBytes pickle) {
    Map<String, NamedTensor> other = new LinkedHashMap<>();
    WeightFiles.torchNamed().forEach((name, tensor) -> other.put("ema_" + name, tensor));
    return WeightFiles.dictionary(pickle, "", other);
  }

  @Test
  void severalDictionariesOfTensorsAreAnErrorThatListsThem() throws Exception {
    PickleBytes object = tiny(begin().op('}').text("state_dict")).op('s');
    byte[] file = zip(halves(object.text("state_dict_ema")).op('s'));
    refused(
        loader(file),
        "the checkpoint has several dictionaries of tensors: 'state_dict', 'state_dict_ema';"
            + " choose one by its name (--key NAME, Weights.from(file).key(name))");
    assertTiny(loader(file).key("state_dict").load());
    assertTiny(
        loader(file).key("state_dict_ema").rename(RenameRules.parse(List.of("^ema_ ->"))).load());
    refused(
        loader(file).key("ema"), "no dictionary of tensors named 'ema'; there are 'state_dict'");
  }

  @Test
  void oneDictionaryUnderTwoNamesIsOne() throws Exception {
    PickleBytes object = tiny(begin().op('}').text("best")).op('q').raw(9).op('s');
    byte[] file = zip(object.text("last").op('h').raw(9).op('s'));
    assertTiny(loader(file).load());
    assertTiny(loader(file).key("last").load());
  }

  @Test
  void optimizersAndListsAreNoCandidates() throws Exception {
    PickleBytes object = tiny(begin().op('}').text("net")).op('s').text("optimizer").op('}');
    object = tiny(object.text("state").op('}').text("conv1.weight")).op('s').op('s');
    object = object.text("param_groups").op(']').op('s').op('s');
    object = tiny(object.text("swa").op(']')).op('a').op('s');
    assertTiny(loader(zip(object)).load());
  }

  @Test
  void aDictionaryWithMoreThanTensorsIsNotPassedOver() throws Exception {
    PickleBytes object = tiny(begin().op('}').text("model")).text("_extra").op('N').op('s').op('s');
    byte[] alone = zip(PickleBytes.protocol(4).raw(unstarted(object)));
    refused(
        loader(alone), "the state dict's entry '_extra' is no tensor; save the state dict alone");
    RenameRules drop = RenameRules.parse(List.of("_extra ->"));
    assertTiny(loader(alone).rename(drop).load());
    byte[] beside = zip(halves(object.text("ema")).op('s'));
    refused(loader(beside), "several dictionaries of tensors: 'model', 'ema'");
    assertTiny(loader(beside).key("model").rename(drop).load());
  }

  private static byte[] unstarted(PickleBytes pickle) {
    byte[] bytes = pickle.bytes();
    return Arrays.copyOfRange(bytes, 2, bytes.length);
  }

  @Test
  void keysThatFitNothingAreRefused() throws Exception {
    refused(
        loader(zip(tiny(begin()))).key("net"),
        "no dictionary of tensors named 'net'; there are the checkpoint itself, which needs no"
            + " name");
    refused(
        loader(WeightFiles.safetensors(WeightFiles.torchNamed())).key("net"),
        "this is a safetensors file, which has no dictionaries: leave the key 'net' out");
    assertThatThrownBy(() -> loader(new byte[0]).key(""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // What stands beside the weights

  @CanIgnoreReturnValue
  private static PickleBytes call(PickleBytes pickle, String module, String name) {
    return pickle.global(module, name).text("x").raw(0x85).op('R');
  }

  static Stream<Arguments> harmless() {
    return Stream.of(
            new String[] {"numpy.core.multiarray", "scalar"},
            new String[] {"numpy._core.multiarray", "scalar"},
            new String[] {"numpy._core.multiarray", "_reconstruct"},
            new String[] {"numpy", "dtype"},
            new String[] {"_codecs", "encode"},
            new String[] {"__builtin__", "set"},
            new String[] {"builtins", "frozenset"},
            new String[] {"builtins", "bytearray"},
            new String[] {"builtins", "complex"},
            new String[] {"decimal", "Decimal"},
            new String[] {"pathlib", "PosixPath"},
            new String[] {"pathlib._local", "WindowsPath"},
            new String[] {"datetime", "datetime"},
            new String[] {"datetime", "timedelta"},
            new String[] {"torch", "device"},
            new String[] {"torch.serialization", "_get_layout"},
            new String[] {"collections", "defaultdict"},
            new String[] {"collections", "Counter"})
        .map(name -> Arguments.of(name[0], name[1]));
  }

  @ParameterizedTest(name = "{0}.{1}")
  @MethodSource("harmless")
  void harmlessObjectsBesideTheWeightsAreSkipped(String module, String name) throws Exception {
    PickleBytes object = tiny(begin().op('}').text("state_dict")).op('s').text("other");
    // Whatever is set, appended or put afterwards goes nowhere.
    object = call(object, module, name).op('}').text("k").integer(1).op('s').op('b');
    object = object.text("k").text("v").op('s');
    assertTiny(loader(zip(object.op('s'))).load());
  }

  @Test
  void harmlessObjectsOfEveryFormAreSkipped() throws Exception {
    PickleBytes object = tiny(begin().op('}').text("state_dict")).op('s');
    // argparse.Namespace(a=1), {1}, frozenset({1}), three forms of bytes, torch.float32, a path
    object = object.text("a").global("argparse", "Namespace").op(')').raw(0x81);
    object = object.op('}').text("a").integer(1).op('s').op('b').op('s');
    object = object.text("b").raw(0x8f).op('(').integer(1).raw(0x90).op('s');
    object = object.text("c").op('(').integer(1).raw(0x91).op('s');
    object = object.text("d").op('C').raw(2, 200, 201).op('s');
    object = object.text("e").op('B').little(300, 4).raw(new byte[300]).op('s');
    object = object.text("f").raw(0x96).little(3, 8).raw(1, 2, 3).op('s');
    object = object.text("g").global("torch", "float32").op('s');
    object = object.text("h").global("omegaconf.dictconfig", "DictConfig").op(')').op('}');
    object = object.raw(0x92).op('}').op('b').op('s');
    object = object.integer(5).op(')').op('s').op('N').op('N').op('s');
    assertTiny(loader(zip(object)).load());
  }

  @ParameterizedTest
  @CsvSource({
    "builtins,eval",
    "builtins,getattr",
    "builtins,open",
    "__builtin__,exec",
    "numpy,load",
    "numpy,fromfile",
    "numpy.testing._private.utils,runstring",
    "pathlib,os",
    "pathlib.os,system",
    "datetime,sys",
    "torch,load",
    "torch.hub,load",
    "torch.serialization,load",
    "omegaconf,OmegaConf",
    "decimal,getcontext",
    "argparse,FileType",
    "collections,namedtuple",
    "copyreg,_reconstructor",
    "_codecs,decode",
    "torch,ComplexFloatStorage",
    "torch._utils,_rebuild_sparse_tensor"
  })
  void everyOtherNameIsRefused(String module, String name) throws Exception {
    PickleBytes object = tiny(begin().op('}').text("state_dict")).op('s').text("other");
    refused(
        loader(zip(call(object, module, name).op('s'))),
        "the pickle names " + module + "." + name,
        "refused, and nothing was executed");
  }

  @Test
  void aPlaceholderIsNoTensor() throws Exception {
    PickleBytes object = tinyWith("conv1.weight", p -> call(p, "datetime", "datetime"));
    refused(loader(zip(object)), "the state dict's entry 'conv1.weight' is no tensor");
  }

  // Names

  private static byte[] prefixed(String prefix) {
    Map<String, NamedTensor> named = new LinkedHashMap<>();
    WeightFiles.torchNamed().forEach((name, tensor) -> named.put(prefix + name, tensor));
    return WeightFiles.safetensors(named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "module.",
        "_orig_mod.",
        "model.",
        "net.",
        "backbone.",
        "encoder.",
        "_orig_mod.module.",
        "module._orig_mod.",
        "module.module.",
        "model.net.backbone.encoder._orig_mod.module.model."
      })
  void sharedPrefixesAreStripped(String prefix) throws Exception {
    assertTiny(loader(prefixed(prefix)).load());
  }

  @Test
  void prefixesThatNotAllShareStay() throws Exception {
    Map<String, NamedTensor> named = new LinkedHashMap<>();
    WeightFiles.torchNamed().forEach((name, tensor) -> named.put("model." + name, tensor));
    named.put("criterion.weight", NamedTensor.of("w", List.of(3), new float[3]));
    byte[] file = WeightFiles.safetensors(named);
    refused(
        loader(file),
        "tensor names are not recognised: 'model.conv1.weight'",
        "or drop them with rules that have nothing after the arrow");
    assertTiny(loader(file).rename(RenameRules.parse(List.of("criterion\\.weight ->"))).load());
    assertTiny(loader(file).rename(RenameRules.parse(List.of("criterion\\..* -> "))).load());
    refused(loader(file).rename(RenameRules.parse(List.of("criterion ->"))), "not recognised");
  }

  @Test
  void rulesSeeNamesBeforeSharedPrefixesGo() throws Exception {
    RenameRules rules = RenameRules.parse(List.of("^net\\.layer(\\d) -> net.module.layer$1"));
    refused(loader(prefixed("net.")).rename(rules), "not recognised: 'module.layer1.0.conv1");
  }

  static Stream<Arguments> reparametrised() {
    return Stream.of(
        Arguments.of("weight_g", "weight_v", "weight normalisation", "remove_weight_norm(layer)"),
        Arguments.of("weight_orig", "weight_mask", "pruning", "prune.remove(layer, 'weight')"),
        Arguments.of("weight_orig", "weight_u", "spectral normalisation", "remove_spectral_norm"),
        Arguments.of(
            "parametrizations.weight.original0",
            "parametrizations.weight.original1",
            "parametrizations (weight or spectral norm)",
            "parametrize.remove_parametrizations(layer, 'weight')"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reparametrised")
  void weightsThatAreComputedFromOthersAreNamed(
      String first, String second, String kind, String remedy) throws Exception {
    Map<String, NamedTensor> named = new LinkedHashMap<>();
    WeightFiles.torchNamed()
        .forEach(
            (name, tensor) -> {
              if (name.equals("layer1.0.conv1.weight")) {
                named.put("layer1.0.conv1." + first, tensor);
                named.put("layer1.0.conv1." + second, tensor);
              } else {
                named.put(name, tensor);
              }
            });
    refused(
        loader(WeightFiles.safetensors(named)),
        "'layer1.0.conv1." + first,
        kind,
        remedy,
        "save the");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x1b, 0x9b, 0x202e, '\n', 0xd800})
  void namesOfTensorsReachNoTerminal(int codePoint) throws Exception {
    String json = String.format(Locale.ROOT, "\"a\\u%04xb\"", codePoint);
    String header = "{" + json + ":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    refused(loader(WeightFiles.safetensors(header, new byte[4])), "not recognised: 'a?b'");
  }

  @Test
  void namesOfArchitecturesAreShortAndPrintable() throws Exception {
    String json = WeightFiles.TINY.toJson();
    for (String name :
        List.of("\\u001b[31m", "\\u202eabc", "\\ud800", "a\\nb", "x".repeat(1 << 20))) {
      String text = json.replace("\"tiny\"", "\"" + name + "\"").replace("\\", "\\\\");
      String header =
          "{\"__metadata__\":{\"resnet_ensembles.format\":\"1\",\"resnet_ensembles.trained\":\"true\","
              + "\"resnet_ensembles.architecture\":\""
              + text.replace("\"", "\\\"")
              + "\"}}";
      refused(
          loader(WeightFiles.safetensors(header, new byte[0])),
          name.length() > 200
              ? "the name of an architecture has 1048576 characters, more than 200"
              : "which cannot be shown");
    }
  }

  // What else is given as weights

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherFiles")
  void otherFilesAreNamed(String name, byte[] content, String part) throws Exception {
    refused(loader(content), part);
  }

  static Stream<Arguments> otherFiles() {
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(UTF_8), 0, tar, 257, 5);
    return Stream.of(
        Arguments.of(
            "Git LFS pointer",
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".getBytes(UTF_8),
            "the file is a Git LFS pointer, not the file that it stands for: run 'git lfs pull'"),
        Arguments.of(
            "HTML",
            "\n<!DOCTYPE html>\n<html lang=\"en\">".getBytes(UTF_8),
            "the file is a web page or an error message of a server (it begins with '<!DOCTYPE"),
        Arguments.of("tar", tar, "the file is a tar archive: unpack it first"),
        Arguments.of(
            "HDF5",
            new PickleBytes().raw(0x89).raw("HDF\r\n\032\n".getBytes(UTF_8)).bytes(),
            "the file is an HDF5 file"),
        Arguments.of(
            "gzip", new PickleBytes().raw(0x1f, 0x8b, 8, 0).bytes(), "is compressed by gzip"),
        Arguments.of(
            "ONNX",
            new PickleBytes().raw(8, 8, 0x12, 7).raw("pytorch\032".getBytes(UTF_8)).bytes(),
            "the file is an ONNX model"),
        Arguments.of(
            "TorchScript",
            WeightFiles.zip(
                Map.of("net/data.pkl", new byte[2], "net/code/__torch__.py", new byte[2]), true),
            "this is a TorchScript archive; save its weights with torch.save(torch.jit.load("),
        Arguments.of(
            "NumPy archive",
            WeightFiles.zip(Map.of("conv1.weight.npy", new byte[2]), true),
            "this is a NumPy archive (.npz)"),
        Arguments.of(
            "checkpoint in an archive",
            WeightFiles.zip(Map.of("weights/net.pth", new byte[2]), true),
            "it holds 'weights/net.pth': unpack it"),
        Arguments.of(
            "pickle of CIFAR",
            begin().op('}').text("batch_label").text("x").op('s').stop(),
            "this is a pickle but not one of torch.save"));
  }
}
