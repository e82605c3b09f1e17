package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.internal.Names;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The number formats in weight files. Integers and booleans are known by size, to be skipped. */
enum ElementType {
  F64("F64", "DoubleStorage", 8),
  F32("F32", "FloatStorage", 4),
  F16("F16", "HalfStorage", 2),
  BF16("BF16", "BFloat16Storage", 2),
  I64("I64", "LongStorage", 8),
  I32("I32", "IntStorage", 4),
  I16("I16", "ShortStorage", 2),
  I8("I8", "CharStorage", 1),
  U8("U8", "ByteStorage", 1),
  BOOL("BOOL", "BoolStorage", 1);

  private final String safetensors;
  private final String torchStorage;
  private final int size;

  ElementType(String safetensors, String torchStorage, int size) {
    this.safetensors = safetensors;
    this.torchStorage = torchStorage;
    this.size = size;
  }

  static ElementType ofSafetensors(String name) {
    for (ElementType type : values()) {
      if (type.safetensors.equals(name)) {
        return type;
      }
    }
    throw new InvalidWeightsException(
        "the element type '%s' is not known; there are %s"
            .formatted(
                Names.shorten(name),
                Arrays.stream(values()).map(t -> t.safetensors).collect(Collectors.joining(", "))));
  }

  String safetensors() {
    return safetensors;
  }

  /** The class in Python's module torch that a pickle names for this type. */
  String torchStorage() {
    return torchStorage;
  }

  int size() {
    return size;
  }

  boolean floating() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  /** One value that float32 holds exactly; not for F64 or integers. */
  float single(ByteBuffer bytes, int index) {
    return switch (this) {
      case F32 -> bytes.getFloat(index * 4);
      case F16 -> half(bytes.getShort(index * 2));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
      default -> throw new IllegalStateException(this + " is not held by float32");
    };
  }

  /** The first values, as {@link #single} gives them. */
  float[] singles(ByteBuffer bytes, int count) {
    float[] values = new float[count];
    if (this == F32) {
      bytes.asFloatBuffer().get(values);
      return values;
    }
    for (int i = 0; i < count; i++) {
      values[i] = single(bytes, i);
    }
    return values;
  }

  /** The nearest value that bfloat16 holds; of two the one whose last bit is 0. */
  static float toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000;
    return Float.isFinite(value) ? Float.intBitsToFloat(rounded) : value;
  }

  private static float half(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
