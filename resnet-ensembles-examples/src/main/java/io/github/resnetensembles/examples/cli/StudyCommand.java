package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code study}: several studies of one network in one run. */
@Command(
    name = "study",
    description = {
      "Runs several studies of one network: behind the flags that name network, images and store come"
          + " the words lesion, gradients and shapley, each as often as wanted and with the flags of what"
          + " it measures and where its result goes.",
      "With --store, the pieces of all are worked on together."
    },
    synopsisSubcommandLabel = "(lesion | gradients | shapley)...",
    subcommands = {
      StudyCommand.Lesions.class,
      StudyCommand.Gradients.class,
      StudyCommand.Shapley.class
    },
    subcommandsRepeatable = true,
    sortOptions = false)
final class StudyCommand implements PiecewiseCommand {
  @Mixin private final StudiedNetworkOptions network = new StudiedNetworkOptions();
  @Mixin private final DataOptions data = new DataOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final StoreOptions store = new StoreOptions();
  @Mixin private final CommonOptions common = new CommonOptions();

  @Spec private @Nullable CommandSpec spec;

  StudyCommand() {}

  @Override
  public StudyRun studies() {
    List<ParseResult> words = parsed().subcommands();
    if (words.isEmpty()) {
      throw new InvalidInputException(
          "no study: name lesion, gradients or shapley, with its flags, behind those of study");
    }
    return new StudyRun(
        network,
        data,
        compute,
        store,
        common,
        words.stream()
            .<StudyRun.Part>map(word -> ((Part) word.commandSpec().userObject()).part())
            .toList());
  }

  /** The words behind the flags, with their own. */
  private ParseResult parsed() {
    CommandSpec own = Objects.requireNonNull(spec, "picocli sets it before a command runs");
    return own.commandLine().getParseResult();
  }

  /** One of the studies. */
  abstract static class Part {
    @Mixin private final OutputOptions outputs = new OutputOptions();

    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Shows this help.")
    boolean help;

    /** What is measured. */
    abstract Measurement measurement();

    private StudyRun.Part part() {
      return new StudyRun.Part(measurement(), outputs);
    }
  }

  /** Lesions. */
  @Command(
      name = "lesion",
      description = "Damages the network in the ways given and counts its errors.",
      sortOptions = false)
  static final class Lesions extends Part {
    @Mixin private final LesionFlags measurement = new LesionFlags();

    Lesions() {}

    @Override
    Measurement measurement() {
      if (measurement.plans.savePlan != null) {
        throw new InvalidInputException(
            "--save-plan writes the plan and runs nothing: give it to the command lesion, not to"
                + " study");
      }
      return measurement;
    }
  }

  /** Gradients. */
  @Command(
      name = "gradients",
      description = "Measures the network's gradient by path length, on the first batch.",
      sortOptions = false)
  static final class Gradients extends Part {
    @Mixin private final GradientFlags measurement = new GradientFlags();

    Gradients() {}

    @Override
    Measurement measurement() {
      return measurement;
    }
  }

  /** Values of blocks. */
  @Command(
      name = "shapley",
      description = "Computes the Shapley and Banzhaf value of every block.",
      sortOptions = false)
  static final class Shapley extends Part {
    @Mixin private final ShapleyFlags measurement = new ShapleyFlags();

    Shapley() {}

    @Override
    Measurement measurement() {
      return measurement;
    }
  }
}
