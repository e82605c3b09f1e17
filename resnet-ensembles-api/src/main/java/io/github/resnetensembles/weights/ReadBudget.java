package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.RunInterruptedException;

/**
 * How many bytes reading one file may allocate and how many steps it may take, so that neither
 * compression nor shared storages nor copied lists make a small file large. Trained values hardly
 * compress; float16 doubles when decoded. Every demand is a place where reading can be interrupted.
 */
final class ReadBudget {
  private static final int FACTOR = 32;
  private static final long GRACE = 1 << 24;
  private static final int STEPS_PER_BYTE = 64;
  private static final long STEPS_BETWEEN_LOOKS = 1 << 16;

  private final long limit;
  private final long stepLimit;
  private long used;
  private long steps;
  private long nextLook;

  ReadBudget(long fileBytes) {
    long memory = Math.max(0, Runtime.getRuntime().maxMemory() - fileBytes);
    limit = Math.min(FACTOR * fileBytes + GRACE, memory);
    stepLimit = STEPS_PER_BYTE * fileBytes + GRACE;
  }

  /** Asks for bytes before they are allocated. */
  void take(long bytes, String what) {
    look();
    allocate(bytes, what);
  }

  /** Asks for the memory of a small object of a pickle. */
  void allocate(long bytes) {
    allocate(bytes, "the pickle's objects");
  }

  private void allocate(long bytes, String what) {
    if (bytes < 0 || bytes > limit - used) {
      throw new InvalidWeightsException(
          ("%s would need %s bytes, more than the %s left of what a file of this size"
                  + " may unpack to: refused as a decompression bomb (for a real file, save it"
                  + " uncompressed or raise -Xmx)")
              .formatted(what, bytes, limit - used));
    }
    used += bytes;
  }

  /** Counts work that is not bounded by the bytes just read. */
  void step(long count) {
    steps += count;
    if (steps > stepLimit) {
      throw new InvalidWeightsException(
          ("reading would take more than the %s steps that a file of this size may need:"
                  + " refused as a bomb (for a real file, save the state dict alone)")
              .formatted(stepLimit));
    }
    if (steps >= nextLook) {
      nextLook = steps + STEPS_BETWEEN_LOOKS;
      look();
    }
  }

  /** Ends the reading where the thread was interrupted. */
  static void look() {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  static RunInterruptedException interrupted() {
    return new RunInterruptedException("interrupted while a weight file was read");
  }
}
