package io.github.resnetensembles.examples.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in one line on standard error. */
final class OneLineErrors implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private static final String LIBRARY = "io.github.resnetensembles.";
  private static final int LONGEST = 2000;

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .println(
            "error: %s; see %s --help"
                .formatted(
                    oneLine(String.valueOf(e.getMessage())),
                    command.getCommandSpec().qualifiedName()));
    return ExitCodes.BAD_INPUT;
  }

  @Override
  public int handleExecutionException(
      Exception e, CommandLine command, ParseResult everythingParsed) {
    boolean verbose =
        command.getParseResult() != null && command.getParseResult().hasMatchedOption("--verbose");
    return report(e, command.getErr(), verbose);
  }

  /** Prints one line, or with {@code verbose} the stack trace after it. */
  static int report(Throwable failure, PrintWriter err, boolean verbose) {
    err.println("error: " + describe(failure));
    if (verbose) {
      failure.printStackTrace(err);
    }
    return ExitCodes.of(failure);
  }

  private static String describe(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    // The complaints of others are about code, not about what the user gave.
    boolean speaksForItself =
        failure.getMessage() != null && failure.getClass().getName().startsWith(LIBRARY);
    if (speaksForItself) {
      return oneLine(message);
    }
    if (failure instanceof OutOfMemoryError) {
      return "out of memory (" + oneLine(message) + "); try a smaller --batch";
    }
    return oneLine(failure.toString()) + " (--verbose shows the stack trace)";
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
