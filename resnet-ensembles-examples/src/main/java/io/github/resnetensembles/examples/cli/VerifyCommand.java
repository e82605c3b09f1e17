package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.model.Verification;
import io.github.resnetensembles.weights.RecordedOutputs;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code verify}: whether a network is what studies take it for. */
@Command(
    name = "verify",
    description = {
      "Checks that a network is what studies take it for: that blocks can be deleted exactly, that"
          + " statistics are frozen, that the run block by block is the network's own.",
      "With --against it compares with the outputs of another implementation and names the first"
          + " block that deviates.",
      "Ends with 1 if a check fails."
    },
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  private static final int IMAGES = 8;

  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final EngineOptions compute = new EngineOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description =
          "Outputs of another implementation, safetensors: input (N, C, H, W, after normalisation),"
              + " and any of stem, block.1, block.2 ... and logits. In place of --data.")
  private @Nullable Path against;

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      description =
          "The largest deviation from those outputs, relative to the largest value of an output where"
              + " that is above 1 (default: 1e-4, and 1e-6 with --precision float64).")
  private @Nullable Double tolerance;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the result as JSON; - is standard output, which then gets no text.")
  private @Nullable Output json;

  VerifyCommand() {}

  @Override
  public Integer call() {
    if ((against == null) == (data.data == null)) {
      throw new InvalidInputException(
          against == null
              ? "nothing to verify with: give --data FILE, DIR or 'builtin', or --against FILE"
              : "--against brings its own images: leave out --data");
    }
    if (against == null && tolerance != null) {
      throw new InvalidInputException("--tolerance is for --against: there is nothing to compare");
    }
    network.check(compute);
    Verification found = against == null ? verify(data.find()) : compare(against);
    print(found);
    if (json != null) {
      json.write(found.toJson() + "\n", common.streams());
    }
    return found.passed() ? ExitCodes.DONE : ExitCodes.FAILED;
  }

  private Verification verify(DataOptions.Found found) {
    try (ResidualModel model = network.open(compute, data.folder)) {
      ImageSet images = found.forNetwork(model.architecture(), compute.seed);
      return model.verify(images.batch(0, Math.min(IMAGES, images.size())));
    }
  }

  private Verification compare(Path file) {
    RecordedOutputs recorded = UnusableFileException.beforeWork(() -> RecordedOutputs.read(file));
    double usual =
        switch (compute.precision) {
          case FLOAT64 -> 1e-6;
          case FLOAT32 -> 1e-4;
          // A whole network may be so many times as far from the exact result as one call.
          case BFLOAT16, FLOAT16 -> 10 * compute.precision.tolerance();
        };
    try (ResidualModel model = network.open(compute, data.folder)) {
      return model.verify(recorded, tolerance == null ? usual : tolerance);
    }
  }

  /** Outputs of elsewhere are worth a line each: how a deviation grows tells where it is from. */
  private void print(Verification found) {
    for (Verification.Check check : found.checks()) {
      if (check.comparesRecorded() || !check.passed()) {
        common
            .out()
            .println(
                NumberText.format(
                    "%s%s: deviation %.3g%s",
                    place(check),
                    check.name(),
                    check.deviation(),
                    check.passed() ? "" : ", more than " + check.limit() + ": failed"));
      }
    }
    common
        .out()
        .println(
            "%s of %s checks passed"
                .formatted(found.checks().size() - found.failures().size(), found.checks().size()));
    OptionalInt first = found.parity().firstDeviation();
    if (against != null && first.isPresent()) {
      common
          .out()
          .println(
              "the first that deviates: %s; before it the networks are the same"
                  .formatted(first.getAsInt() == 0 ? "the stem" : "block " + first.getAsInt()));
    }
  }

  private static String place(Verification.Check check) {
    return check.block().isPresent() ? "block " + check.block().getAsInt() + ": " : "";
  }
}
