package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code convert}: weights under other names. */
@Command(
    name = "convert",
    description = {
      "Writes weights as safetensors under the names that they were read with, so that the PyTorch"
          + " program they come from loads them.",
      "With --own it writes this library's own format, which says all of the network, so that"
          + " nothing has to be assumed again."
    },
    sortOptions = false)
final class ConvertCommand implements Callable<Integer> {
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--names-of",
      paramLabel = "FILE",
      description =
          "Takes the names from this weight file, of the same network: for what was trained from it.")
  private @Nullable Path named;

  @Option(names = "--own", description = "Writes this library's own format.")
  private boolean own;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file that is written.")
  private @Nullable Output out;

  ConvertCommand() {}

  @Override
  public Integer call() {
    Path file = file();
    if (network.weights == null) {
      throw new InvalidInputException("no weights to convert: give --weights FILE");
    }
    if (own && named != null) {
      throw new InvalidInputException(
          "--own writes this library's names, and --names-of others: leave out either");
    }
    Weights weights = network.load(0);
    if (own) {
      weights.save(file);
    } else {
      namedAsRead(weights).saveAsRead(file);
    }
    common
        .out()
        .println(
            "%s: %s, %s tensors"
                .formatted(file, weights.architecture().name(), weights.tensors().size()));
    return ExitCodes.DONE;
  }

  private Weights namedAsRead(Weights weights) {
    Path names = named;
    if (names == null) {
      return weights;
    }
    // The network is known: nothing has to be assumed of the file that only gives names.
    Weights other =
        UnusableFileException.beforeWork(
            () -> Weights.from(names).architecture(weights.architecture()).load());
    return weights.namedAs(other);
  }

  private Path file() {
    if (out == null || out.isStandardOutput()) {
      throw new InvalidInputException("weights are written to a file: give --out FILE");
    }
    return out.path();
  }
}
