package io.github.resnetensembles.examples.cli;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.lesion.SequentialReport;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How precise what is drawn is to be, in place of how much is drawn. */
final class SequenceOptions {
  @Option(
      names = "--interval-width",
      paramLabel = "W",
      description =
          "Draws, each on a few images, until every 95 %% interval is at most so wide: of the mean error"
              + " rate at every k, 0.05, say, or of every block's Shapley value, 0.02. In place of"
              + " --draws.")
  private @Nullable Double width;

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

  private Optional<SequentialReport> earlier = Optional.empty();

  boolean given() {
    return width != null;
  }

  /**
   * Checks the numbers, before anything is read.
   *
   * @param of what intervals are of
   * @param usual a width
   * @param inPieces whether the study has a store
   */
  void check(String of, double usual, boolean inPieces) {
    needsWidth(budget != null, "--budget");
    needsWidth(resume != null, "--resume");
    if (width != null && !(width > 0 && width < 1)) {
      throw new InvalidInputException(
          "--interval-width is that of an interval of %s, between 0 and 1, such as %s, got %s"
              .formatted(of, usual, width));
    }
    if (budget != null && budget < 1) {
      throw new InvalidInputException("--budget must be at least 1, got " + budget);
    }
    if (inPieces && resume != null) {
      throw new InvalidInputException(
          "--store keeps all that was finished: leave out --resume, and run the same command again");
    }
  }

  private void needsWidth(boolean given, String flag) {
    if (given && width == null) {
      throw new InvalidInputException(flag + " needs --interval-width W");
    }
  }

  /** The batch size of what {@code --resume} names. */
  OptionalInt earlierBatch() {
    return earlier().stream().mapToInt(before -> before.design().batchSize()).findFirst();
  }

  /** What {@code --resume} names, read once: it may be a pipe. */
  private Optional<SequentialReport> earlier() {
    if (earlier.isEmpty()) {
      earlier = Optional.ofNullable(resume).map(InputFiles::sequence);
    }
    return earlier;
  }

  /**
   * A study of the width that was given.
   *
   * @param title of what is measured
   * @param study what is drawn
   * @param shapley whether intervals are those of Shapley values
   */
  MeasuredSequence on(
      Measurement.Opened opened,
      String title,
      LesionStudy study,
      boolean shapley,
      SideBySideOptions sideBySide) {
    Double wanted = width;
    Long most = budget;
    if (wanted == null) {
      throw new IllegalStateException("no width was given");
    }
    return new MeasuredSequence(
        title,
        study,
        shapley,
        wanted,
        most == null ? OptionalLong.empty() : OptionalLong.of(most),
        earlier(),
        opened.images(),
        opened.compute(),
        sideBySide);
  }
}
