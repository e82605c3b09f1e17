package io.github.resnetensembles.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.CurvePoint;
import io.github.resnetensembles.report.Claim.Verdict;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of claims, at their edges. */
class ClaimRulesTest {
  private static Interval interval(double low, double high) {
    return new Interval(low, high, 0.95);
  }

  @ParameterizedTest
  @CsvSource({
    "-0.01, 0.0199, SHOWN",
    "0, 0.02, UNDECIDED",
    "0.02, 0.03, UNDECIDED",
    "0.0201, 0.03, NOT_SHOWN",
  })
  void aShareIsBelowABoundIfItsIntervalIs(double low, double high, Verdict verdict) {
    assertThat(ClaimRules.below(interval(low, high), 0.02)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "0.501, 0.9, SHOWN",
    "0.5, 0.9, UNDECIDED",
    "0.1, 0.5, UNDECIDED",
    "0.1, 0.499, NOT_SHOWN",
  })
  void aShareIsAboveABoundIfItsIntervalIs(double low, double high, Verdict verdict) {
    assertThat(ClaimRules.above(interval(low, high), 0.5)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "-0.01, 0.01, SHOWN",
    "-0.0101, 0.01, UNDECIDED",
    "-0.01, 0.0101, UNDECIDED",
    "-0.02, 0.02, UNDECIDED",
    "0.01, 0.02, UNDECIDED",
    "0.0101, 0.02, NOT_SHOWN",
    "-0.02, -0.0101, NOT_SHOWN",
  })
  void aDifferenceIsSmallIfItsIntervalLiesWithin(double low, double high, Verdict verdict) {
    assertThat(ClaimRules.within(interval(low, high), 0.01)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({
    "-0.4, -0.2, 0.96, SHOWN",
    "-0.4, -0.2, 0.95, NOT_SHOWN",
    "-0.4, 0, 0.96, UNDECIDED",
    "0.01, 0.2, 0.99, NOT_SHOWN",
  })
  void anExponentialFallsAlongALine(double low, double high, double r2, Verdict verdict) {
    assertThat(ClaimRules.exponential(interval(low, high), r2)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"0.0499, SHOWN", "0.05, NOT_SHOWN", "0.9, NOT_SHOWN"})
  void fewPathsAreLessThanATwentieth(double share, Verdict verdict) {
    assertThat(ClaimRules.few(share)).isEqualTo(verdict);
  }

  /** A curve with a room of 0.9: means, each with an interval of so much to either side. */
  private static Verdict smooth(double half, double... means) {
    List<CurvePoint> points = new ArrayList<>();
    for (int i = 1; i < means.length; i++) {
      points.add(new CurvePoint(i, 10, 10, false, estimate(means[i], half)));
    }
    return ClaimRules.smooth(estimate(means[0], half), points, 0.9);
  }

  private static Estimate estimate(double mean, double half) {
    return new Estimate(mean, interval(mean - half, mean + half));
  }

  @Test
  void aCurveRisesSmoothlyInSmallSteps() {
    assertThat(smooth(0.01, 0.01, 0.1, 0.3, 0.55)).isEqualTo(Verdict.SHOWN);
  }

  @Test
  void aFallWithinIntervalsIsNone() {
    assertThat(smooth(0.01, 0.01, 0.2, 0.181, 0.4)).isEqualTo(Verdict.SHOWN);
    assertThat(smooth(0.01, 0.01, 0.2, 0.179, 0.4)).isEqualTo(Verdict.NOT_SHOWN);
  }

  @Test
  void aSlowFallIsOneToo() {
    assertThat(smooth(0.01, 0.01, 0.2, 0.19, 0.179, 0.4)).isEqualTo(Verdict.NOT_SHOWN);
  }

  /** A third of the room is 0.3; the step's interval is 0.01 times the root of 2 to each side. */
  @Test
  void aLargeStepIsNotSmooth() {
    assertThat(smooth(0.01, 0.01, 0.29)).isEqualTo(Verdict.SHOWN);
    assertThat(smooth(0.01, 0.01, 0.30)).isEqualTo(Verdict.UNDECIDED);
    assertThat(smooth(0.01, 0.01, 0.33)).isEqualTo(Verdict.NOT_SHOWN);
  }

  @Test
  void aFlatCurveDoesNotRise() {
    assertThat(smooth(0.02, 0.05, 0.06, 0.06)).isEqualTo(Verdict.UNDECIDED);
  }
}
