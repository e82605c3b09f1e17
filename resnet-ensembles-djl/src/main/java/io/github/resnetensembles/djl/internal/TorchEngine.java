package io.github.resnetensembles.djl.internal;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import io.github.resnetensembles.BackendUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** Loads PyTorch through DJL and names its devices. */
final class TorchEngine {
  private static final String NAME = "PyTorch";

  private final Engine engine;

  private TorchEngine(Engine engine) {
    this.engine = engine;
  }

  static TorchEngine load() {
    try {
      return new TorchEngine(Engine.getEngine(NAME));
    } catch (EngineException | IllegalArgumentException | LinkageError e) {
      throw new BackendUnavailableException(
          "backend djl cannot load PyTorch's native library ("
              + firstLine(rootCause(e))
              + "); add the Maven artifact ai.djl.pytorch:pytorch-native-cpu:"
              + pytorchVersion()
              + " with the classifier "
              + classifier()
              + " to the class path",
          e);
    }
  }

  Engine engine() {
    return engine;
  }

  String description() {
    return NAME + " " + engine.getVersion() + " (DJL " + Engine.getDjlVersion() + ")";
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
          "device "
              + wanted
              + " is not available: "
              + description()
              + " computes on "
              + deviceNames()
              + " here; choose one of these, or install a CUDA build of PyTorch "
              + pytorchVersion()
              + " and its driver");
    }
    return Device.gpu(number);
  }

  static String nameOf(Device device) {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu";
  }

  private static Throwable rootCause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  static String firstLine(Throwable error) {
    String message = error.getMessage();
    return message == null || message.isBlank()
        ? error.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("");
  }

  private static String pytorchVersion() {
    try (InputStream in = TorchEngine.class.getResourceAsStream("engine.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("pytorch", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classifier() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch");
    String family = system.startsWith("mac") ? "osx" : system.startsWith("win") ? "win" : "linux";
    return family + "-" + (processor.equals("amd64") ? "x86_64" : processor);
  }
}
