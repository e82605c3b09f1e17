package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.spi.Backend;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Registers a backend for this thread and as long as this is open, as a jar on the class path
 * would. Nothing is registered for good: a second backend beside {@code djl} would leave {@code
 * Backends.load()} without a default.
 */
public final class PluggedIn implements AutoCloseable {
  private final ClassLoader before;
  private final URLClassLoader loader;

  private PluggedIn(ClassLoader before, URLClassLoader loader) {
    this.before = before;
    this.loader = loader;
  }

  public static PluggedIn of(Class<? extends Backend> backend, Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(Backend.class.getName()), backend.getName() + "\n", UTF_8);
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, PluggedIn.class.getClassLoader());
    Thread.currentThread().setContextClassLoader(loader);
    return new PluggedIn(before, loader);
  }

  @Override
  public void close() throws IOException {
    Thread.currentThread().setContextClassLoader(before);
    loader.close();
  }
}
