package io.github.resnetensembles.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/** Writes pickle opcodes one by one, valid or not. */
final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @CanIgnoreReturnValue
  static PickleBytes protocol(int protocol) {
    return new PickleBytes().raw(0x80, protocol);
  }

  @CanIgnoreReturnValue
  PickleBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  @CanIgnoreReturnValue
  PickleBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  @CanIgnoreReturnValue
  PickleBytes op(char opcode) {
    return raw(opcode);
  }

  @CanIgnoreReturnValue
  PickleBytes global(String module, String name) {
    return raw(("c" + module + "\n" + name + "\n").getBytes(UTF_8));
  }

  @CanIgnoreReturnValue
  PickleBytes text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return op('X').little(bytes.length, 4).raw(bytes);
  }

  @CanIgnoreReturnValue
  PickleBytes integer(long value) {
    return value == (int) value ? op('J').little(value, 4) : raw(0x8a, 8).little(value, 8);
  }

  @CanIgnoreReturnValue
  PickleBytes little(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      raw((int) (value >>> (8 * i)) & 0xff);
    }
    return this;
  }

  @CanIgnoreReturnValue
  PickleBytes integers(Collection<? extends Number> values) {
    op('(');
    values.forEach(value -> integer(value.longValue()));
    return op('t');
  }

  /** A call of _rebuild_tensor_v2 for a window on a storage. */
  @CanIgnoreReturnValue
  PickleBytes tensor(
      String storage,
      String key,
      long count,
      long offset,
      List<Integer> shape,
      List<Integer> strides) {
    return tensor(storage, key, count, p -> p.integer(offset), shape, strides, p -> p);
  }

  /** The same with an offset of any kind, and with what follows the backward hooks. */
  @CanIgnoreReturnValue
  PickleBytes tensor(
      String storage,
      String key,
      long count,
      UnaryOperator<PickleBytes> offset,
      List<Integer> shape,
      List<Integer> strides,
      UnaryOperator<PickleBytes> metadata) {
    PickleBytes begun =
        global("torch._utils", "_rebuild_tensor_v2")
            .op('(')
            .op('(')
            .text("storage")
            .global("torch", storage)
            .text(key)
            .text("cpu")
            .integer(count)
            .op('t')
            .op('Q');
    PickleBytes called =
        offset
            .apply(begun)
            .integers(shape)
            .integers(strides)
            .raw(0x89)
            .global("collections", "OrderedDict")
            .op(')')
            .op('R');
    return metadata.apply(called).op('t').op('R');
  }

  byte[] stop() {
    return op('.').bytes();
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  static byte[] floats(float[] values, ByteOrder order) {
    byte[] bytes = new byte[values.length * 4];
    ByteBuffer.wrap(bytes).order(order).asFloatBuffer().put(values);
    return bytes;
  }
}
