package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor as a file describes it: a strided window on a storage. Nothing is decoded before {@link
 * #decode}, and every index is known to lie inside the storage.
 */
final class StoredTensor implements TensorFile.Entry {
  private static final int MAX_DIMENSIONS = 8;

  private final ElementType type;
  private final List<Integer> shape;
  private final long[] strides;
  private final long offset;
  private final Storage storage;
  private final boolean negated;
  private final List<Origin> origins;

  /**
   * How a tensor stood in its file.
   *
   * @param name the file's own
   * @param shape there
   */
  record Origin(String name, List<Integer> shape) {
    Origin {
      shape = List.copyOf(shape);
    }
  }

  /** The raw values of one or more tensors. */
  interface Storage {
    ElementType type();

    /** The number of values. */
    long count();

    /**
     * Checks that the storage is there, without reading it.
     *
     * @throws InvalidWeightsException if the file lacks it or has another number of values
     */
    default void check() {}

    /** The bytes, exactly {@code count · size}, in the file's byte order. */
    ByteBuffer bytes();
  }

  private StoredTensor(
      ElementType type,
      List<Integer> shape,
      long[] strides,
      long offset,
      Storage storage,
      boolean negated,
      List<Origin> origins) {
    this.type = type;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.storage = storage;
    this.negated = negated;
    this.origins = origins;
  }

  /** A window; {@code what} names the tensor in errors. */
  static StoredTensor strided(
      String what, Storage storage, long offset, List<Long> shape, List<Long> strides) {
    storage.check();
    List<Integer> sizes = sizes(what, shape);
    if (strides.size() != shape.size()) {
      throw new InvalidWeightsException(
          what + " has " + shape.size() + " sizes but " + strides.size() + " strides");
    }
    long count = count(sizes);
    long last = offset;
    for (int i = 0; i < sizes.size(); i++) {
      long stride = strides.get(i);
      if (stride < 0 || stride > Integer.MAX_VALUE) {
        throw new InvalidWeightsException(what + " has the stride " + stride);
      }
      // Below 8 · 2^31 · 2^31 this cannot wrap around.
      last += Math.max(0, sizes.get(i) - 1) * stride;
    }
    if (offset < 0 || offset > storage.count() || (count > 0 && last >= storage.count())) {
      throw new InvalidWeightsException(
          ("%s of the shape %s, strides %s and offset %s does not fit into its storage"
                  + " of %s values")
              .formatted(what, sizes, strides, offset, storage.count()));
    }
    long[] steps = strides.stream().mapToLong(Long::longValue).toArray();
    return new StoredTensor(storage.type(), sizes, steps, offset, storage, false, List.of());
  }

  /** A tensor that is all of its storage, in row-major order. */
  static StoredTensor whole(List<Integer> shape, Storage storage) {
    long[] strides = new long[shape.size()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape.get(i);
    }
    return new StoredTensor(storage.type(), shape, strides, 0, storage, false, List.of());
  }

  /**
   * Tensors one behind the other, along their first dimension.
   *
   * @param what names the whole in errors
   * @param parts at least one, of one type and of shapes that differ in the first dimension alone
   * @throws InvalidWeightsException if they are not
   */
  static StoredTensor joined(String what, List<StoredTensor> parts) {
    StoredTensor first = parts.get(0);
    int rows = 0;
    for (StoredTensor part : parts) {
      if (part.type != first.type
          || part.negated
          || part.shape.isEmpty()
          || !part.shape
              .subList(1, part.shape.size())
              .equals(first.shape.subList(1, first.shape.size()))) {
        throw new InvalidWeightsException(
            "the parts of %s do not fit: %s and %s".formatted(what, first, part));
      }
      rows += part.shape.get(0);
    }
    List<Integer> shape = new ArrayList<>(first.shape);
    shape.set(0, rows);
    return whole(List.copyOf(shape), new Joined(List.copyOf(parts)))
        .from(parts.stream().flatMap(part -> part.origins.stream()).toList());
  }

  /** The values of several tensors. */
  private record Joined(List<StoredTensor> parts) implements Storage {
    @Override
    public ElementType type() {
      return parts.get(0).type;
    }

    @Override
    public long count() {
      return parts.stream().mapToLong(StoredTensor::count).sum();
    }

    @Override
    public ByteBuffer bytes() {
      int size = type().size();
      ByteOrder order = parts.get(0).storage.bytes().order();
      ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(count() * size)).order(order);
      for (StoredTensor part : parts) {
        ByteBuffer bytes = part.storage.bytes();
        Places places = part.new Places();
        for (long i = 0; i < part.count(); i++) {
          int place = places.next() * size;
          all.put(bytes.slice(place, size));
        }
      }
      return all.flip().order(order);
    }
  }

  /** {@return the same window, the sign of whose values is the other one} */
  StoredTensor negated() {
    return new StoredTensor(type, shape, strides, offset, storage, !negated, origins);
  }

  /** {@return the same window, which has this name in its file} */
  StoredTensor from(String name) {
    return from(List.of(new Origin(name, shape)));
  }

  private StoredTensor from(List<Origin> places) {
    return new StoredTensor(type, shape, strides, offset, storage, negated, places);
  }

  /** What it is called in its file; of a joined tensor, its parts in order. */
  List<Origin> origins() {
    return origins;
  }

  @Override
  public StoredTensor tensor(String name) {
    return this;
  }

  static void checkDimensions(String what, int dimensions) {
    if (dimensions > MAX_DIMENSIONS) {
      throw new InvalidWeightsException(
          what + " has " + dimensions + " dimensions; at most " + MAX_DIMENSIONS + " are read");
    }
  }

  /** Checks sizes that come from a file. */
  static List<Integer> sizes(String what, List<Long> shape) {
    checkDimensions(what, shape.size());
    List<Integer> sizes = new ArrayList<>();
    long count = 1;
    for (long size : shape) {
      if (size < 0 || size > Integer.MAX_VALUE || (count *= Math.max(1, size)) > 1L << 31) {
        throw new InvalidWeightsException(what + " has the impossible shape " + shape);
      }
      sizes.add((int) size);
    }
    return List.copyOf(sizes);
  }

  static long count(List<Integer> shape) {
    long count = 1;
    for (int size : shape) {
      count *= size;
    }
    return count;
  }

  ElementType type() {
    return type;
  }

  List<Integer> shape() {
    return shape;
  }

  long count() {
    return count(shape);
  }

  /** The bytes that {@link #decode} allocates. */
  long decodedBytes() {
    return count() * (type == ElementType.F64 ? 8 : 4);
  }

  /**
   * Whether the values are the same in the same order: shapes may differ by dimensions of size 1,
   * and a matrix may be a kernel as large as its image.
   */
  boolean fits(List<Integer> other) {
    return withoutOnes(shape).equals(withoutOnes(other))
        || (shape.size() == 4
            && other.size() == 2
            && shape.get(0).equals(other.get(0))
            && (long) shape.get(1) * shape.get(2) * shape.get(3) == other.get(1));
  }

  private static List<Integer> withoutOnes(List<Integer> shape) {
    return shape.stream().filter(size -> size != 1).toList();
  }

  /**
   * Copies the values out, in row-major order; float64 stays float64, all else is float32.
   *
   * @param as a shape that {@link #fits}
   */
  NamedTensor decode(String name, List<Integer> as) {
    ByteBuffer bytes = storage.bytes();
    int count = Math.toIntExact(count());
    if (!negated && contiguous()) {
      return contiguous(
          name,
          as,
          bytes.slice((int) offset * type.size(), count * type.size()).order(bytes.order()),
          count);
    }
    Places places = new Places();
    if (type == ElementType.F64) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        double value = bytes.getDouble(places.next() * 8);
        values[i] = negated ? -value : value;
      }
      return NamedTensor.of(name, as, values);
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      float value = type.single(bytes, places.next());
      values[i] = negated ? -value : value;
    }
    return NamedTensor.of(name, as, values);
  }

  /** Whether the values stand in the storage one behind the other, in row-major order. */
  private boolean contiguous() {
    long due = 1;
    for (int d = strides.length - 1; d >= 0; d--) {
      if (shape.get(d) != 1 && strides[d] != due) {
        return false;
      }
      due *= shape.get(d);
    }
    return true;
  }

  /** As {@link #decode}, of values one behind the other: much faster, and usual. */
  private NamedTensor contiguous(String name, List<Integer> as, ByteBuffer bytes, int count) {
    if (type == ElementType.F64) {
      double[] values = new double[count];
      bytes.asDoubleBuffer().get(values);
      return NamedTensor.of(name, as, values);
    }
    return NamedTensor.of(name, as, type.singles(bytes, count));
  }

  /** Where the values stand in the storage, in row-major order. */
  private final class Places {
    private final int[] index = new int[shape.size()];
    private long place = offset;

    int next() {
      int current = (int) place;
      for (int d = index.length - 1; d >= 0; d--) {
        place += strides[d];
        if (++index[d] < shape.get(d)) {
          break;
        }
        place -= strides[d] * index[d];
        index[d] = 0;
      }
      return current;
    }
  }

  @Override
  public String toString() {
    return type + " " + shape + " " + Arrays.toString(strides);
  }
}
