package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.InvalidWeightsException;

/**
 * How many bytes reading one file may allocate for values, so that neither compression nor shared
 * storages make a small file large. Trained values hardly compress; float16 doubles when decoded.
 */
final class ReadBudget {
  private static final int FACTOR = 32;
  private static final long GRACE = 1 << 20;

  private final long limit;
  private long used;

  ReadBudget(long fileBytes) {
    limit = Math.min(FACTOR * fileBytes + GRACE, Runtime.getRuntime().maxMemory());
  }

  /** Asks for bytes before they are allocated. */
  void take(long bytes, String what) {
    if (bytes < 0 || bytes > limit - used) {
      throw new InvalidWeightsException(
          what
              + " would need "
              + bytes
              + " bytes, more than the "
              + (limit - used)
              + " left of what a file of this size may unpack to: refused as a decompression bomb"
              + " (for a real file, save it uncompressed or raise -Xmx)");
    }
    used += bytes;
  }
}
