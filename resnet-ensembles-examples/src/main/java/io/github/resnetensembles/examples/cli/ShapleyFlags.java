package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.EvaluatedImages;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.BlockValues;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.Payoff;
import io.github.resnetensembles.lesion.SequentialReport;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.statistics.Interval;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What each block of a network contributes. */
final class ShapleyFlags implements Measurement, MeasuredLesions.Outcome {
  @Mixin private final SideBySideOptions sideBySide = new SideBySideOptions();

  @Option(
      names = "--draws",
      paramLabel = "D",
      description =
          "Random orders to sample from, at least 2 (default: exact values, for at most "
              + BlockValues.MAX_EXACT_BLOCKS
              + " blocks).")
  private @Nullable Integer draws;

  @Option(
      names = "--interval-width",
      paramLabel = "W",
      description =
          "Draws orders, each on a few images, until the 95 %% interval of every block's Shapley value"
              + " is at most so wide: 0.02, say. In place of --draws.")
  private @Nullable Double intervalWidth;

  @Option(
      names = "--budget",
      paramLabel = "C",
      description =
          "What --interval-width may spend, in block evaluations (default: as much as it takes).")
  private @Nullable Long budget;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description =
          "The JSON of an earlier run with --interval-width, interrupted or with wider intervals, whose"
              + " work is not done again.")
  private @Nullable Path resume;

  @Option(
      names = "--payoff",
      paramLabel = "accuracy|negative_loss",
      defaultValue = "accuracy",
      description = "What a set of blocks is worth (default: accuracy).")
  private Payoff payoff = Payoff.ACCURACY;

  @Option(
      names = "--level",
      paramLabel = "P",
      defaultValue = "" + Interval.DEFAULT_LEVEL,
      description = "Confidence level of the intervals (default: ${DEFAULT-VALUE}).")
  private double level = Interval.DEFAULT_LEVEL;

  @Option(
      names = "--exclude",
      paramLabel = "none|transitions|published|LIST",
      defaultValue = "none",
      description = "Blocks that are always there and get no value (default: none).")
  private String exclude = "none";

  private Optional<SequentialReport> earlier = Optional.empty();

  @Override
  public void check(OutputOptions outputs, boolean inPieces) {
    if (draws != null && draws < 2) {
      throw new InvalidInputException(
          "--draws must be at least 2, for intervals need two orders, got " + draws);
    }
    if (!(level > 0 && level < 1)) {
      throw new InvalidInputException("--level lies between 0 and 1, such as 0.95, got " + level);
    }
    checkWidth(inPieces);
    outputs.plots.check();
  }

  private void checkWidth(boolean inPieces) {
    if (intervalWidth == null) {
      needsWidth(budget != null, "--budget");
      needsWidth(resume != null, "--resume");
      return;
    }
    if (!(intervalWidth > 0 && intervalWidth < 1)) {
      throw new InvalidInputException(
          "--interval-width is that of an interval of Shapley values, between 0 and 1, such as 0.02,"
              + " got "
              + intervalWidth);
    }
    if (draws != null) {
      throw new InvalidInputException(
          "--interval-width plans as it goes what is drawn and run: leave out --draws");
    }
    if (payoff != Payoff.ACCURACY || level != Interval.DEFAULT_LEVEL) {
      throw new InvalidInputException(
          "--interval-width is that of 95 % intervals of contributions to the accuracy: leave out"
              + " --payoff and --level");
    }
    if (budget != null && budget < 1) {
      throw new InvalidInputException("--budget must be at least 1, got " + budget);
    }
    if (inPieces && resume != null) {
      throw new InvalidInputException(
          "--store keeps all that was finished: leave out --resume, and run the same command again");
    }
  }

  private static void needsWidth(boolean given, String flag) {
    if (given) {
      throw new InvalidInputException(flag + " needs --interval-width W");
    }
  }

  @Override
  public OptionalInt earlierBatch() {
    return earlier().stream().mapToInt(before -> before.design().batchSize()).findFirst();
  }

  /** What {@code --resume} names, read once: it may be a pipe. */
  private Optional<SequentialReport> earlier() {
    if (earlier.isEmpty()) {
      earlier = Optional.ofNullable(resume).map(InputFiles::sequence);
    }
    return earlier;
  }

  @Override
  public Measured<?> on(Opened opened) {
    ImageSet images = opened.images();
    EvaluatedImages.require("block values need", images);
    LesionStudy study = opened.model().lesions().exclude(Exclusion.parse(exclude));
    if (intervalWidth != null) {
      return sequence(opened, study, intervalWidth);
    }
    checkExact(opened.model().architecture());
    study =
        draws == null
            ? study.plan(LesionPlan.deleteSubsets())
            : study.plan(LesionPlan.deleteInRandomOrder()).draws(draws).seed(opened.compute().seed);
    return new MeasuredLesions("shapley", study, images, opened.compute(), sideBySide, this);
  }

  private MeasuredSequence sequence(Opened opened, LesionStudy study, double width) {
    Long most = budget;
    return new MeasuredSequence(
        "shapley",
        study.plan(LesionPlan.deleteInRandomOrder()).seed(opened.compute().seed),
        true,
        width,
        most == null ? OptionalLong.empty() : OptionalLong.of(most),
        earlier(),
        opened.images(),
        opened.compute(),
        sideBySide);
  }

  private void checkExact(Architecture architecture) {
    int blocks = architecture.size() - Exclusion.parse(exclude).blocks(architecture).size();
    if (draws == null && blocks > BlockValues.MAX_EXACT_BLOCKS) {
      throw new InvalidInputException(
          ("exact values of %s blocks would take 2^%s networks; sample them with"
                  + " --draws, or leave out all but %s with --exclude")
              .formatted(blocks, blocks, BlockValues.MAX_EXACT_BLOCKS));
    }
  }

  @Override
  public void write(LesionReport report, OutputOptions outputs, CommonOptions common) {
    BlockValues values = BlockValues.of(report, payoff, level);
    ResultText.print(values, common.out());
    outputs.writeNumbers(values::toJson, values::toCsv, common.streams());
    outputs.draw(values, common.streams());
  }

  /** Writes the values over the images that were finished; too few of them have none. */
  @Override
  public void writePartial(LesionReport report, OutputOptions outputs, CommonOptions common) {
    BlockValues values;
    try {
      values = BlockValues.of(report, payoff, level);
    } catch (InvalidInputException e) {
      common.err().println("what was finished is not enough: " + e.getMessage());
      return;
    }
    outputs.writeNumbers(() -> PartialJson.of(values), values::toCsv, common.streams());
  }
}
