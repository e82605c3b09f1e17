package io.github.resnetensembles.internal.weights;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * What torch.save writes since PyTorch 1.6: a zip archive with ROOT/data.pkl and one entry
 * ROOT/data/KEY for each storage. Entries are read into memory, never written anywhere.
 */
final class ZipCheckpoint {
  private static final String PICKLE = "data.pkl";
  private static final Pattern WEIGHT_FILE =
      Pattern.compile(".*\\.(pt|pth|th|ckpt|bin|safetensors|h5|onnx)");

  private final ZipFile zip;
  private final ReadBudget budget;
  private final @Nullable String key;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
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
      String name = storageName(key);
      long size = entries.containsKey(name) ? size(name) : -1;
      if (count < 0 || count > Integer.MAX_VALUE || size != count * type.size()) {
        throw new InvalidWeightsException(
            "storage "
                + Names.shorten(key)
                + " should have "
                + count
                + " values of "
                + type
                + " but "
                + (size < 0 ? "the archive lacks it" : "its entry has " + size + " bytes")
                + ": the file is damaged, get it again");
      }
    }

    @Override
    public ByteBuffer bytes() {
      if (bytes == null) {
        bytes = ByteBuffer.wrap(read(storageName(key), count * type.size())).order(order);
      }
      return bytes;
    }
  }

  private ZipCheckpoint(ZipFile zip, ReadBudget budget, @Nullable String key) {
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

  /**
   * Opens the archive for as long as {@code use} runs.
   *
   * @param file the archive, whose content was hashed before
   * @param key of the dictionary of tensors; null for the only one
   */
  static <T> T parse(
      Path file, ReadBudget budget, @Nullable String key, Function<TensorFile, T> use) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return use.apply(new ZipCheckpoint(zip, budget, key).parse());
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  private static InvalidWeightsException damaged(Exception e) {
    return new InvalidWeightsException(
        "the zip archive is damaged or truncated ("
            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
            + "); get the file again",
        e);
  }

  private TensorFile parse() {
    Enumeration<? extends ZipEntry> all = zip.entries();
    while (all.hasMoreElements()) {
      ZipEntry entry = all.nextElement();
      budget.step(1);
      check(entry.getName());
      if (entries.put(entry.getName(), entry) != null) {
        throw new InvalidWeightsException(
            "the zip archive has the entry '" + Names.shorten(entry.getName()) + "' twice");
      }
      if (entries.size() > SafetensorsFile.MAX_TENSORS) {
        throw new InvalidWeightsException(
            "the zip archive has more than " + SafetensorsFile.MAX_TENSORS + " entries");
      }
    }
    root = findRoot();
    if (entries.containsKey(root + "byteorder")) {
      String text = new String(read(root + "byteorder", size(root + "byteorder")), US_ASCII);
      if (text.equals("big")) {
        order = ByteOrder.BIG_ENDIAN;
      } else if (!text.equals("little")) {
        throw new InvalidWeightsException(
            "the byte order is neither 'little' nor 'big' but '" + Names.shorten(text) + "'");
      }
    }
    long size = size(root + PICKLE);
    if (size > PickleScan.MAX_PICKLE) {
      throw new InvalidWeightsException(
          "the entry "
              + PICKLE
              + " has "
              + size
              + " bytes; at most "
              + PickleScan.MAX_PICKLE
              + " are read");
    }
    byte[] pickle = read(root + PICKLE, size);
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
          "the zip archive has the entry '"
              + Names.shorten(name)
              + "', a path that leads out of it: refused");
    }
  }

  private String findRoot() {
    String found = null;
    for (String name : entries.keySet()) {
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
    if (entries.keySet().stream().anyMatch(name -> name.startsWith(code))) {
      throw new InvalidWeightsException(
          "this is a TorchScript archive; save its weights with"
              + " torch.save(torch.jit.load(file).state_dict(), newFile)");
    }
    return found;
  }

  private InvalidWeightsException noCheckpoint() {
    if (!entries.isEmpty() && entries.keySet().stream().allMatch(name -> name.endsWith(".npy"))) {
      return new InvalidWeightsException(
          "this is a NumPy archive (.npz); save its arrays as tensors with torch.save or"
              + " safetensors");
    }
    Optional<String> inner =
        entries.keySet().stream().filter(name -> WEIGHT_FILE.matcher(name).matches()).findFirst();
    return new InvalidWeightsException(
        "the zip archive has no "
            + PICKLE
            + ", so it is no checkpoint of torch.save; "
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

  /** What the archive claims; -1 where it lacks the entry or does not say. */
  private long size(String name) {
    ZipEntry entry = entries.get(name);
    return entry == null ? -1 : entry.getSize();
  }

  /** Reads exactly {@code size} bytes; the archive's own numbers are not believed. */
  private byte[] read(String name, long size) {
    ZipEntry entry = entries.get(name);
    if (entry == null || size < 0 || size > Integer.MAX_VALUE - 64) {
      throw new InvalidWeightsException(
          "the zip entry '" + Names.shorten(name) + "' cannot have " + size + " bytes");
    }
    budget.take(size, "the zip entry '" + Names.shorten(name) + "'");
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) size);
      if (bytes.length != size || in.read() != -1) {
        throw new InvalidWeightsException(
            "the zip entry '"
                + Names.shorten(name)
                + "' has not the "
                + size
                + " bytes it claims: the file is damaged, get it again");
      }
      java.util.zip.CRC32 crc = new java.util.zip.CRC32();
      crc.update(bytes);
      if (crc.getValue() != entry.getCrc()) {
        throw new InvalidWeightsException(
            "the checksum of the zip entry '"
                + Names.shorten(name)
                + "' is wrong: the file is damaged, get it again");
      }
      return bytes;
    } catch (IOException e) {
      throw damaged(e);
    }
  }
}
