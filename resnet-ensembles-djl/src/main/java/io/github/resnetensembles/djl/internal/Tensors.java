package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.resnetensembles.Precision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/**
 * The only way between Java arrays and engine arrays of one network, and the owner of every array
 * that outlives a call. Safe for use by several threads.
 *
 * <p>DJL's arrays of Java data borrow the memory of a buffer that the garbage collector may take:
 * here the engine copies them before they are used. DJL's managers forget an array when another one
 * at the same address is closed twice: here what is kept is listed.
 */
final class Tensors {
  private final NDManager manager;
  private final DataType type;
  private final Set<NDArray> kept = Collections.synchronizedSet(identitySet());
  private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  Tensors(Engine engine, Device device, Precision precision) {
    this.manager = engine.newBaseManager(device);
    this.type = dataType(precision);
  }

  private static Set<NDArray> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** The element types that may reach the engine: some others end the process. */
  private static DataType dataType(Precision precision) {
    return precision.kept() == Precision.FLOAT64 ? DataType.FLOAT64 : DataType.FLOAT32;
  }

  NDManager manager() {
    return manager;
  }

  NDArray of(float[] values, long... shape) {
    ByteBuffer buffer = buffer(values.length);
    if (type == DataType.FLOAT32) {
      buffer.asFloatBuffer().put(values);
    } else {
      for (float value : values) {
        buffer.putDouble(value);
      }
    }
    return copied(buffer, shape);
  }

  NDArray of(double[] values, long... shape) {
    ByteBuffer buffer = buffer(values.length);
    if (type == DataType.FLOAT64) {
      buffer.asDoubleBuffer().put(values);
    } else {
      buffer.asFloatBuffer().put(rounded(values));
    }
    return copied(buffer, shape);
  }

  /**
   * {@return the values in row-major order whatever the memory layout}
   *
   * @param array of this network's type
   */
  double[] read(NDArray array) {
    return type == DataType.FLOAT64
        ? readDoubles(array)
        : widened(readFlat(array, NDArray::toFloatArray));
  }

  /** {@return the values of an array of float64, whatever this network's type} */
  static double[] readDoubles(NDArray array) {
    return readFlat(array, NDArray::toDoubleArray);
  }

  /** A copy in another precision, which is closed by whoever asks for it. */
  static NDArray copy(NDArray array, DataType type) {
    return array.toType(type, true);
  }

  private static <T> T readFlat(NDArray array, Function<NDArray, T> reader) {
    // A flat array is contiguous; reading another one would leave a hidden copy behind.
    try (NDArray flat = closedOnce(array.reshape(array.size()))) {
      if (!flat.getDevice().isGpu()) {
        return reader.apply(flat);
      }
      try (NDArray host = closedOnce(flat.toDevice(Device.cpu(), true))) {
        return reader.apply(host);
      }
    }
  }

  /**
   * Takes an array out of the call's scope, which would close it once more: a second close makes
   * its manager forget whatever else has the same address by then.
   */
  static NDArray closedOnce(NDArray array) {
    NDScope.unregister(array);
    return array;
  }

  private static float[] rounded(double[] doubles) {
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  private static double[] widened(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /** Takes an array over from the call that made it; {@link #free} or closing frees it. */
  NDArray keep(NDArray array) {
    kept.add(closedOnce(array));
    return array;
  }

  void free(NDArray array) {
    if (kept.remove(array)) {
      array.close();
    }
  }

  int keptCount() {
    return kept.size();
  }

  void close() {
    synchronized (kept) {
      kept.forEach(NDArray::close);
      kept.clear();
    }
    manager.close();
    buffers.clear();
  }

  private NDArray copied(ByteBuffer buffer, long... shape) {
    buffer.rewind();
    buffer.limit(Math.toIntExact(new Shape(shape).size() * type.getNumOfBytes()));
    try (NDArray borrowed = closedOnce(manager.create(buffer, new Shape(shape), type))) {
      return borrowed.duplicate();
    } finally {
      buffers.add(buffer);
    }
  }

  private ByteBuffer buffer(int values) {
    int bytes = Math.multiplyExact(values, type.getNumOfBytes());
    ByteBuffer buffer = buffers.poll();
    if (buffer == null || buffer.capacity() < bytes) {
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    return buffer.clear();
  }
}
