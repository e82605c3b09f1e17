package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.util.Platform;
import io.github.resnetensembles.BackendUnavailableException;
import java.util.ArrayList;
import java.util.List;

/** Loads PyTorch through DJL and names its devices. */
final class TorchEngine {
  private static final String NAME = "PyTorch";
  private static final String IN_SCRIPT = "RuntimeError: ";

  private final Engine engine;

  private TorchEngine(Engine engine) {
    this.engine = engine;
  }

  static TorchEngine load() {
    try {
      return new TorchEngine(Engine.getEngine(NAME));
    } catch (RuntimeException | LinkageError e) {
      throw new BackendUnavailableException(EngineFailure.describe(e), e);
    }
  }

  Engine engine() {
    return engine;
  }

  String description() {
    return NAME + " " + engine.getVersion() + " (DJL " + Engine.getDjlVersion() + ")";
  }

  /** Which build of the native library computes. */
  String build() {
    Platform platform = Platform.detectPlatform("pytorch");
    return platform.getFlavor() + "-" + platform.getClassifier();
  }

  List<String> deviceNames() {
    List<String> names = new ArrayList<>(List.of("cpu"));
    for (int i = 0; i < engine.getGpuCount(); i++) {
      names.add("gpu:" + i);
    }
    return List.copyOf(names);
  }

  Device device(String wanted) {
    int gpus = engine.getGpuCount();
    if (wanted.equals("cpu") || (wanted.equals("auto") && gpus == 0)) {
      return Device.cpu();
    }
    int number = wanted.startsWith("gpu:") ? Integer.parseInt(wanted.substring(4)) : 0;
    if (number >= gpus) {
      throw new BackendUnavailableException(
          ("device %s is not available: %s computes on %s here; choose one of these, or"
                  + " install a CUDA build of PyTorch %s and its driver")
              .formatted(wanted, description(), deviceNames(), EngineFailure.pytorchVersion()));
    }
    return Device.gpu(number);
  }

  static String nameOf(Device device) {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu";
  }

  /** The first line; of what a script failed in, the one that says how. */
  static String firstLine(Throwable error) {
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName();
    }
    return message
        .lines()
        .filter(line -> line.startsWith(IN_SCRIPT))
        .findFirst()
        .map(line -> line.substring(IN_SCRIPT.length()).strip())
        .orElseGet(() -> message.strip().lines().findFirst().orElse(""));
  }
}
