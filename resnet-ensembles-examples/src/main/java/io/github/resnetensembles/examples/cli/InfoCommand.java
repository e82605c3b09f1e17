package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.weights.PretrainedNetwork;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code info}: what is installed; also where an engine is missing. */
@Command(
    name = "info",
    description =
        "Shows versions, the backends found with their engines and devices, and the networks that"
            + " the library brings along.",
    sortOptions = false)
final class InfoCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  InfoCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = common.out();
    out.println("resnet-ensembles " + VersionProvider.version());
    out.println(
        "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"));
    out.println(
        "system %s %s, %s processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors()));
    List<String> names = names(out);
    for (String name : names) {
      out.println("backend " + name + ": " + describe(name));
    }
    for (PretrainedNetwork network : PretrainedNetwork.all()) {
      out.println(describe(network));
    }
    return ExitCodes.DONE;
  }

  private static String describe(PretrainedNetwork network) {
    return NumberText.format(
        "pretrained:%s  error %.2f %% (%s of %s), seed %s, SHA-256 of the file %s, %s%n  %s --out DIR",
        network.name(),
        100 * network.errorRate(),
        network.wrong(),
        network.total(),
        network.seed(),
        network.sha256(),
        network.available() ? "in " + network.artifact() : "not here: add " + network.artifact(),
        network.command());
  }

  private List<String> names(PrintWriter out) {
    try {
      List<String> names = Backends.names();
      if (names.isEmpty()) {
        out.println("backends: none found");
      }
      return names;
    } catch (InvalidInputException e) {
      out.println("backends: " + e.getMessage());
      return List.of();
    }
  }

  private static String describe(String name) {
    try {
      Backend backend = Backends.load(name);
      return "engine " + backend.engine() + ", devices " + String.join(", ", backend.devices());
    } catch (RuntimeException | LinkageError e) {
      // Whatever keeps an engine from loading is what the user asks this command about.
      return "not usable: " + e.getMessage();
    }
  }
}
