package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.run.StudyTasks;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * The studies of a command with {@code --store DIR} ({@code lesion}, {@code gradients}, {@code
 * shapley} or {@code study}), in pieces, with their network and images open: for programs that run
 * pieces on other machines. Safe for use by several threads.
 */
public final class CommandStudy implements AutoCloseable {
  private final StudyRun.Open opened;
  private final List<StudyTasks<?>> studies;

  private CommandStudy(StudyRun.Open opened, List<StudyTasks<?>> studies) {
    this.opened = opened;
    this.studies = List.copyOf(studies);
  }

  /**
   * Opens what a command names, and runs nothing.
   *
   * @param arguments the command and its flags, as {@link Main#main} takes them; {@code --threads}
   *     decides about the pieces unless {@code --max-cost} is given, so one of the two should be
   * @return the studies
   * @throws InvalidInputException if they are no such command, or name what is not there
   */
  public static CommandStudy open(List<String> arguments) {
    Main.prepareEngine(arguments);
    StudyRun.Open opened =
        ((PiecewiseCommand) parse(arguments).commandSpec().userObject()).studies().open();
    try {
      return new CommandStudy(
          opened, opened.pieces().stream().<StudyTasks<?>>map(StudyRun.Pieces::tasks).toList());
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Names the files of a command otherwise.
   *
   * @param arguments the command and its flags
   * @param place where a file or folder is that the command reads
   * @return the command with every such file where it is, and without flags of output
   * @throws InvalidInputException if they are no such command
   */
  public static List<String> located(List<String> arguments, UnaryOperator<Path> place) {
    List<String> kept = WorkerCommand.withoutOutputs(arguments);
    Set<String> inputs = FileUses.inputs(parse(kept));
    List<String> located = new ArrayList<>();
    for (String argument : kept) {
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String value = argument.substring(equals + 1);
      located.add(
          inputs.contains(value)
              ? argument.substring(0, equals + 1) + place.apply(Path.of(value))
              : argument);
    }
    return located;
  }

  /** A command whose studies can be run in pieces, with its flags. */
  private static ParseResult parse(List<String> arguments) {
    OutputStream nowhere = OutputStream.nullOutputStream();
    Streams streams = new Streams(nowhere, new FileOutputStream(FileDescriptor.err));
    try {
      return Optional.ofNullable(
              Main.commandLine(streams).parseArgs(arguments.toArray(String[]::new)).subcommand())
          .filter(command -> command.commandSpec().userObject() instanceof PiecewiseCommand)
          .orElseThrow(
              () ->
                  new InvalidInputException(
                      "the command has to be lesion, gradients, shapley or study, with its flags"));
    } catch (ParameterException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  /** {@return the studies in pieces, the same in every process that opens the same command} */
  public List<StudyTasks<?>> studies() {
    return studies;
  }

  /** Closes the network. */
  @Override
  public void close() {
    opened.close();
  }
}
