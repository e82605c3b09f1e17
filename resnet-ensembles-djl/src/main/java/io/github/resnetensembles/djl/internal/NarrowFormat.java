package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.Precision;
import java.util.Locale;
import java.util.Optional;

/**
 * A format of 16 bits that convolutions are computed in. Scripts cast; Java holds weights of it,
 * but neither makes, reads nor casts any: that would end the process.
 */
enum NarrowFormat {
  BFLOAT16(15),
  FLOAT16(5);

  /** The engine's number for single precision. */
  private static final int FLOAT32 = 6;

  /** The engine's number for the format. */
  private final int number;

  NarrowFormat(int number) {
    this.number = number;
  }

  /**
   * The format of a precision.
   *
   * @return empty if the precision is not one of 16 bits
   * @throws BackendUnavailableException if the device does not compute in it
   */
  static Optional<NarrowFormat> of(Precision precision, Device device) {
    return of(precision, device.isGpu(), InstructionSet.here());
  }

  /**
   * The format of a precision.
   *
   * @param gpu whether a GPU computes, which all have both formats
   * @param instructions of the processor that computes otherwise
   */
  static Optional<NarrowFormat> of(Precision precision, boolean gpu, String instructions) {
    if (precision == precision.kept()) {
      return Optional.empty();
    }
    NarrowFormat format = valueOf(precision.name());
    if (!gpu && format == FLOAT16) {
      throw new BackendUnavailableException(
          "the precision float16 is for GPUs; on a processor choose bfloat16 or float32");
    }
    if (!gpu && !InstructionSet.hasBfloat16(instructions)) {
      throw new BackendUnavailableException(
          ("the precision bfloat16 needs a processor with AVX512-BF16 or AMX, or a GPU; this one"
                  + " computes with %s: choose float32")
              .formatted(instructions));
    }
    return Optional.of(format);
  }

  /** The expression of a value in this format. */
  String narrowed(String value) {
    return cast(value, number);
  }

  /** The expression of a value of this format in single precision. */
  static String widened(String value) {
    return cast(value, FLOAT32);
  }

  private static String cast(String value, int number) {
    return "torch.to(" + value + ", " + number + ")";
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
