package io.github.resnetensembles.model;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What memory a process may still take. */
final class AvailableMemory {
  private static final Path LINUX = Path.of("/proc/meminfo");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: *(\\d{1,15}) kB$");

  private AvailableMemory() {}

  /** In bytes: on Linux with what the system would give up, such as files that it keeps. */
  static long bytes() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    try {
      Matcher available = AVAILABLE.matcher(Files.readString(LINUX));
      if (available.find()) {
        // A container's limit is in the total alone.
        return Math.min(system.getTotalMemorySize(), Long.parseLong(available.group(1)) * 1024);
      }
    } catch (IOException e) {
      // Other systems have no such file.
    }
    return system.getFreeMemorySize();
  }
}
