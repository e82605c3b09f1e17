package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import java.nio.ByteBuffer;
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
      boolean negated) {
    this.type = type;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    this.storage = storage;
    this.negated = negated;
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
    return new StoredTensor(storage.type(), sizes, steps, offset, storage, false);
  }

  /** A tensor that is all of its storage, in row-major order. */
  static StoredTensor whole(List<Integer> shape, Storage storage) {
    long[] strides = new long[shape.size()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape.get(i);
    }
    return new StoredTensor(storage.type(), shape, strides, 0, storage, false);
  }

  /** {@return the same window, the sign of whose values is the other one} */
  StoredTensor negated() {
    return new StoredTensor(type, shape, strides, offset, storage, !negated);
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

  /** Copies the values out, in row-major order; float64 stays float64, all else is float32. */
  NamedTensor decode(String name) {
    ByteBuffer bytes = storage.bytes();
    int count = Math.toIntExact(count());
    Places places = new Places();
    if (type == ElementType.F64) {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        double value = bytes.getDouble(places.next() * 8);
        values[i] = negated ? -value : value;
      }
      return NamedTensor.of(name, shape, values);
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      float value = type.single(bytes, places.next());
      values[i] = negated ? -value : value;
    }
    return NamedTensor.of(name, shape, values);
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
