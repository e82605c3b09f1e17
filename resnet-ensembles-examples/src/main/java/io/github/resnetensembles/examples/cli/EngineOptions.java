package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What computes, and where. */
class EngineOptions {
  private static final String AUTO = "auto";

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What computes (default: the only one there is beside 'reference').")
  @Nullable String backend;

  @Option(
      names = "--device",
      paramLabel = "cpu|gpu|gpu:N",
      defaultValue = AUTO,
      description = "Where (default: a GPU when there is one).")
  String device = AUTO;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Processor threads (default: all).")
  int threads;

  @Option(
      names = "--precision",
      paramLabel = "float32|float64|bfloat16|float16",
      defaultValue = "float32",
      description = "Floating-point format (default: float32).")
  Precision precision = Precision.FLOAT32;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of everything random (default: 0).")
  long seed;

  Backend backend() {
    return backend == null ? Backends.load() : Backends.load(backend);
  }

  /** The flags that say the same, where it is not the default. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    if (backend != null) {
      flags.addAll(List.of("--backend", backend));
    }
    if (!device.equals(AUTO)) {
      flags.addAll(List.of("--device", device));
    }
    if (threads != 0) {
      flags.addAll(List.of("--threads", String.valueOf(threads)));
    }
    if (precision != Precision.FLOAT32) {
      flags.addAll(List.of("--precision", precision.name().toLowerCase(Locale.ROOT)));
    }
    return flags;
  }

  ModelOptions modelOptions() {
    return new ModelOptions(device, precision, threads);
  }
}
