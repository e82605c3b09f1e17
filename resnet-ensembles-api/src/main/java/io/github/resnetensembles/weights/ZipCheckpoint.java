package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.collect.Streams;
import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What torch.save writes since PyTorch 1.6: a zip archive with ROOT/data.pkl and one entry
 * ROOT/data/KEY for each storage. Entries are read into memory, never written anywhere.
 */
final class ZipCheckpoint {
  private static final String PICKLE = "data.pkl";
  private static final Pattern WEIGHT_FILE =
      Pattern.compile(".*\\.(pt|pth|th|ckpt|bin|safetensors|h5|onnx)");

  private final ZipArchive zip;
  private final ReadBudget budget;
  private final @Nullable String key;
  private final Map<String, Entry> storages = new HashMap<>();
  private String root = "";
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

  /** A storage that is read when a tensor of it is first decoded. */
  private final class Entry implements StoredTensor.Storage {
    private final ElementType type;
    private final String key;
    private final long count;
    private @Nullable ByteBuffer bytes;

    Entry(ElementType type, String key, long count) {
      this.type = type;
      this.key = key;
      this.count = count;
    }

    @Override
    public ElementType type() {
      return type;
    }

    @Override
    public long count() {
      return count;
    }

    @Override
    public void check() {
      long size = zip.size(storageName(key));
      if (count < 0 || count > Integer.MAX_VALUE || size != count * type.size()) {
        throw new InvalidWeightsException(
            ("storage %s should have %s values of %s but %s: the file is damaged, get it"
                    + " again")
                .formatted(
                    Names.shorten(key),
                    count,
                    type,
                    size < 0 ? "the archive lacks it" : "its entry has " + size + " bytes"));
      }
    }

    @Override
    public ByteBuffer bytes() {
      if (bytes == null) {
        bytes = zip.read(storageName(key)).order(order);
      }
      return bytes;
    }
  }

  private ZipCheckpoint(ZipArchive zip, ReadBudget budget, @Nullable String key) {
    this.zip = zip;
    this.budget = budget;
    this.key = key;
  }

  static boolean recognises(byte[] bytes) {
    return bytes.length > 3
        && bytes[0] == 'P'
        && bytes[1] == 'K'
        && (bytes[2] == 3 || bytes[2] == 5)
        && bytes[3] == bytes[2] + 1;
  }

  /** Reads all but the values; {@code key} names the dictionary of tensors, null the only one. */
  static TensorFile parse(byte[] bytes, ReadBudget budget, @Nullable String key) {
    return new ZipCheckpoint(new ZipArchive(bytes, budget), budget, key).parse();
  }

  private TensorFile parse() {
    zip.names().forEach(ZipCheckpoint::check);
    root = findRoot();
    String byteOrder = root + "byteorder";
    if (zip.size(byteOrder) >= 0) {
      String text = US_ASCII.decode(zip.read(byteOrder)).toString();
      if (text.equals("big")) {
        order = ByteOrder.BIG_ENDIAN;
      } else if (!text.equals("little")) {
        throw new InvalidWeightsException(
            "the byte order is neither 'little' nor 'big' but '" + Names.shorten(text) + "'");
      }
    }
    long size = zip.size(root + PICKLE);
    if (size > PickleScan.MAX_PICKLE) {
      throw new InvalidWeightsException(
          "the entry %s has %s bytes; at most %s are read"
              .formatted(PICKLE, size, PickleScan.MAX_PICKLE));
    }
    byte[] pickle = new byte[(int) size];
    zip.read(root + PICKLE).get(pickle);
    int end = PickleScan.scan(pickle, 0, pickle.length, budget);
    Object object = TensorUnpickler.load(pickle, 0, end, this::find, budget);
    return new TensorFile(StateDict.of(object, key, budget), Map.of());
  }

  private static void check(String name) {
    if (name.startsWith("/")
        || name.contains("\\")
        || name.contains(":")
        || name.equals("..")
        || name.startsWith("../")
        || name.contains("/../")
        || name.endsWith("/..")) {
      throw new InvalidWeightsException(
          "the zip archive has the entry '%s', a path that leads out of it: refused"
              .formatted(Names.shorten(name)));
    }
  }

  private String findRoot() {
    String found = null;
    for (String name : zip.names()) {
      if (name.equals(PICKLE) || name.endsWith("/" + PICKLE)) {
        if (found != null) {
          throw new InvalidWeightsException("the zip archive has more than one " + PICKLE);
        }
        found = name.substring(0, name.length() - PICKLE.length());
      }
    }
    if (found == null) {
      throw noCheckpoint();
    }
    String code = found + "code/";
    if (names().anyMatch(name -> name.startsWith(code))) {
      throw new InvalidWeightsException(
          "this is a TorchScript archive; save its weights with"
              + " torch.save(torch.jit.load(file).state_dict(), newFile). It is a program, which is never"
              + " run in the place of weights; a folder of such modules, the parts of a network, is"
              + " opened with --model DIR (DjlModels.torchScript)");
    }
    return found;
  }

  private Stream<String> names() {
    return Streams.stream(zip.names());
  }

  private InvalidWeightsException noCheckpoint() {
    if (names().findAny().isPresent() && names().allMatch(name -> name.endsWith(".npy"))) {
      return new InvalidWeightsException(
          "this is a NumPy archive (.npz); save its arrays as tensors with torch.save or"
              + " safetensors");
    }
    Optional<String> inner =
        names().filter(name -> WEIGHT_FILE.matcher(name).matches()).findFirst();
    return new InvalidWeightsException(
        "the zip archive has no %s, so it is no checkpoint of torch.save; ".formatted(PICKLE)
            + inner
                .map(name -> "it holds '" + Names.shorten(name) + "': unpack it and give that file")
                .orElse("save the state dict with torch.save(model.state_dict(), file)"));
  }

  private Entry find(ElementType type, String key, long count) {
    Entry storage = storages.computeIfAbsent(key, k -> new Entry(type, k, count));
    if (storage.type != type || storage.count != count) {
      throw TensorUnpickler.damaged(
          "storage " + Names.shorten(key) + " has two types or two lengths", null);
    }
    return storage;
  }

  private String storageName(String key) {
    return root + "data/" + key;
  }
}
