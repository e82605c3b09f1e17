package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.DjlRuntime;
import io.github.resnetensembles.run.StudyExecutor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** The command line {@code resnet-ensembles}. */
@Command(
    name = "resnet-ensembles",
    description =
        "Takes residual networks apart: lesion studies, paths, gradients, and their pictures.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PredictCommand.class,
      LesionCommand.class,
      ShapleyCommand.class,
      StudyCommand.class,
      MergeCommand.class,
      PathsCommand.class,
      GradientsCommand.class,
      PlotCommand.class,
      TrainCommand.class,
      ReportCommand.class,
      VerifyCommand.class,
      ConvertCommand.class,
      BenchCommand.class,
      InfoCommand.class
    })
public final class Main {
  private final Streams streams;
  private final Optional<StudyExecutor> executor;

  Main(Streams streams, Optional<StudyExecutor> executor) {
    this.streams = streams;
    this.executor = executor;
  }

  /** What runs the pieces of studies, if that is no process of this command line. */
  Optional<StudyExecutor> executor() {
    return executor;
  }

  Streams streams() {
    return streams;
  }

  /**
   * Runs a command and ends the JVM with its exit code: 0 done, 1 the run failed, 2 bad usage or
   * bad input, 129 hung up, 130 interrupted, 143 terminated.
   *
   * @param args the command and its flags; {@code --help} lists them
   */
  public static void main(String[] args) {
    // What libraries format without asking for a locale reads as our own text does.
    Locale.setDefault(Locale.ROOT);
    Shutdown shutdown = Shutdown.interrupting(Thread.currentThread());
    int exitCode;
    try {
      prepareEngine(Arrays.asList(args));
      exitCode =
          run(
              args,
              new FileOutputStream(FileDescriptor.out),
              new FileOutputStream(FileDescriptor.err));
    } finally {
      shutdown.workIsDone();
    }
    if (!shutdown.requested()) {
      System.exit(exitCode);
    }
    // Otherwise the JVM is ending already, with the exit code of the signal.
  }

  /**
   * Runs a command in this JVM, whose study another program runs: the command has {@code --store},
   * and what the store does not have is given to the executor.
   *
   * @param arguments the command and its flags
   * @param executor runs the pieces of the study
   * @return the exit code, as of {@link #main}
   */
  public static int run(List<String> arguments, StudyExecutor executor) {
    prepareEngine(arguments);
    return run(
        arguments.toArray(String[]::new),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        Optional.of(executor));
  }

  /** Runs a command in this JVM; returns its exit code. */
  static int run(String[] args, OutputStream out, OutputStream err) {
    return run(args, out, err, Optional.empty());
  }

  private static int run(
      String[] args, OutputStream out, OutputStream err, Optional<StudyExecutor> executor) {
    Streams streams = new Streams(out, err);
    int exitCode;
    try {
      exitCode = commandLine(streams, executor).execute(args);
    } catch (Error e) {
      exitCode = OneLineErrors.report(e, streams.log(), Arrays.asList(args).contains("--verbose"));
    }
    Optional<String> failure = streams.failure();
    failure.ifPresent(
        reason -> streams.log().println("error: cannot write standard output: " + reason));
    streams.log().flush();
    return exitCode == ExitCodes.DONE && failure.isPresent() ? ExitCodes.FAILED : exitCode;
  }

  static CommandLine commandLine(Streams streams) {
    return commandLine(streams, Optional.empty());
  }

  private static CommandLine commandLine(Streams streams, Optional<StudyExecutor> executor) {
    OneLineErrors errors = new OneLineErrors();
    return new CommandLine(new Main(streams, executor))
        .setOut(streams.results())
        .setErr(streams.log())
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .registerConverter(Path.class, new PathConverter())
        .registerConverter(WeightsName.class, new WeightsName.Converter())
        .registerConverter(ArchitectureName.class, new ArchitectureName.Converter())
        .registerConverter(Output.class, new Output.Converter())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setExecutionStrategy(Main::runChecked)
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors);
  }

  /** Runs the last of the commands named, once its files are known to be in nobody's way. */
  private static int runChecked(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand() && !takesParts(last)) {
      last = last.subcommand();
    }
    CommandLine command = last.commandSpec().commandLine();
    // Of several words each has its own --help.
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    try {
      if (FileUses.check(last)) {
        command.setOut(new PrintWriter(Writer.nullWriter()));
      }
    } catch (InvalidInputException e) {
      throw new ExecutionException(command, "files", e);
    }
    return takesParts(last) ? run(last) : new RunLast().execute(parsed);
  }

  /** Whether the words behind a command are no commands, but say what it does. */
  private static boolean takesParts(ParseResult command) {
    return command.commandSpec().userObject() instanceof StudyCommand;
  }

  /** What picocli does with a command that is the last. */
  private static int run(ParseResult command) {
    try {
      return ((StudyCommand) command.commandSpec().userObject()).call();
    } catch (RuntimeException e) {
      throw new ExecutionException(
          command.commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * What has to be settled before the engine is loaded: freed memory stays for the next tensor
   * (where that can be set), threads that wait sleep soon, it downloads nothing, reports nothing to
   * its makers, and logs warnings only; a console is one only if it is a terminal.
   */
  static void prepareEngine(List<String> args) {
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
    setDefault("java.awt.headless", "true");
    setDefault("jdk.console", "java.base");
    boolean unusedAllocator = DjlRuntime.tuneAllocator();
    boolean unusedWaiting = DjlRuntime.tuneWaiting();
    boolean verbose = args.contains("--verbose");
    setDefault("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "warn");
    // A machine without a GPU is no reason for a warning.
    setDefault("org.slf4j.simpleLogger.log.ai.djl.util.cuda", verbose ? "info" : "error");
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
