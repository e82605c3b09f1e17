package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.run.StudyExecutor;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command has: help, streams and how much it says. */
final class CommonOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  boolean help;

  @Option(names = "--verbose", description = "Logs more, and shows stack traces of errors.")
  boolean verbose;

  @Option(names = "--quiet", description = "Shows no progress bar.")
  boolean quiet;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Where text for people goes; nowhere, if a result takes standard output. */
  PrintWriter out() {
    return spec().commandLine().getOut();
  }

  /** What results are written to as bytes. */
  Streams streams() {
    return main().streams();
  }

  /** How this process was set up. */
  EngineSetup setup() {
    return main().setup();
  }

  /** What runs the pieces of studies, if that is no process of this command line. */
  Optional<StudyExecutor> executor() {
    return main().executor();
  }

  /** Where progress and logs go. */
  PrintWriter err() {
    return spec().commandLine().getErr();
  }

  /** The command line that runs this command again as a worker, one of several. */
  List<String> asWorker(int processes) {
    return WorkerCommand.of(spec().root().commandLine().getParseResult().originalArgs(), processes);
  }

  /** Bad usage of the flags, said as picocli says it. */
  ParameterException usage(String message) {
    return new ParameterException(spec().commandLine(), message);
  }

  private Main main() {
    return (Main) spec().root().userObject();
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(command, "picocli sets it before a command runs");
  }
}
