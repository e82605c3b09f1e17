package io.github.resnetensembles.djl.internal;

import com.google.common.base.Splitter;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The instruction sets that the engine's two libraries compute with on this processor, capped as
 * their environment variables say. They decide in which order numbers are added up, so about last
 * bits.
 */
final class InstructionSet {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final String ONEDNN_IS = " onednn=";
  private static final Supplier<String> HERE = Suppliers.memoize(InstructionSet::find);

  /** A set of instructions, and what the processor has to have for it beside the weaker ones. */
  private record Level(String name, Set<String> flags) {
    static Level of(String name, String... flags) {
      return new Level(name, ImmutableSet.copyOf(flags));
    }
  }

  private static final List<Level> ATEN =
      List.of(
          Level.of("default"),
          Level.of("avx2", "avx2", "fma"),
          Level.of("avx512", "avx512f", "avx512bw", "avx512vl", "avx512dq"));

  private static final List<Level> ONEDNN =
      List.of(
          Level.of("none"),
          Level.of("sse41", "sse4_1"),
          Level.of("avx", "avx"),
          Level.of("avx2", "avx2", "fma"),
          Level.of("avx512_core", "avx512f", "avx512bw", "avx512vl", "avx512dq"),
          Level.of("avx512_core_vnni", "avx512_vnni"),
          Level.of("avx512_core_bf16", "avx512_bf16"),
          Level.of("avx512_core_fp16", "avx512_fp16"),
          Level.of("avx512_core_amx", "amx_tile", "amx_int8", "amx_bf16"));

  private InstructionSet() {}

  /** Those of this process. */
  static String here() {
    return HERE.get();
  }

  private static String find() {
    try {
      return of(Files.readString(CPUINFO), System.getenv());
    } catch (IOException e) {
      // Other systems do not say what their processor has.
      return System.getProperty("os.arch", "unknown");
    }
  }

  /**
   * Those of a processor.
   *
   * @param cpuinfo what Linux says of it
   * @param environment of the process
   */
  static String of(String cpuinfo, Map<String, String> environment) {
    Set<String> flags =
        cpuinfo
            .lines()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .map(words -> ImmutableSet.copyOf(Splitter.on(' ').split(words)))
            .orElse(ImmutableSet.of());
    if (flags.isEmpty()) {
      return System.getProperty("os.arch", "unknown");
    }
    String aten = strongest(ATEN, flags, environment.get("ATEN_CPU_CAPABILITY"));
    String cap =
        environment.getOrDefault("ONEDNN_MAX_CPU_ISA", environment.get("DNNL_MAX_CPU_ISA"));
    return "aten=" + aten + ONEDNN_IS + strongest(ONEDNN, flags, cap);
  }

  /** {@return whether instructions, as {@link #of} describes them, multiply bfloat16} */
  static boolean hasBfloat16(String instructions) {
    int set = instructions.indexOf(ONEDNN_IS);
    String name = set < 0 ? "" : instructions.substring(set + ONEDNN_IS.length());
    return ONEDNN.stream()
        .map(Level::name)
        .dropWhile(weaker -> !weaker.equals("avx512_core_bf16"))
        .anyMatch(name::equals);
  }

  private static String strongest(List<Level> levels, Set<String> flags, @Nullable String cap) {
    String found = levels.get(0).name();
    for (Level level : levels) {
      if (!flags.containsAll(level.flags())) {
        break;
      }
      found = level.name();
      if (cap != null && cap.toLowerCase(Locale.ROOT).equals(found)) {
        break;
      }
    }
    return found;
  }
}
