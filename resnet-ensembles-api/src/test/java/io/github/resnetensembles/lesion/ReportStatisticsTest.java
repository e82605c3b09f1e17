package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.lesion.LesionStatistics.PathFit;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.RankCorrelation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values computed by hand, or by the program that is named. */
class ReportStatisticsTest {
  private static final Architecture NETWORK = Architecture.resnet(20);

  private static BitSet range(int from, int to) {
    BitSet bits = new BitSet();
    bits.set(from, to);
    return bits;
  }

  private static LesionRow delete(int block, int images, BitSet wrong) {
    return Rows.row(PlannedLesion.of(Lesion.delete(block)), images, wrong);
  }

  private static LesionRow drawn(int k, int draw, BitSet wrong) {
    return Rows.row(
        Rows.drawn(Lesion.delete(range(1, k + 1).stream().toArray()), k, draw), 10, wrong);
  }

  /** scipy 1.17: binomtest(k, n).proportion_ci(method='wilson'). */
  @ParameterizedTest
  @CsvSource({
    "0, 10, 0, 0.27753279986288926",
    "10, 10, 0.7224672001371109, 1",
    "8, 100, 0.04109346148438061, 0.14998107700948735",
    "603, 10000, 0.05580115113730913, 0.06513653702986386"
  })
  void wilson(int wrong, int total, double low, double high) {
    Estimate estimate = Estimate.errorRate(wrong, total, 0.95);

    assertThat(estimate.value()).isEqualTo((double) wrong / total);
    assertThat(estimate.interval().low()).isCloseTo(low, within(1e-12));
    assertThat(estimate.interval().high()).isCloseTo(high, within(1e-12));
  }

  /**
   * R: binom.test(lost, lost + won)$p.value, which is the exact test of exact2x2::mcnemar.exact.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1",
    "1, 0, 1",
    "5, 0, 0.0625",
    "6, 1, 0.125",
    "10, 2, 0.03857421875",
    "7, 7, 1",
    "0, 12, 0.00048828125"
  })
  void mcNemar(int lost, int won, double pValue) {
    assertThat(McNemar.pValue(lost, won)).isCloseTo(pValue, within(1e-12));
  }

  /** Small ones, too: 1 + 67 + 2211 ways of at most two in 67. */
  @Test
  void mcNemarCountsBothTailsWhole() {
    double pValue = 2 * (1 + 67 + 2211) / Math.pow(2, 67);

    assertThat(McNemar.pValue(65, 2) / pValue).isCloseTo(1, within(1e-12));
    assertThat(McNemar.pValue(2, 65) / pValue).isCloseTo(1, within(1e-12));
  }

  @Test
  void pairedTestsCountWhatWasLostAndWon() {
    LesionReport report =
        Rows.report(
            NETWORK,
            40,
            range(0, 4),
            List.of(
                delete(1, 40, range(2, 14)),
                delete(2, 40, range(0, 4)),
                delete(3, 40, range(0, 9))));

    List<PairedTest> tests = report.statistics().pairedTests();

    assertThat(tests).extracting(PairedTest::lost).containsExactly(10, 0, 5);
    assertThat(tests).extracting(PairedTest::won).containsExactly(2, 0, 0);
    assertThat(tests).extracting(PairedTest::pValue).containsExactly(0.03857421875, 1.0, 0.0625);
    assertThat(tests).extracting(PairedTest::holm).containsExactly(3 * 0.03857421875, 1.0, 0.125);
    assertThat(tests)
        .extracting(PairedTest::benjaminiHochberg)
        .containsExactly(1.5 * 0.0625, 1.0, 1.5 * 0.0625);
    assertThat(tests.get(0).planned().lesion()).isEqualTo(Lesion.delete(1));
  }

  /** 2^-1199 and 2^-11999 are about 1e-361 and 1e-3612: too small for a double. */
  @Test
  void noPValueIsZero() {
    LesionReport report =
        Rows.report(
            NETWORK,
            12_000,
            range(0, 0),
            List.of(
                delete(1, 12_000, range(0, 1200)),
                delete(2, 12_000, range(0, 12_000)),
                delete(3, 12_000, range(0, 990))));

    List<PairedTest> tests = report.statistics().pairedTests();

    for (PairedTest test : tests.subList(0, 2)) {
      assertThat(test.pValue()).isEqualTo(1e-300);
      assertThat(test.holm()).isEqualTo(1e-300);
      assertThat(test.benjaminiHochberg()).isEqualTo(1e-300);
    }
    assertThat(tests.get(2).pValue()).isEqualTo(Math.pow(2, -989), within(1e-305));
    assertThat(tests.get(2).holm()).isEqualTo(Math.pow(2, -989), within(1e-305));
  }

