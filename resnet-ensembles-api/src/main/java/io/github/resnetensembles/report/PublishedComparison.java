package io.github.resnetensembles.report;

import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.Require;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.List;
import java.util.Optional;

/**
 * A report beside what the authors published of a network with as many blocks. Deleted blocks are
 * compared one by one, with Wilson intervals; random deletions, swaps and duplications by the
 * median error rate of the draws of each k, with the large-sample interval that the quartiles give:
 * median ± z · 1.2533 / 1.349 · (q75 - q25) / √draws (McGill, Tukey and Larsen 1978), cut at 0 and
 * 1. All at 95 %.
 *
 * @param network theirs
 * @param differences what differs besides the numbers, as sentences
 * @param lines what is compared
 */
public record PublishedComparison(
    PublishedNetwork network, List<String> differences, List<Line> lines) {
  /**
   * Copies the lists.
   *
   * @param network theirs
   * @param differences what differs besides the numbers
   * @param lines what is compared
   */
  public PublishedComparison {
    differences = differences.stream().map(text -> Names.oneLine(text, Names.MAX_KEPT)).toList();
    lines = List.copyOf(lines);
    Require.present("network", network);
    Require.notEmpty("lines", lines);
  }

  /**
   * Compares a report.
   *
   * @param report of a trained network
   * @return the comparison; empty if nothing comparable was published: for images that are not
   *     known to be of the authors' data set ({@link ImageSet#dataset}), another number of blocks,
   *     an untrained or lesioned network, other lesions, random ones with other excluded blocks
   *     than none or {@link Exclusion#published}, or joined plans: compare each {@link
   *     LesionReport#byPlan}
   */
  public static Optional<PublishedComparison> of(LesionReport report) {
    return Comparisons.of(report);
  }

  /**
   * {@return a table for people to read: one line for each of {@link #lines}, ours beside theirs in
   * percent, with the deviation and whether the intervals overlap; before it the source and the
   * differences}
   */
  public String toText() {
    return Comparisons.text(this);
  }

  /**
   * One number of ours beside theirs.
   *
   * @param what it is, such as {@code delete{3}} or {@code delete 5 random blocks, median}
   * @param ours our error rate; of medians the interval is over draws and images
   * @param theirs their error rate, in [0, 1]
   * @param theirInterval of their error rate: over images; of a median, of which only quartiles
   *     were published, the spread of their draws alone. Empty where they have fewer than 10 draws
   */
  public record Line(String what, Estimate ours, double theirs, Optional<Interval> theirInterval) {
    /**
     * Checks the components.
     *
     * @param what it is
     * @param ours our error rate; of medians the interval is over draws and images
     * @param theirs their error rate
     * @param theirInterval of their error rate
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Line {
      Require.present("what", what);
      what = Names.oneLine(what, Names.MAX_KEPT);
      Require.present("ours", ours);
      Require.present("theirInterval", theirInterval);
      theirs = Require.share("theirs", theirs);
    }

    /** {@return ours minus theirs, in [-1, 1]} */
    public double deviation() {
      return ours.value() - theirs;
    }

    /** {@return whether the intervals overlap; empty if theirs has none} */
    public Optional<Boolean> overlap() {
      return theirInterval.map(ours.interval()::overlaps);
    }
  }
}
