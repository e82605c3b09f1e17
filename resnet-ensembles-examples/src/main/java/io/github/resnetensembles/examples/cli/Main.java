package io.github.resnetensembles.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resnetensembles.djl.DjlRuntime;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

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
      MergeCommand.class,
      PathsCommand.class,
      GradientsCommand.class,
      PlotCommand.class,
      TrainCommand.class,
      ReportCommand.class,
      BenchCommand.class,
      InfoCommand.class
    })
public final class Main {
  Main() {}

  /**
   * Runs a command and ends the JVM with its exit code: 0 done, 1 the run failed, 2 bad usage or
   * bad input, 130 interrupted, 143 terminated.
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
      exitCode = run(args, System.out, System.err);
    } finally {
      shutdown.workIsDone();
    }
    if (!shutdown.requested()) {
      System.exit(exitCode);
    }
    // Otherwise the JVM is ending already, with the exit code of the signal.
  }

  /** Runs a command in this JVM; returns its exit code. */
  static int run(String[] args, PrintStream out, PrintStream err) {
    PrintWriter results = new PrintWriter(new OutputStreamWriter(out, UTF_8), true);
    PrintWriter log = new PrintWriter(new OutputStreamWriter(err, UTF_8), true);
    try {
      return commandLine(results, log).execute(args);
    } catch (Error e) {
      return OneLineErrors.report(e, log, Arrays.asList(args).contains("--verbose"));
    } finally {
      results.flush();
      log.flush();
    }
  }

  private static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    OneLineErrors errors = new OneLineErrors();
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .registerConverter(Path.class, new FilePath())
        .setParameterExceptionHandler(errors)
        .setExecutionExceptionHandler(errors);
  }

  /**
   * What has to be settled before the engine is loaded: freed memory stays for the next tensor
   * (where that can be set), it downloads nothing, reports nothing to its makers, and logs warnings
   * only; a console is one only if it is a terminal.
   */
  private static void prepareEngine(List<String> args) {
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
    setDefault("java.awt.headless", "true");
    setDefault("jdk.console", "java.base");
    boolean unused = DjlRuntime.tuneAllocator();
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
