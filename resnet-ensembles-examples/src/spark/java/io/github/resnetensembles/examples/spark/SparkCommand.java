package io.github.resnetensembles.examples.spark;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.cli.CommandStudy;
import io.github.resnetensembles.examples.cli.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A command whose studies can be run in pieces ({@code lesion}, unless {@code gradients}, {@code
 * shapley} or {@code study} is named first) on Spark, for {@code spark-submit}: all its flags, of
 * which {@code --store DIR} is needed, and two more. With {@code --collect} executors send results
 * to the driver, which alone needs to see the store; with {@code --ship} Spark copies the files
 * that the flags name to the executors, which otherwise find them under the same paths.
 */
public final class SparkCommand {
  private static final String LESION = "lesion";
  private static final String COLLECT = "--collect";
  private static final String SHIP = "--ship";
  private static final String STORE = "--store";
  private static final String THREADS = "--threads";
  private static final int BAD_INPUT = 2;

  private SparkCommand() {}

  /**
   * Runs a study and ends the JVM with the exit code of the command line, unless that is 0.
   *
   * @param args the command, its flags, {@code --collect}, {@code --ship}
   */
  public static void main(String[] args) {
    List<String> flags = new ArrayList<>(Arrays.asList(args));
    boolean collect = flags.remove(COLLECT);
    boolean ship = flags.remove(SHIP);
    int exitCode;
    try {
      List<String> command = command(flags);
      List<String> onExecutors =
          CommandStudy.located(command, file -> file.toAbsolutePath().normalize());
      exitCode = run(command, onExecutors, collect, ship);
    } catch (InvalidInputException e) {
      System.err.println("error: " + e.getMessage());
      exitCode = BAD_INPUT;
    }
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  private static List<String> command(List<String> flags) {
    if (!has(flags, STORE)) {
      throw new InvalidInputException("no store: give --store DIR, which keeps what is finished");
    }
    for (String other : List.of("--processes", "--worker")) {
      if (has(flags, other)) {
        throw new InvalidInputException(
            other + " is for processes without Spark, which starts its own: leave it out");
      }
    }
    List<String> command = new ArrayList<>(flags);
    if (flags.get(0).startsWith("-")) {
      command.add(0, LESION);
    }
    if (!has(flags, THREADS)) {
      // Each slot of an executor runs a task of its own.
      command.addAll(1, List.of(THREADS, "1"));
    }
    return command;
  }

  private static boolean has(List<String> flags, String name) {
    return flags.stream().anyMatch(flag -> flag.equals(name) || flag.startsWith(name + "="));
  }

  private static int run(
      List<String> command, List<String> onExecutors, boolean collect, boolean ship) {
    Map<String, String> files = ship ? regularFiles(onExecutors) : Map.of();
    try (JavaSparkContext spark =
        new JavaSparkContext(new SparkConf().setIfMissing("spark.app.name", command.get(0)))) {
      files.keySet().forEach(spark::addFile);
      SparkStudies studies = new SparkStudies(spark, new CommandSetup(onExecutors, files));
      return Main.run(command, collect ? studies.collecting() : studies);
    }
  }

  /** The files that a command reads, and their names, under which Spark copies them. */
  private static Map<String, String> regularFiles(List<String> command) {
    Map<String, String> files = new LinkedHashMap<>();
    Map<String, Path> byName = new TreeMap<>();
    List<String> unused =
        CommandStudy.located(
            command,
            file -> {
              if (Files.isRegularFile(file)) {
                String name = String.valueOf(file.getFileName());
                Path other = byName.putIfAbsent(name, file);
                if (other != null && !other.equals(file)) {
                  throw new InvalidInputException(
                      "%s and %s have the same name, and Spark copies files into one folder:"
                              .formatted(other, file)
                          + " rename one, or leave out --ship");
                }
                files.put(file.toString(), name);
              }
              return file;
            });
    return files;
  }
}
