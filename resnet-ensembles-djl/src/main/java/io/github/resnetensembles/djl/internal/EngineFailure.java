package io.github.resnetensembles.djl.internal;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Why PyTorch could not be loaded, and what helps, in one line. */
final class EngineFailure {
  /** What the engine is made of, by the names of its classes; the most particular first. */
  private static final List<Map.Entry<String, String>> ARTIFACTS =
      List.of(
          Map.entry("ai.djl.pytorch.", "ai.djl.pytorch:pytorch-engine"),
          Map.entry("ai.djl.", "ai.djl:api"),
          Map.entry("com.sun.jna.", "net.java.dev.jna:jna"),
          Map.entry("org.apache.commons.compress.", "org.apache.commons:commons-compress"),
          Map.entry("org.slf4j.", "org.slf4j:slf4j-api"));

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
    return "backend djl cannot load PyTorch's native library (%s); %s"
        .formatted(reason(all.chain.get(all.chain.size() - 1)), all.remedy());
  }

  /** Java gives some failures nothing but the file's name to say. */
  private static String reason(Throwable cause) {
    if (cause instanceof AccessDeniedException denied) {
      return denied.getFile() + ": access denied";
    }
    if (cause instanceof FileAlreadyExistsException existing) {
      return existing.getFile() + ": a file has that name";
    }
    if (cause instanceof UnknownHostException) {
      return "unknown host " + cause.getMessage();
    }
    return missingClass(cause)
        .map(name -> "missing class " + name)
        .orElseGet(() -> TorchEngine.firstLine(cause));
  }

  /** The most particular first: what is asked for by a variable looks like a missing artifact. */
  private String remedy() {
    Optional<String> missing = chain.stream().flatMap(e -> missingClass(e).stream()).findFirst();
    if (missing.isPresent()) {
      return artifactOf(missing.get());
    }
    if (says("Deep learning engine not found")) {
      return "add the Maven artifact ai.djl.pytorch:pytorch-engine to the class path";
    }
    if (says("Unknown default engine")) {
      return "DJL_DEFAULT_ENGINE is %s, an engine that is not here: unset it, or set it to PyTorch"
          .formatted(setting("DJL_DEFAULT_ENGINE", "ai.djl.default_engine"));
    }
    if (says("No space left") || says("quota exceeded")) {
      return "the disk of the cache folder %s is full: free about 500 MB there%s"
          .formatted(cache(), otherFolder());
    }
    if (says("File too large")) {
      return ("files of some 400 MB cannot be written to the cache folder %s: raise the"
              + " limit (ulimit -f, or that of its file system)%s")
          .formatted(cache(), otherFolder());
    }
    if (chain.stream().anyMatch(FileSystemException.class::isInstance)) {
      return "the cache folder " + cache() + " cannot be written: make it writable" + otherFolder();
    }
    if (says("failed to map segment") || says("Operation not permitted")) {
      return canExecute(cache())
          ? memory()
          : ("programs cannot be run from the cache folder %s (its file system is mounted"
                  + " noexec): mount it without that%s")
              .formatted(cache(), otherFolder());
    }
    if (says("Cannot allocate memory")) {
      return memory();
    }
    String version = setting("PYTORCH_VERSION", "PYTORCH_VERSION");
    if (version != null && !version.startsWith(pytorchVersion())) {
      return "PYTORCH_VERSION asks for %s, and this library needs %s: unset it"
          .formatted(version, pytorchVersion());
    }
    String folder = setting("PYTORCH_LIBRARY_PATH", "PYTORCH_LIBRARY_PATH");
    if (folder != null) {
      return ("PYTORCH_LIBRARY_PATH names %s: it must hold the libraries of PyTorch %s, and"
              + " PYTORCH_FLAVOR must say which, such as cpu; or unset it")
          .formatted(folder, pytorchVersion());
    }
    String flavour = setting("PYTORCH_FLAVOR", "PYTORCH_FLAVOR");
    if (flavour != null && missing()) {
      return "PYTORCH_FLAVOR asks for %s, which is not on the class path: unset it, or add that library"
          .formatted(flavour);
    }
    if (says("jni files")) {
      return "add the Maven artifact ai.djl.pytorch:pytorch-jni of PyTorch %s to the class path"
          .formatted(pytorchVersion());
    }
    return missing()
        ? ("add the Maven artifact ai.djl.pytorch:pytorch-native-cpu:%s with the"
                + " classifier %s to the class path")
            .formatted(pytorchVersion(), classifier())
        : "remove the folder " + cache().resolve("pytorch") + ", from which it is then made anew";
  }

  /** What names the folder, and so what has to be changed. */
  private static String otherFolder() {
    String variable = "ENGINE_CACHE_DIR";
    return ", or name another folder by the environment variable "
        + (setting(variable, variable) == null ? "DJL_CACHE_DIR" : variable);
  }

  /** The class that the class path lacks, if that is what went wrong. */
  private static Optional<String> missingClass(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    boolean lacks =
        (failure instanceof NoClassDefFoundError || failure instanceof ClassNotFoundException)
            && !message.contains(" ");
    return lacks ? Optional.of(message.replace('/', '.')) : Optional.empty();
  }

  private static String artifactOf(String name) {
    return "add the Maven artifact "
        + ARTIFACTS.stream()
            .filter(entry -> name.startsWith(entry.getKey()))
            .findFirst()
            .map(Map.Entry::getValue)
            .orElse("that holds it")
        + " to the class path";
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