  /** By hand, after R's p.adjust: the third of Holm's is lifted to the second's. */
  @Test
  void adjustments() {
    double[] pValues = {0.01, 0.04, 0.03, 0.005};

    assertThat(Adjustments.holm(pValues))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
    assertThat(Adjustments.benjaminiHochberg(pValues))
        .containsExactly(new double[] {0.02, 0.04, 0.04, 0.02}, within(1e-15));
    assertThat(Adjustments.holm(new double[] {0.6, 0.7})).containsExactly(1, 1);
    assertThat(Adjustments.holm(new double[0])).isEmpty();
  }

  /** scipy 1.17: spearmanr and kendalltau; intervals by the formulas in the Javadoc. */
  @Test
  void rankCorrelations() {
    List<Double> x = List.of(1.0, 2.0, 2.0, 4.0, 5.0, 6.0, 7.0);
    List<Double> y = List.of(3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0);

    Estimate rho = RankCorrelation.SPEARMAN.of(x, y, 0.95);
    Estimate tau = RankCorrelation.KENDALL.of(x, y, 0.95);

    assertThat(rho.value()).isCloseTo(0.2636363636363636, within(1e-12));
    assertThat(tau.value()).isCloseTo(0.25, within(1e-12));
    double half = 1.959963984540054 * Math.sqrt((1 + rho.value() * rho.value() / 2) / 4);
    double z = 0.5 * Math.log((1 + rho.value()) / (1 - rho.value()));
    assertThat(rho.interval().low()).isCloseTo(Math.tanh(z - half), within(1e-12));
    assertThat(rho.interval().high()).isCloseTo(Math.tanh(z + half), within(1e-12));
  }

  @Test
  void minusZeroTiesWithZero() {
    List<Double> x = List.of(-1.0, -0.0, 0.0, 0.0, 1.0, 2.0);
    List<Double> plain = List.of(-1.0, 0.0, 0.0, 0.0, 1.0, 2.0);
    List<Double> y = List.of(3.0, 1.0, 4.0, -0.0, 5.0, 0.0);
    List<Double> plainY = List.of(3.0, 1.0, 4.0, 0.0, 5.0, 0.0);
    for (RankCorrelation kind : RankCorrelation.values()) {
      assertThat(kind.of(x, y, 0.95)).isEqualTo(kind.of(plain, plainY, 0.95));
      assertThatThrownBy(() -> kind.of(List.of(0.0, -0.0, 0.0, -0.0, 0.0), y.subList(0, 5), 0.95))
          .hasMessageContaining("needs different values");
    }
  }

  @Test
  void perfectAgreementIsNotCertain() {
    List<Double> x = List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);

    Estimate rho = RankCorrelation.SPEARMAN.of(x, x, 0.95);

