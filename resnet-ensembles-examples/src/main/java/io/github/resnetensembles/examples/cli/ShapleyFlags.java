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
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.statistics.Interval;
import java.util.OptionalInt;
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

  @Mixin private final SequenceOptions sequence = new SequenceOptions();

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
    sequence.check("Shapley values", 0.02, inPieces);
    if (sequence.given() && draws != null) {
      throw new InvalidInputException(
          "--interval-width plans as it goes what is drawn and run: leave out --draws");
    }
    if (sequence.given() && (payoff != Payoff.ACCURACY || level != Interval.DEFAULT_LEVEL)) {
      throw new InvalidInputException(
          "--interval-width is that of 95 % intervals of contributions to the accuracy: leave out"
              + " --payoff and --level");
    }
  }

  @Override
  public OptionalInt earlierBatch() {
    return sequence.earlierBatch();
  }

  @Override
  public Measured<?> on(Opened opened) {
    ImageSet images = opened.images();
    EvaluatedImages.require("block values need", images);
    LesionStudy study = opened.model().lesions().exclude(Exclusion.parse(exclude));
    if (sequence.given()) {
      LesionStudy drawn = study.plan(LesionPlan.deleteInRandomOrder()).seed(opened.compute().seed);
      return sequence.on(opened, "shapley", drawn, true, sideBySide);
    }
    checkExact(opened.model().architecture());
    study =
        draws == null
            ? study.plan(LesionPlan.deleteSubsets())
            : study.plan(LesionPlan.deleteInRandomOrder()).draws(draws).seed(opened.compute().seed);
    return new MeasuredLesions("shapley", study, images, opened.compute(), sideBySide, this);
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
