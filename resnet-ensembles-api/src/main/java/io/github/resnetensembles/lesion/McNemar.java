package io.github.resnetensembles.lesion;

import io.github.resnetensembles.InvalidInputException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** The exact McNemar test of several rows, adjusted for their number. */
final class McNemar {
  private final List<PairedTest> tests = new ArrayList<>();

  /** As computed, 0 where that is too small for a double: what is adjusted. */
  private final List<Double> pValues = new ArrayList<>();

  /** As {@link PairedTest#each}. */
  static List<PairedTest> each(List<LesionRow> before, List<LesionRow> after) {
    McNemar tests = new McNemar();
    if (before.size() != after.size()) {
      throw new InvalidInputException(
          before.size() + " rows before and " + after.size() + " after changes are no pairs");
    }
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).records().equals(after.get(i).records())) {
        throw new InvalidInputException(
            ("the rows %s and %s are of other records, so that no image was seen before"
                    + " and after")
                .formatted(before.get(i).lesion(), after.get(i).lesion()));
      }
      tests.add(after.get(i).planned(), before.get(i).wrongImages(), after.get(i).wrongImages());
    }
    return tests.adjusted();
  }

  /**
   * Twice the smaller tail. A test of any probability, which looks for counts that are as unlikely
   * on the other side, may miss the like count of a fair coin by rounding, and then halves p.
   */
  static double pValue(int lost, int won) {
    BinomialDistribution fair = BinomialDistribution.of(lost + won, 0.5);
    return Math.min(1, 2 * fair.cumulativeProbability(Math.min(lost, won)));
  }

  /** Adds a test of which images were wrong before and are after. */
  void add(PlannedLesion planned, BitSet before, BitSet after) {
    int both = Outcomes.common(before, after);
    int lost = after.cardinality() - both;
    int won = before.cardinality() - both;
    pValues.add(pValue(lost, won));
    tests.add(new PairedTest(planned, lost, won, pValue(lost, won), 1, 1));
  }

  /** The tests in the order they were added. */
  List<PairedTest> adjusted() {
    double[] computed = pValues.stream().mapToDouble(p -> p).toArray();
    double[] holm = Adjustments.holm(computed);
    double[] benjaminiHochberg = Adjustments.benjaminiHochberg(computed);
    List<PairedTest> adjusted = new ArrayList<>();
    for (PairedTest test : tests) {
      int i = adjusted.size();
      adjusted.add(test.adjusted(holm[i], benjaminiHochberg[i]));
    }
    return List.copyOf(adjusted);
  }
}
