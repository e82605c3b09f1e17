package io.github.resnetensembles.examples.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.InvalidInputException;
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
import java.util.Set;
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
    addMethodSubcommands = false)
public final class Main {
  /** In the order of the help. */
  private static final List<Class<?>> COMMANDS =
      List.of(
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
          InfoCommand.class);

  /** What counts, merges and draws without running a network. */
  private static final Set<String> WITHOUT_ENGINE = Set.of("convert", "merge", "paths", "plot");

  private final Streams streams;
  private final Optional<StudyExecutor> executor;
  private final EngineSetup setup;

  private Main(Streams streams, Optional<StudyExecutor> executor, EngineSetup setup) {
    this.streams = streams;
    this.executor = executor;
    this.setup = setup;
  }

  /** How this process was set up. */
  EngineSetup setup() {
    return setup;
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
    // Before there is another thread of ours, which might read the environment meanwhile.
    EngineSetup setup = prepareEngine(Arrays.asList(args));
    Shutdown shutdown = Shutdown.interrupting(Thread.currentThread());
    int exitCode;
    try {
      exitCode =
          run(
              args,
              new FileOutputStream(FileDescriptor.out),
              new FileOutputStream(FileDescriptor.err),
              Optional.empty(),
              setup);
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
    EngineSetup setup = prepareEngine(arguments);
    return run(
        arguments.toArray(String[]::new),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        Optional.of(executor),
        setup);
  }

  /** Runs a command in this JVM; returns its exit code. */
  static int run(String[] args, OutputStream out, OutputStream err) {
    return run(args, out, err, Optional.empty(), EngineSetup.none());
  }

  private static int run(
      String[] args,
      OutputStream out,
      OutputStream err,
      Optional<StudyExecutor> executor,
      EngineSetup setup) {
    Streams streams = new Streams(out, err);
    int exitCode;
    try {
      exitCode = commandLine(new Main(streams, executor, setup), meant(args)).execute(args);
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
    return commandLine(new Main(streams, Optional.empty(), EngineSetup.none()), COMMANDS);
  }

  /**
   * The command that the first word names; all of them where it names none, for help and errors. To
   * make one takes longer than many a command runs.
   */
  static List<Class<?>> meant(String... args) {
    for (Class<?> command : COMMANDS) {
      if (args.length > 0 && name(command).equals(args[0])) {
        return List.of(command);
      }
    }
    return COMMANDS;
  }

  /** As its annotation says, too, which would take longer to read. */
  private static String name(Class<?> command) {
    String name = command.getSimpleName();
    return name.substring(0, name.length() - "Command".length()).toLowerCase(Locale.ROOT);
  }

  private static CommandLine commandLine(Main main, List<Class<?>> commands) {
    OneLineErrors errors = new OneLineErrors();
    CommandLine line = new CommandLine(main);
    commands.forEach(line::addSubcommand);
    // Settings reach the commands that are there by now.
    return line.setOut(main.streams.results())
        .setErr(main.streams.log())
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
   * What has to be settled before the engine is loaded: it downloads nothing, reports nothing to
   * its makers, and logs warnings only; where it may be loaded, {@link EngineSetup}. A console is
   * one only if it is a terminal.
   */
  @CanIgnoreReturnValue
  static EngineSetup prepareEngine(List<String> args) {
    EngineSetup setup = mayLoadEngine(args) ? EngineSetup.apply() : EngineSetup.none();
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
    setDefault("java.awt.headless", "true");
    setDefault("jdk.console", "java.base");
    boolean verbose = args.contains("--verbose");
    setDefault("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "warn");
    // A machine without a GPU is no reason for a warning.
    setDefault("org.slf4j.simpleLogger.log.ai.djl.util.cuda", verbose ? "info" : "error");
    return setup;
  }

  /** Help is given without it, too. */
  private static boolean mayLoadEngine(List<String> args) {
    return !args.isEmpty() && !args.get(0).startsWith("-") && !WITHOUT_ENGINE.contains(args.get(0));
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
