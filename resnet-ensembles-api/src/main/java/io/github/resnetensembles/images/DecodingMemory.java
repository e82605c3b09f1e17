package io.github.resnetensembles.images;

import io.github.resnetensembles.InvalidImagesException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * The memory for images that are being decoded: large ones wait for each other, so that several
 * threads do not run out of it together. Thread-safe.
 */
final class DecodingMemory {
  private static final int UNIT_BITS = 16;

  private final int units;
  private final Semaphore free;

  private DecodingMemory(int units) {
    this.units = units;
    this.free = new Semaphore(units, true);
  }

  /** Half of what this JVM may have. */
  static DecodingMemory ofThisJvm() {
    return of(Runtime.getRuntime().maxMemory() / 2);
  }

  static DecodingMemory of(long bytes) {
    return new DecodingMemory((int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes >> UNIT_BITS)));
  }

  /**
   * Runs when there is enough memory.
   *
   * @param bytes that are needed
   * @param what needs them, for messages
   * @throws InvalidImagesException if there will never be
   */
  <T> T with(long bytes, String what, Supplier<T> work) {
    long needed = (bytes >> UNIT_BITS) + 1;
    if (needed > units) {
      throw new InvalidImagesException(
          "%s needs %s MB to be decoded, more than half of this JVM's memory; give it more (-Xmx)"
              .formatted(what, bytes / 1_000_000));
    }
    free.acquireUninterruptibly((int) needed);
    try {
      return work.get();
    } finally {
      free.release((int) needed);
    }
  }
}
