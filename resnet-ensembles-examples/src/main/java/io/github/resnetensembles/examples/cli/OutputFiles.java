package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.ResultFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks output files before the work, and writes them after it. */
final class OutputFiles {
  private OutputFiles() {}

  /** Checks files by the flags that name them. */
  static void check(Map<String, Path> targets, List<@Nullable Path> inputs) {
    targets.forEach(
        (option, file) -> {
          checkWritable(option, file);
          checkNoInput(option, file, inputs);
        });
  }

  /** Runs what writes a finished result: a failure is then the run's, not the user's. */
  static void write(Runnable writing) {
    try {
      writing.run();
    } catch (InvalidInputException e) {
      throw new RunFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void checkWritable(String option, Path file) {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || Files.isDirectory(absolute)) {
      throw cannotWrite(option, file, "it is a directory", null);
    }
    if (!Files.isDirectory(folder)) {
      throw cannotWrite(option, file, "there is no directory " + file.getParent(), null);
    }
    if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
      throw cannotWrite(option, file, "it is not a regular file", null);
    }
    try {
      Files.delete(Files.createTempFile(folder, "." + absolute.getFileName(), ".part"));
    } catch (IOException e) {
      throw cannotWrite(option, file, ResultFiles.reason(e), e);
    }
  }

  private static void checkNoInput(String option, Path file, List<@Nullable Path> inputs) {
    for (Path input : inputs) {
      try {
        if (input != null && Files.exists(file) && Files.isSameFile(file, input)) {
          throw new InvalidInputException(
              option + " " + file + " is an input of this run and would be lost; name another");
        }
      } catch (IOException e) {
        // An input that cannot be looked at is reported by whoever reads it.
      }
    }
  }

  private static InvalidInputException cannotWrite(
      String option, Path file, String reason, @Nullable Exception cause) {
    String message = "cannot write " + option + " " + file + ": " + reason;
    return cause == null
        ? new InvalidInputException(message)
        : new InvalidInputException(message, cause);
  }
}
