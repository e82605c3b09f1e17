package io.github.resnetensembles.testkit;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Measures the memory of this process. */
final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Memory() {}

  /** The bytes in use on the Java heap, garbage excluded. */
  static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Resident bytes beyond the Java heap's committed ones; -1 where the system does not tell. */
  static long resident() {
    if (!Files.isReadable(STATUS)) {
      return -1;
    }
    try {
      long kibibytes =
          Files.readAllLines(STATUS).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .findFirst()
              .orElse(-1);
      long committed = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
      return kibibytes < 0 ? -1 : Math.max(0, 1024 * kibibytes - committed);
    } catch (IOException e) {
      return -1;
    }
  }

  /** Lets garbage pass over the committed heap, so that it is resident from here on. */
  static void touchHeap() {
    long committed = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    long touched = 0;
    for (long i = 0; i < 2 * committed; i += 1 << 20) {
      byte[] garbage = new byte[1 << 20];
      touched += garbage.length + garbage[0];
    }
    if (touched < committed) {
      throw new AssertionError("the heap was not touched");
    }
  }
}
