package io.github.resnetensembles.examples.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/** A master and two workers, each a process of this machine, as in a cluster of one's own. */
final class SparkCluster implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("spark.home"));
  private static final Path JARS = HOME.resolve("jars");
  private static final Path LIBRARY = Path.of(System.getProperty("library.jar"));
  private static final Path APPLICATION = Path.of(System.getProperty("spark.jar"));
  private static final String HOST = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** The work is done by PyTorch: nothing here gains by good machine code. */
  private static final List<String> FAST_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private final String master;

  SparkCluster(Path folder) {
    this.folder = folder;
    Path log = masterLog();
    Process process =
        start(
            log,
            spark(
                "org.apache.spark.deploy.master.Master",
                List.of("--host", HOST, "--port", "0", "--webui-port", "0")));
    await("a master", process, log, () -> MASTER.matcher(text(log)).find());
    Matcher found = MASTER.matcher(text(log));
    this.master = found.find() ? found.group(1) : "";
    for (int i = 1; i <= 2; i++) {
      startWorker(i);
    }
  }

  /** Until then, applications have fewer executors. */
  void awaitWorkers() {
    Path log = masterLog();
    await(
        "two workers",
        processes.get(0),
        log,
        () -> text(log).split("Registering worker", -1).length > workers.size());
  }

  private Path masterLog() {
    return folder.resolve("master.log");
  }

  private void startWorker(int number) {
    workers.add(
        start(
            folder.resolve("worker" + number + ".log"),
            spark(
                "org.apache.spark.deploy.worker.Worker",
                List.of(
                    "--host",
                    HOST,
                    "--port",
                    "0",
                    "--webui-port",
                    "0",
                    "--cores",
                    "1",
                    "--memory",
                    "2g",
                    "--work-dir",
                    folder.resolve("work" + number).toString(),
                    master))));
  }

  /** Where DJL unpacks PyTorch: nothing is there at first. */
  Path cache() {
    return folder.resolve("cache");
  }

  /** Begins the command lesion, as spark-submit does. */
  Process submit(Path log, List<String> flags) {
    List<String> arguments =
        new ArrayList<>(List.of("--master", master, "--jars", LIBRARY.toString()));
    for (String setting :
        List.of(
            "spark.ui.enabled=false",
            "spark.driver.host=" + HOST,
            "spark.driver.bindAddress=" + HOST,
            "spark.executor.memory=768m",
            "spark.executor.extraJavaOptions=%s -Xlog:class+load:file=%s"
                .formatted(String.join(" ", FAST_START), folder.resolve("classes-%p.log")),
            "spark.executorEnv.DJL_CACHE_DIR=" + cache())) {
      arguments.addAll(List.of("--conf", setting));
    }
    arguments.addAll(List.of("--class", SparkCommand.class.getName(), APPLICATION.toString()));
    arguments.addAll(flags);
    return start(log, spark("org.apache.spark.deploy.SparkSubmit", arguments));
  }

  /** Begins a command of the library in a process that knows no Spark. */
  Process beginAlone(Path log, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(java(), "-jar", LIBRARY.toString()));
    command.addAll(arguments);
    return start(log, command);
  }

  /** Waits for a process that ends well. */
  void ended(Process process, Path log) {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new AssertionError("the process failed or took too long:\n" + text(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The processes that run tasks. */
  List<ProcessHandle> executors() {
    return workers.stream()
        .flatMap(worker -> worker.toHandle().children())
        .filter(ProcessHandle::isAlive)
        .toList();
  }

  /** The executors that were given a task: only then do they load a class of the library. */
  List<ProcessHandle> atWork() {
    return executors().stream()
        .filter(
            executor ->
                text(folder.resolve("classes-%s.log".formatted(executor.pid())))
                    .contains(" io.github.resnetensembles."))
        .toList();
  }

  /**
   * Kills an executor which was given tasks, while there are more: it stands still first, until the
   * driver has heard of the last one that it finished, and has given it another.
   */
  void killInTask(ProcessHandle executor) {
    Path log = folder.resolve("stop.log");
    ended(start(log, List.of("kill", "-STOP", Long.toString(executor.pid()))), log);
    for (int i = 0; i < 10; i++) {
      pause();
    }
    if (!executor.destroyForcibly()) {
      throw new AssertionError("no process %s".formatted(executor.pid()));
    }
  }

  /** The files that executors took the classes of a package from. */
  Set<Path> sources(String name) {
    Pattern loaded =
        Pattern.compile("\\s%s\\.\\S+ source: file:(\\S+)".formatted(Pattern.quote(name)));
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "classes-*.log")) {
      Set<Path> sources = new TreeSet<>();
      for (Path log : logs) {
        loaded.matcher(text(log)).results().forEach(each -> sources.add(Path.of(each.group(1))));
      }
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether Spark brings a file along. */
  static boolean isSparks(Path file) {
    try {
      return file.toRealPath().startsWith(JARS.toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<String> spark(String main, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx512m"));
    command.addAll(FAST_START);
    command.addAll(
        Splitter.on(' ').omitEmptyStrings().splitToList(JavaModuleOptions.defaultModuleOptions()));
    command.addAll(List.of("-cp", JARS + "/*", main));
    command.addAll(arguments);
    return command;
  }

  private Process start(Path log, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("SPARK_HOME", HOME.toString());
    // Of a folder with nothing but jars, Spark does not know what it was built for.
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", HOST);
    builder.environment().put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
    builder.environment().put("DJL_CACHE_DIR", cache().toString());
    try {
      Process process = builder.start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for what a process brings about. */
  static void await(String what, Process process, Path log, BooleanSupplier there) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!there.getAsBoolean()) {
      if (System.nanoTime() > end || !process.isAlive()) {
        throw new AssertionError("waited in vain for " + what + ":\n" + text(log));
      }
      pause();
    }
  }

  static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  static String text(Path log) {
    try {
      return Files.exists(log) ? new String(Files.readAllBytes(log), UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> all =
        processes.stream()
            .map(Process::toHandle)
            .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process)))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }
}
