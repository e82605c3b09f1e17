package io.github.resnetensembles.djl.internal;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Why PyTorch could not be loaded, and what helps, in one line. */
final class EngineFailure {
  private static final String OTHER_FOLDER =
      ", or name another folder by the environment variable DJL_CACHE_DIR";

  private final List<Throwable> chain = new ArrayList<>();
  private final String texts;

  private EngineFailure(Throwable failure) {
    StringBuilder all = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      chain.add(cause);
      all.append(cause.getMessage()).append('\n');
    }
    this.texts = all.toString();
  }

  static String describe(Throwable failure) {
    EngineFailure all = new EngineFailure(failure);
    return "backend djl cannot load PyTorch's native library ("
        + TorchEngine.firstLine(all.chain.get(all.chain.size() - 1))
        + "); "
        + all.remedy();
  }

  /** The most particular first: what is asked for by a variable looks like a missing artifact. */
  private String remedy() {
    if (says("Unknown default engine")) {
      return "DJL_DEFAULT_ENGINE is "
          + setting("DJL_DEFAULT_ENGINE", "ai.djl.default_engine")
          + ", an engine that is not here: unset it, or set it to PyTorch";
    }
    if (says("No space left")) {
      return "the disk of the cache folder "
          + cache()
          + " is full: free about 500 MB there"
          + OTHER_FOLDER;
    }
    if (chain.stream().anyMatch(FileSystemException.class::isInstance)) {
      return "the cache folder " + cache() + " cannot be written: make it writable" + OTHER_FOLDER;
    }
    if (says("failed to map segment") || says("Operation not permitted")) {
      return canExecute(cache())
          ? memory()
          : "programs cannot be run from the cache folder "
              + cache()
              + " (its file system is mounted noexec): mount it without that"
              + OTHER_FOLDER;
    }
    if (says("Cannot allocate memory")) {
      return memory();
    }
    String version = setting("PYTORCH_VERSION", "PYTORCH_VERSION");
    if (version != null && !version.startsWith(pytorchVersion())) {
      return "PYTORCH_VERSION asks for "
          + version
          + ", and this library needs "
          + pytorchVersion()
          + ": unset it";
    }
    String folder = setting("PYTORCH_LIBRARY_PATH", "PYTORCH_LIBRARY_PATH");
    if (folder != null) {
      return "PYTORCH_LIBRARY_PATH names "
          + folder
          + ": it must hold the libraries of PyTorch "
          + pytorchVersion()
          + ", and PYTORCH_FLAVOR must say which, such as cpu; or unset it";
    }
    String flavour = setting("PYTORCH_FLAVOR", "PYTORCH_FLAVOR");
    if (flavour != null && missing()) {
      return "PYTORCH_FLAVOR asks for "
          + flavour
          + ", which is not on the class path: unset it, or add that library";
    }
    if (says("jni files")) {
      return "add the Maven artifact ai.djl.pytorch:pytorch-jni of PyTorch "
          + pytorchVersion()
          + " to the class path";
    }
    return missing()
        ? "add the Maven artifact ai.djl.pytorch:pytorch-native-cpu:"
            + pytorchVersion()
            + " with the classifier "
            + classifier()
            + " to the class path"
        : "remove the folder " + cache().resolve("pytorch") + ", from which it is then made anew";
  }

  private static String memory() {
    return "the process is not given enough memory for it: raise the limit (ulimit -v, or that of the"
        + " container) by some 2 GB";
  }

  private boolean says(String text) {
    return texts.contains(text);
  }

  private boolean missing() {
    return says("Offline mode") || says("pytorch index file") || says("No native");
  }

  private static @Nullable String setting(String variable, String property) {
    String value = System.getProperty(property);
    return value == null ? System.getenv(variable) : value;
  }

  private static Path cache() {
    return Utils.getEngineCacheDir();
  }

  /** Tries it: file systems do not tell how they are mounted. */
  private static boolean canExecute(Path folder) {
    try {
      Path file = Files.createTempFile(folder, "resnet-ensembles", ".tmp");
      try {
        return file.toFile().setExecutable(true) && Files.isExecutable(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      return true;
    }
  }

  static String pytorchVersion() {
    try (InputStream in = EngineFailure.class.getResourceAsStream("engine.properties")) {
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
