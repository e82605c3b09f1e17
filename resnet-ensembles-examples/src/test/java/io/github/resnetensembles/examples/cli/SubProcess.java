package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM on this test's class path, its two streams joined. */
final class SubProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private SubProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(UTF_8);
  }

  static SubProcess of(String mainClass, String... args) throws IOException {
    return of(Map.of(), mainClass, args);
  }

  /** With these environment variables, besides this JVM's. */
  static SubProcess of(Map<String, String> environment, String mainClass, String... args)
      throws IOException {
    return start(environment, System.getProperty("java.class.path"), mainClass, args);
  }

  /** With a folder on the class path that names services. */
  static SubProcess withService(Path folder, String mainClass, String... args) throws IOException {
    String path = folder + File.pathSeparator + System.getProperty("java.class.path");
    return start(Map.of(), path, mainClass, args);
  }

  private static SubProcess start(
      Map<String, String> environment, String classPath, String mainClass, String... args)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                classPath,
                mainClass));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new SubProcess(builder.start());
  }

  /** Reads until a line that contains the text; returns that line. */
  String awaitLine(String text) throws IOException {
    List<String> seen = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains(text)) {
        return line;
      }
      seen.add(line);
    }
    throw new AssertionError("the process ended without '" + text + "' after " + seen);
  }

  void signal(String name) throws IOException, InterruptedException {
    int sent =
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    if (sent != 0) {
      throw new AssertionError("kill -" + name + " ended with " + sent);
    }
  }

  /** Waits for a thread whose name begins so; on Linux, which keeps 15 characters of it. */
  void awaitThread(String name) throws IOException, InterruptedException {
    Path tasks = Path.of("/proc", String.valueOf(process.pid()), "task");
    while (true) {
      try (Stream<Path> threads = Files.list(tasks)) {
        for (Path thread : threads.toList()) {
          if (Files.readString(thread.resolve("comm")).startsWith(name)) {
            return;
          }
        }
      } catch (NoSuchFileException e) {
        if (!process.isAlive()) {
          throw new AssertionError("the process ended without a thread " + name, e);
        }
      }
      Thread.sleep(5);
    }
  }

  /** Ends the process at once, as by kill -9; false if it had ended before. */
  boolean kill() throws InterruptedException {
    return process.destroyForcibly().waitFor() == 128 + 9;
  }

  /** The processes that this one started and that are alive. */
  List<ProcessHandle> children() {
    return process.children().toList();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      throw new AssertionError("the process does not end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
