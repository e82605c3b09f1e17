package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What torch.save wrote before PyTorch 1.6: the pickles of a magic number, a protocol number, facts
 * of the machine, the object and the storages' keys; then each storage's length and values.
 */
final class LegacyCheckpoint {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final int PROTOCOL = 1001;

  private final byte[] data;
  private final ReadBudget budget;
  private final @Nullable String key;
  private int position;
  private final Map<String, LateStorage> storages = new HashMap<>();

  /** A storage whose place in the file is known only after the object. */
  private static final class LateStorage implements StoredTensor.Storage {
    private final ElementType type;
    private final long count;
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    LateStorage(ElementType type, long count) {
      this.type = type;
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
    public ByteBuffer bytes() {
      return bytes;
    }
  }

  private LegacyCheckpoint(byte[] data, ReadBudget budget, @Nullable String key) {
    this.data = data;
    this.budget = budget;
    this.key = key;
  }

  /** Whether the bytes begin like a binary pickle. */
  static boolean recognises(byte[] bytes) {
    return bytes.length > 2 && (bytes[0] & 0xff) == 0x80 && bytes[1] >= 0 && bytes[1] <= 5;
  }

  /** Reads all but the values; {@code key} names the dictionary of tensors, null the only one. */
  static TensorFile parse(byte[] bytes, ReadBudget budget, @Nullable String key) {
    return new LegacyCheckpoint(bytes, budget, key).parse();
  }

  private TensorFile parse() {
    if (!MAGIC.equals(next())) {
      throw new InvalidWeightsException(
          "this is a pickle but not one of torch.save; save the state dict with"
              + " torch.save(model.state_dict(), file)");
    }
    if (!(next() instanceof Integer protocol) || protocol != PROTOCOL) {
      throw new InvalidWeightsException(
          "the checkpoint's protocol is not %s; load and save it with a newer PyTorch"
              .formatted(PROTOCOL));
    }
    if (!(next() instanceof PickleDictionary system)
        || Boolean.FALSE.equals(system.entries().get("little_endian"))) {
      throw new InvalidWeightsException(
          "the checkpoint comes from a big-endian machine, or does not say; load and save it with a"
              + " newer PyTorch");
    }
    Object object = next();
    Object keys = next();
    if (!(keys instanceof List<?> list)) {
      throw TensorUnpickler.damaged("the list of storages is missing", null);
    }
    Set<Object> seen = new HashSet<>();
    for (Object key : list) {
      if (!(key instanceof String name) || !seen.add(name)) {
        throw TensorUnpickler.damaged("a storage is there twice or has no name", null);
      }
      readStorage(name);
    }
    storages
        .keySet()
        .forEach(
            key -> {
              if (!seen.contains(key)) {
                throw TensorUnpickler.damaged(
                    "storage " + Names.shorten(key) + " is missing", null);
              }
            });
    // Like PyTorch, this does not look at what may follow the last storage.
    return new TensorFile(StateDict.of(object, key, budget), Map.of());
  }

  private @Nullable Object next() {
    int from = position;
    int end = (int) Math.min(data.length, (long) from + PickleScan.MAX_PICKLE);
    position = PickleScan.scan(data, from, end, budget);
    return TensorUnpickler.load(data, from, position, this::find, budget);
  }

  private StoredTensor.Storage find(ElementType type, String key, long count) {
    LateStorage storage = storages.computeIfAbsent(key, k -> new LateStorage(type, count));
    if (storage.type != type || storage.count != count) {
      throw TensorUnpickler.damaged(
          "storage " + Names.shorten(key) + " has two types or two lengths", null);
    }
    return storage;
  }

  private void readStorage(String key) {
    LateStorage storage = storages.get(key);
    if (storage == null) {
      throw TensorUnpickler.damaged(
          "storage " + Names.shorten(key) + " belongs to no tensor", null);
    }
    long left = data.length - position - 8L;
    long count = left < 0 ? -1 : PickleScan.longAt(data, position);
    if (count != storage.count || count < 0 || count > left / storage.type.size()) {
      throw new InvalidWeightsException(
          ("storage %s has %s where %s are due and %s bytes are left: the file is"
                  + " damaged or truncated, get it again")
              .formatted(
                  Names.shorten(key),
                  left < 0 ? "no length" : count + " values",
                  storage.count,
                  Math.max(0, left)));
    }
    int bytes = (int) count * storage.type.size();
    storage.bytes =
        ByteBuffer.wrap(data, position + 8, bytes).slice().order(ByteOrder.LITTLE_ENDIAN);
    position += 8 + bytes;
  }
}