    assertThat(rho.value()).isEqualTo(1);
    assertThat(rho.interval().low()).isLessThan(0.95);
    assertThat(rho.interval().high()).isEqualTo(1);
  }

  @Test
  void correlationsNeedPairsThatDiffer() {
    List<Double> five = List.of(1.0, 2.0, 3.0, 4.0, 5.0);

    assertThatThrownBy(
            () -> RankCorrelation.KENDALL.of(five.subList(0, 4), five.subList(0, 4), 0.95))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a rank correlation needs at least 5 pairs, got 4");
    assertThatThrownBy(() -> RankCorrelation.KENDALL.of(five, five.subList(0, 4), 0.95))
        .hasMessage("a correlation is of pairs, got 5 and 4 values");
    assertThatThrownBy(() -> RankCorrelation.SPEARMAN.of(five, Collections.nCopies(5, 0.5), 0.95))
        .hasMessage("a rank correlation needs different values, but all 5 are 0.5");
    assertThatThrownBy(() -> RankCorrelation.SPEARMAN.of(five, five, 95))
        .hasMessage("a confidence level lies between 0 and 1, such as 0.95, got 95.0");
  }

  @Test
  void curvesAreMeansOverDraws() {
    List<LesionRow> rows = new ArrayList<>();
    for (int k = 1; k <= 2; k++) {
      for (int draw = 1; draw <= 3; draw++) {
        rows.add(drawn(k, draw, range(0, k + draw)));
      }
    }
    LesionStatistics statistics = Rows.report(NETWORK, 10, range(0, 1), rows).statistics();

    List<CurvePoint> curve = statistics.curve();

    assertThat(curve).extracting(CurvePoint::at).containsExactly(1.0, 2.0);
    assertThat(curve).extracting(CurvePoint::draws).containsExactly(3, 3);
    assertThat(curve.get(0).errorRate().value()).isCloseTo(0.3, within(1e-12));
    assertThat(curve.get(1).errorRate().value()).isCloseTo(0.4, within(1e-12));
    assertThat(statistics.curve()).isEqualTo(curve);
    assertThat(statistics.withSeed(1).curve()).isNotEqualTo(curve);
    assertThat(statistics.withLevel(0.5).curve().get(0).errorRate().interval().width())
        .isLessThan(curve.get(0).errorRate().interval().width());
  }

  private static LesionRow listed(int k, int number, Lesion lesion, BitSet wrong) {
    return Rows.row(
        new PlannedLesion(lesion, OptionalInt.of(k), OptionalInt.of(number), OptionalLong.empty()),
        100,
        wrong);
  }

  /** Nothing was drawn, so that nothing but the images can vary. */
  @Test
  void allLesionsThatThereAreHaveIntervalsOverImagesAlone() {
    List<LesionRow> rows = new ArrayList<>();
    for (int block = 1; block <= 9; block++) {
      rows.add(listed(1, block, Lesion.delete(block), range(0, 5 * block)));
    }
    rows.add(listed(9, 1, Lesion.delete(1, 2, 3, 4, 5, 6, 7, 8, 9), range(0, 90)));

    List<CurvePoint> curve = Rows.report(NETWORK, 100, range(0, 1), rows).statistics().curve();

    assertThat(curve).extracting(CurvePoint::complete).containsOnly(true);
    assertThat(curve).extracting(CurvePoint::draws).containsExactly(9, 1);
    Estimate alone = Estimate.errorRate(90, 100, 0.95);
    assertThat(curve.get(1).interval().orElseThrow().low())
        .isCloseTo(alone.interval().low(), within(1e-9));
    assertThat(curve.get(1).interval().orElseThrow().high())
        .isCloseTo(alone.interval().high(), within(1e-9));
    assertThat(curve.get(0).errorRate().value()).isCloseTo(0.25, within(1e-12));
    // 9 of 90 draws: the images' means are 1, 8/9, ..., 1/9 of 5 images each, and 0 of 55.
    double variance = (5 * 285 / 81.0) / 100 - 0.25 * 0.25;
    double size = 100 * 0.25 * 0.75 / variance;
    double z = 1.959963984540054;
    double half = z / (1 + z * z / size) * Math.sqrt(0.1875 / size + z * z / (4 * size * size));
    assertThat(curve.get(0).interval().orElseThrow().width()).isCloseTo(2 * half, within(1e-9));
    LesionRow scaled =
        listed(
            9,
            1,
            Lesion.scale(3, 0.5).then(Lesion.delete(1, 2, 3, 4, 5, 6, 7, 8, 9)),
            range(0, 90));
    assertThat(Rows.report(NETWORK, 100, range(0, 1), List.of(scaled)).statistics().curve())
        .as("the same beside damage that all rows have")
        .containsExactly(curve.get(1));
    List<LesionRow> shard = rows.subList(0, 8);
    assertThat(Rows.report(NETWORK, 100, range(0, 1), shard).statistics().curve().get(0))
        .matches(point -> !point.complete() && point.interval().isEmpty(), "not all are there");
  }

  @Test
  void fewerThanTenDifferentDrawsHaveNoInterval() {
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 40; draw++) {
      int few = draw % 9;
      int enough = draw % 10;
      rows.add(
          Rows.row(
              Rows.drawn(Lesion.delete(few == 0 ? 9 : few, 8 - few % 2), 2, draw),
              10,
              range(0, few)));
      rows.add(
          Rows.row(
              Rows.drawn(Lesion.delete(1, 2 + enough % 5, 7 + enough / 5), 3, draw),
              10,
              range(0, enough)));
    }

    List<CurvePoint> curve = Rows.report(NETWORK, 10, range(0, 1), rows).statistics().curve();

    assertThat(curve).extracting(CurvePoint::draws).containsExactly(40, 40);
    assertThat(curve.get(0).distinct()).isLessThan(10);
    assertThat(curve.get(0).interval()).isEmpty();
    assertThat(curve.get(1).distinct()).isEqualTo(10);
    assertThat(curve.get(1).interval()).hasValue(curve.get(1).errorRate().interval());
  }

  @Test
  void ordersThatAreTheIntactOneAreLeftOut() {
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 6; draw++) {
      Lesion lesion = draw <= 2 ? Lesion.swap(2, 3).then(Lesion.swap(3, 2)) : Lesion.swap(2, 3);
      rows.add(Rows.reordered(Rows.drawn(lesion, 1, draw), NETWORK, 10, range(0, draw)));
    }

    List<CurvePoint> curve =
        Rows.report(NETWORK, 10, range(0, 1), rows).statistics().curveByKendallTau(1);

    assertThat(curve).extracting(CurvePoint::draws).containsExactly(4);
    assertThat(curve).extracting(CurvePoint::distinct).containsExactly(1);
    assertThat(curve.get(0).errorRate().value()).isCloseTo(0.45, within(1e-12));
  }

  @Test
  void aCurveWithoutErrorsStillIsUncertain() {
    LesionReport report =
        Rows.report(
            NETWORK, 10, range(0, 1), List.of(drawn(1, 1, range(0, 0)), drawn(1, 2, range(0, 0))));

    assertThat(report.statistics().curve().get(0).errorRate())
        .isEqualTo(Estimate.errorRate(0, 10, 0.95));
  }

  @Test
  void curvesByKendallTauPutRowsIntoBins() {
    List<LesionRow> rows = new ArrayList<>();
    int draw = 1;
    for (Lesion lesion :
        List.of(Lesion.swap(2, 3), Lesion.swap(5, 6), Lesion.swap(4, 6).then(Lesion.delete(1)))) {
      rows.add(
          new LesionRow(
              Rows.drawn(lesion, 1, draw++),
              lesion.equals(Lesion.swap(2, 3)) || lesion.equals(Lesion.swap(5, 6))
                  ? List.of(1, 3, 2, 4, 5, 6, 7, 8, 9)
                  : List.of(1, 2, 3, 6, 5, 4, 7, 8, 9),
              drawn(1, draw, range(0, draw)).tallies()));
    }
    LesionStatistics statistics = Rows.report(NETWORK, 10, range(0, 1), rows).statistics();

    List<CurvePoint> curve = statistics.curveByKendallTau(0.01);

    assertThat(curve).hasSize(1);
    assertThat(curve.get(0).at()).isCloseTo(1 - 2 / 36.0, within(1e-12));
    assertThat(curve.get(0).draws()).isEqualTo(2);
    assertThat(curve.get(0).errorRate().value()).isCloseTo(0.25, within(1e-12));
    assertThatThrownBy(() -> statistics.curveByKendallTau(0))
        .hasMessage("a bin's width lies in (0, 1], got 0.0");
  }

  /** Errors 0.2 0.4 | 0.6 0.8 at 1 and 3 deleted blocks: totals 0.2, between 0.16. */
  @Test
  void pathFit() {
    LesionReport report =
        Rows.report(
            NETWORK,
            10,
            range(0, 1),
            List.of(
                drawn(1, 1, range(0, 2)),
                drawn(1, 2, range(0, 4)),
                drawn(3, 1, range(0, 6)),
                drawn(3, 2, range(0, 8))));

    PathFit fit = report.statistics().pathFit();

    assertThat(fit.rows()).isEqualTo(4);
    assertThat(fit.explained()).isCloseTo(0.8, within(1e-12));
    assertThat(fit.linear()).isCloseTo(0.8, within(1e-12));
    assertThat(fit.slope()).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void pathFitIsAboutDeletions() {
    LesionReport skips =
        Rows.report(
            NETWORK,
            10,
            range(0, 1),
            List.of(Rows.row(PlannedLesion.of(Lesion.deleteSkip(1)), 10, range(0, 2))));

    assertThatThrownBy(() -> skips.statistics().pathFit())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("deleteSkip{1} does more than delete blocks");
  }

  /**
   * numpy: corrcoef of the three rows has 0.6123724, -0.1020621 and -0.1666667... by hand below.
   */
  @Test
  void errorCorrelationIsTheMeanPhi() {
    LesionReport report =
        Rows.report(
            NETWORK,
            10,
            range(0, 1),
            List.of(
                delete(1, 10, range(0, 5)),
                delete(2, 10, range(0, 5)),
                delete(3, 10, range(5, 10)),
                delete(4, 10, range(0, 10))));

    Estimate correlation = report.statistics().withResamples(200).errorCorrelation();

    // The pairs of the first three correlate with 1, -1 and -1; the fourth never varies.
    assertThat(correlation.value()).isCloseTo(-1 / 3.0, within(1e-12));
    assertThat(correlation.interval().contains(correlation.value())).isTrue();
  }

  @Test
  void interactionsAreWhatTheSumOfTwoLeavesOut() {
    LesionRow both = Rows.row(PlannedLesion.of(Lesion.delete(1, 2)), 10, range(0, 7));
    LesionReport report =
        Rows.report(
            NETWORK,
            10,
            range(0, 1),
            List.of(delete(1, 10, range(0, 2)), delete(2, 10, range(0, 3)), both));

    List<BlockInteraction> interactions = report.statistics().interactions();

    assertThat(interactions).hasSize(1);
    assertThat(interactions.get(0).first()).isEqualTo(1);
    assertThat(interactions.get(0).second()).isEqualTo(2);
    assertThat(interactions.get(0).value()).isCloseTo(0.7 - 0.2 - 0.3 + 0.1, within(1e-12));
  }

  @Test
  void aReportWithoutRowsFails() {
    assertFails(
        Rows.report(NETWORK, 10, range(0, 1), List.of()),
        "the report has no rows, so there is nothing to compute; run at least one lesion");
  }

  @Test
  void oneImageFails() {
    assertFails(
        Rows.report(NETWORK, 1, range(0, 1), List.of(delete(1, 1, range(0, 1)))),
        "the report covers one image, but statistics need at least 2; evaluate more");
  }

  @Test
  void oneClassFails() {
    LesionReport two = Rows.report(NETWORK, 10, range(0, 1), List.of(delete(1, 10, range(0, 1))));
    LesionRow one =
        new LesionRow(
            PlannedLesion.of(Lesion.intact()),
            List.of(),
            List.of(
                new Tally(
                    0,
                    10,
                    1,
                    0,
                    BigInteger.ZERO,
                    Arrays.asList(10, 0),
                    Arrays.asList(1, 0),
                    two.baseline().tallies().get(0).correctBits())));

    assertFails(
        new LesionReport(
            two.base(), one, List.of(one), List.of(), two.cost(), two.records(), two.provenance()),
        "all 10 images of the report are of one class, whose error rate says nothing of the"
            + " network; evaluate images of at least 2 classes");
  }

  @Test
  void rowsOnOtherImagesFail() {
    assertFails(
        Rows.report(NETWORK, 10, range(0, 1), List.of(delete(1, 8, range(0, 1)))),
        "the row delete{1} covers 8 images, but the intact network others: 10; merge the shards"
            + " that are missing first");
  }

  @Test
  void noDrawsFail() {
    LesionStatistics each =
        Rows.report(NETWORK, 10, range(0, 1), List.of(delete(1, 10, range(0, 1)))).statistics();
    LesionStatistics once =
        Rows.report(NETWORK, 10, range(0, 1), List.of(drawn(3, 1, range(0, 1)))).statistics();

    assertThatThrownBy(each::curve)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("the report has no draws");
    assertThatThrownBy(() -> each.curveByKendallTau(0.01))
        .hasMessageStartingWith("the report has no row that reorders blocks");
    assertThatThrownBy(once::curve)
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("k = 3 has one draw, but an interval needs at least 2; ask for more draws");
  }

  private static void assertFails(LesionReport report, String message) {
    assertThatThrownBy(report::statistics)
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
  }
}
