package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.weights.PretrainedNetwork;
import io.github.resnetensembles.weights.Weights;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code info}: what is installed, also where an engine is missing; or what a network is. */
@Command(
    name = "info",
    description = {
      "Shows versions, the backends found with their engines and devices, and the networks that"
          + " the library brings along.",
      "With --weights, --arch or --model it shows what is recognised: blocks, layers, shapes,"
          + " trainable parameters, multiply-accumulates, the bytes of all layers' outputs for one"
          + " image in float32, and what was assumed."
    },
    sortOptions = false)
final class InfoCommand implements Callable<Integer> {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description =
          "Writes what is known of the network as JSON; - is standard output, which then gets no"
              + " text.")
  private @Nullable Output json;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes one line for each part of the network; - is standard output.")
  private @Nullable Output csv;

  @Option(
      names = "--save-arch",
      paramLabel = "FILE.json",
      description = "Writes the network's description, which --arch reads.")
  private @Nullable Output architecture;

  InfoCommand() {}

  @Override
  public Integer call() {
    if (network.named()) {
      show(table());
      return ExitCodes.DONE;
    }
    if (network.detailed() || json != null || csv != null || architecture != null) {
      throw new InvalidInputException(
          "no network: give --weights FILE, --arch NAME or --model DIR, or no flag at all");
    }
    showInstalled();
    return ExitCodes.DONE;
  }

  private NetworkTable table() {
    EngineOptions engine = new EngineOptions();
    if (network.weights == null || network.model != null) {
      return NetworkTable.of(network.describe(engine), Optional.empty());
    }
    Weights weights = network.load(engine.seed);
    return NetworkTable.of(weights.architecture(), Optional.of(weights));
  }

  private void show(NetworkTable table) {
    table.print(common.out());
    if (json != null) {
      json.write(table.json(), common.streams());
    }
    if (csv != null) {
      csv.write(table.csv(), common.streams());
    }
    if (architecture != null) {
      architecture.write(table.network().toJson() + "\n", common.streams());
    }
  }

  private void showInstalled() {
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
    common.setup().lines().forEach(out::println);
    List<String> names = names(out);
    for (String name : names) {
      out.println("backend " + name + ": " + describe(name));
    }
    for (PretrainedNetwork own : PretrainedNetwork.all()) {
      out.println(describe(own));
    }
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
