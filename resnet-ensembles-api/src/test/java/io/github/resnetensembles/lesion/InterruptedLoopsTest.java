package io.github.resnetensembles.lesion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.path.PathOrder;
import io.github.resnetensembles.path.PathStep;
import io.github.resnetensembles.report.Report;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.statistics.RankCorrelation;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Loops whose length is the user's end when their thread is interrupted, at once. */
@Timeout(60)
class InterruptedLoopsTest {
  private static final int IMAGES = 60;
  private static final LesionReport CURVE =
      Games.sampled(4, IMAGES, 6, new Random(1), InterruptedLoopsTest::wrong);
  private static final LesionReport EXACT = Games.exact(4, IMAGES, InterruptedLoopsTest::wrong);
  private static final LesionReport PAIRS = pairs();
  private static final LesionReport SWAPS = swaps();

  private static BitSet wrong(int coalition) {
    BitSet wrong = new BitSet();
    wrong.set(0, 30 - 7 * Integer.bitCount(coalition) + coalition % 2);
    wrong.set(40 + coalition % 8);
    return wrong;
  }

  private static LesionReport pairs() {
    List<LesionRow> rows = new ArrayList<>();
    for (int coalition : List.of(0b0111, 0b1011, 0b0011, 0b1101, 0b1110, 0b1100)) {
      rows.add(Rows.row(PlannedLesion.of(Games.lesion(4, coalition)), IMAGES, wrong(coalition)));
    }
    return Rows.report(Games.architecture(4), IMAGES, wrong(15), rows);
  }

  private static LesionReport swaps() {
    Architecture architecture = Games.architecture(4);
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 6; draw++) {
      Lesion swap = Lesion.swap(1 + draw % 3, 2 + draw % 3);
      rows.add(Rows.reordered(Rows.drawn(swap, 1, draw), architecture, IMAGES, wrong(draw)));
    }
    return Rows.report(architecture, IMAGES, wrong(15), rows);
  }

  private static void drain(Iterator<?> iterator) {
    while (iterator.hasNext()) {
      Object unused = iterator.next();
    }
  }

  private static void drain(PrimitiveIterator.OfLong iterator) {
    while (iterator.hasNext()) {
      long unused = iterator.nextLong();
    }
  }

  static Stream<Arguments> loops() {
    LesionStatistics curve = CURVE.statistics();
    LesionStatistics pairs = PAIRS.statistics();
    LesionStatistics swaps = SWAPS.statistics();
    ExactValues game = new ExactValues(12, new double[1 << 12]);
    BitSet[] everyone = new BitSet[1 << 12];
    Arrays.fill(everyone, Rows.bits(0, 1));
    PathEnumerator all = PathEnumerator.of(16);
    PathEnumerator some = all.ofLengths(7, 9);
    PathEnumerator many = PathEnumerator.of(70).ofLengths(1, 2);
    return Stream.of(
        loop("the statistics of a report", CURVE::statistics),
        loop("the bootstrap of a curve", curve::curve),
        loop("the bootstrap of reorderings", () -> swaps.curveByKendallTau(0.1)),
        loop("paired tests", curve::pairedTests),
        loop("the correlation of errors", curve::errorCorrelation),
        loop("Kendall's tau", () -> curve.rankCorrelation(RankCorrelation.KENDALL)),
        loop("interactions", pairs::interactions),
        loop("exact block values", () -> EXACT.blockValues(Payoff.ACCURACY)),
        loop("sampled block values", () -> CURVE.blockValues(Payoff.ACCURACY)),
        loop("Shapley values", () -> game.shapley(3)),
        loop("Banzhaf values", () -> game.banzhaf(3)),
        loop("Shapley interactions", () -> game.interaction(3, 4)),
        loop("Shapley values by image", () -> game.shapleyByImage(everyone, 2)),
        loop(
            "merging",
            () -> LesionReport.merge(List.of(CURVE, CURVE), MergeOption.ALLOW_UNVERIFIED)),
        loop("a report", () -> Report.of(PAIRS)),
        visit("all masks", () -> all.masks().forEach(mask -> {})),
        visit("all masks one by one", () -> drain(all.masks().iterator())),
        visit("masks of some lengths", () -> some.masks().forEach(mask -> {})),
        visit("masks by length", () -> some.ordered(PathOrder.BY_LENGTH).masks().forEach(m -> {})),
        visit("paths", () -> some.stream().forEach(path -> {})),
        visit("paths one by one", () -> drain(some.stream().iterator())),
        visit("paths of many blocks", () -> many.stream().forEach(path -> {})),
        visit("paths of many blocks one by one", () -> drain(many.stream().iterator())),
        visit(
            "a range of paths",
            () -> many.stream(BigInteger.TEN, BigInteger.valueOf(2000)).forEach(path -> {})),
        visit("paths drawn", () -> many.sample(2000, 3).forEach(path -> {})),
        loop("paths counted", () -> counted().lengths()),
        loop("weight layers counted", () -> counted().weightLayers()));
  }

  /** Steps of several kinds, whose polynomials are multiplied. */
  private static PathEnumerator counted() {
    return PathEnumerator.of(
        IntStream.rangeClosed(1, 60)
            .mapToObj(block -> new PathStep(block, 1, 1 + block % 3, 1 + block % 2))
            .toList());
  }

  private static Arguments loop(String name, Supplier<?> loop) {
    return Arguments.of(name, loop);
  }

  private static Arguments visit(String name, Runnable visit) {
    return loop(
        name,
        () -> {
          visit.run();
          return name;
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("loops")
  void endsWhenInterrupted(String name, Supplier<?> loop) {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(loop::get)
          .isInstanceOf(RunInterruptedException.class)
          .hasMessageStartingWith("interrupted while ");
    } finally {
      assertThat(Thread.interrupted()).as("the flag").isTrue();
    }
    assertThat(loop.get()).isNotNull();
  }

  /** Otherwise what an interrupted study left would be lost. */
  @Test
  void whatIsKeptIsWrittenAllTheSame() {
    LesionReport report =
        Games.sampled(8, IMAGES, 300, new Random(1), InterruptedLoopsTest::wrong8);
    assertThat(report.rows()).hasSizeGreaterThan(2048);
    String json = report.toJson();
    String csv = report.toCsv();
    Thread.currentThread().interrupt();
    try {
      assertThat(report.toJson()).isEqualTo(json);
      assertThat(report.toCsv()).isEqualTo(csv);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static BitSet wrong8(int coalition) {
    return Rows.bits(coalition % IMAGES);
  }
}
