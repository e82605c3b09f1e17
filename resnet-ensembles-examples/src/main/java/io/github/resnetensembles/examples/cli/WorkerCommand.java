package io.github.resnetensembles.examples.cli;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The command line of a process that works for this one: the same study, without its outputs. */
final class WorkerCommand {
  /** With a value, behind them or after an equals sign. */
  private static final Set<String> LEFT_OUT = Set.of("--json", "--csv", "--plot", "--processes");

  private static final String THREADS = "--threads";

  private WorkerCommand() {}

  /** One of several processes, which share the processor's cores unless the user says otherwise. */
  static List<String> of(List<String> arguments, int processes) {
    List<String> command = new ArrayList<>();
    command.add(
        Path.of(System.getProperty("java.home"), "bin", "java").toString()
            + (File.separatorChar == '\\' ? ".exe" : ""));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    List<String> kept = withoutOutputs(arguments);
    // Flags of a command stand before the words that may be behind it.
    command.addAll(kept.subList(0, 1));
    command.addAll(List.of("--worker", "--quiet"));
    if (arguments.stream().noneMatch(argument -> argument.startsWith(THREADS))) {
      int cores = Runtime.getRuntime().availableProcessors();
      command.addAll(List.of(THREADS, String.valueOf(Math.max(1, cores / processes))));
    }
    command.addAll(kept.subList(1, kept.size()));
    return command;
  }

  static List<String> withoutOutputs(List<String> arguments) {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (LEFT_OUT.contains(argument)) {
        i++;
      } else if (LEFT_OUT.stream().noneMatch(flag -> argument.startsWith(flag + "="))
          && !argument.equals("--quiet")) {
        kept.add(argument);
      }
    }
    return kept;
  }
}
