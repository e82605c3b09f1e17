package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Weight files as other programs write them, of a network of three tiny blocks. */
final class WeightFiles {
  static final Architecture TINY =
      Architecture.builder("tiny")
          .stem(StemSpec.conv3x3(2))
          .blocks(
              List.of(
                  BlockSpec.of(BlockKind.BASIC, 2, 1, Shortcut.IDENTITY),
                  BlockSpec.of(BlockKind.BASIC, 4, 2, Shortcut.ZERO_PAD_EVEN),
                  BlockSpec.of(BlockKind.BASIC, 8, 2, Shortcut.ZERO_PAD_EVEN)))
          .classes(3)
          .build();
  static final Weights TINY_WEIGHTS = Weights.initialised(TINY, 5);

  private WeightFiles() {}

  /** The tiny network's tensors, under the names that PyTorch programs use. */
  static Map<String, NamedTensor> torchNamed() {
    Map<String, NamedTensor> named = new LinkedHashMap<>();
    TINY_WEIGHTS
        .tensors()
        .forEach(
            (name, tensor) ->
                named.put(
                    name.replace("stem.conv", "conv1")
                        .replace("stem.bn", "bn1")
                        .replace("head.linear", "linear")
                        .replaceAll("^blocks\\.([0-9])\\.", "layer$1.0."),
                    tensor));
    return named;
  }

  static NamedTensor tensor(Weights weights, String name) {
    return Objects.requireNonNull(weights.tensors().get(name), name);
  }

  static List<Integer> rowMajor(List<Integer> shape) {
    List<Integer> strides = new ArrayList<>(shape);
    int stride = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      strides.set(i, stride);
      stride *= shape.get(i);
    }
    return strides;
  }

  /** A dictionary of tensors, each with a storage of its own named 0, 1, 2 …. */
  static PickleBytes dictionary(
      PickleBytes pickle, String prefix, Map<String, NamedTensor> tensors) {
    pickle.global("collections", "OrderedDict").op(')').op('R').op('(');
    int key = 0;
    for (Map.Entry<String, NamedTensor> entry : tensors.entrySet()) {
      List<Integer> shape = entry.getValue().shape();
      pickle
          .text(prefix + entry.getKey())
          .tensor(
              "FloatStorage",
              String.valueOf(key++),
              StoredTensor.count(shape),
              0,
              shape,
              rowMajor(shape));
    }
    return pickle.op('u');
  }

  static byte[] legacy(Map<String, NamedTensor> tensors) {
    PickleBytes object = PickleBytes.protocol(2).op('}').op('(').text("epoch").integer(3);
    dictionary(object.text("state_dict"), "module.", tensors).op('u');
    List<byte[]> storages = new ArrayList<>();
    tensors
        .values()
        .forEach(t -> storages.add(PickleBytes.floats(t.floats(), ByteOrder.LITTLE_ENDIAN)));
    return legacy(object.stop(), 4, storages);
  }

  static byte[] legacyHead() {
    byte[] magic = new BigInteger("1950a86a20f9469cfc6c", 16).toByteArray();
    PickleBytes head = PickleBytes.protocol(2).raw(0x8a, magic.length);
    for (int i = magic.length - 1; i >= 0; i--) {
      head.raw(magic[i]);
    }
    return head.op('.')
        .raw(0x80, 2)
        .integer(1001)
        .op('.')
        .raw(0x80, 2)
        .op('}')
        .text("little_endian")
        .raw(0x88)
        .op('s')
        .stop();
  }

  /** A legacy checkpoint of any object, with the storages 0, 1, 2 …. */
  static byte[] legacy(byte[] object, int elementSize, List<byte[]> storages) {
    PickleBytes all = new PickleBytes().raw(legacyHead()).raw(object).raw(0x80, 2).op(']').op('(');
    for (int key = 0; key < storages.size(); key++) {
      all.text(String.valueOf(key));
    }
    all.op('e').op('.');
    for (byte[] storage : storages) {
      all.little(storage.length / elementSize, 8).raw(storage);
    }
    return all.bytes();
  }

  static byte[] zip(Map<String, NamedTensor> tensors, ByteOrder order, boolean stored) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("net/data.pkl", dictionary(PickleBytes.protocol(2), "", tensors).stop());
    entries.put(
        "net/byteorder", (order == ByteOrder.BIG_ENDIAN ? "big" : "little").getBytes(UTF_8));
    int key = 0;
    for (NamedTensor tensor : tensors.values()) {
      entries.put("net/data/" + key++, PickleBytes.floats(tensor.floats(), order));
    }
    return zip(entries, stored);
  }

  static byte[] zip(Map<String, byte[]> entries, boolean stored) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        // not the clock: the same tensors are the same bytes
        header.setTimeLocal(LocalDateTime.of(2020, 1, 1, 0, 0));
        if (stored) {
          CRC32 crc = new CRC32();
          crc.update(entry.getValue());
          header.setMethod(ZipEntry.STORED);
          header.setSize(entry.getValue().length);
          header.setCrc(crc.getValue());
        }
        zip.putNextEntry(header);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] safetensors(Map<String, NamedTensor> tensors) {
    JsonObject header = new JsonObject();
    PickleBytes data = new PickleBytes();
    long end = 0;
    for (Map.Entry<String, NamedTensor> entry : tensors.entrySet()) {
      byte[] values = PickleBytes.floats(entry.getValue().floats(), ByteOrder.LITTLE_ENDIAN);
      JsonObject tensor = new JsonObject();
      tensor.addProperty("dtype", "F32");
      tensor.add("shape", JsonNode.array(entry.getValue().shape()));
      tensor.add("data_offsets", JsonNode.array(List.of(end, end + values.length)));
      header.add(entry.getKey(), tensor);
      data.raw(values);
      end += values.length;
    }
    return safetensors(JsonNode.write(header), data.bytes());
  }

  static byte[] safetensors(String header, byte[] data) {
    byte[] json = header.getBytes(UTF_8);
    return new PickleBytes().little(json.length, 8).raw(json).raw(data).bytes();
  }
}
