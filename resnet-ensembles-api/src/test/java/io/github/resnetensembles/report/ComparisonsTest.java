package io.github.resnetensembles.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.images.KnownDataset;
import io.github.resnetensembles.internal.statistics.TwoLevelBootstrap;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.PlannedLesion;
import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.report.PublishedComparison.Line;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.statistics.Estimate;
import io.github.resnetensembles.statistics.Interval;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonsTest {
  private static final int IMAGES = 1000;

  private static BitSet wrong(int count) {
    BitSet bits = new BitSet();
    bits.set(0, count);
    return bits;
  }

  private static LesionReport on(
      String data, boolean trained, Architecture architecture, List<LesionRow> rows) {
    LesionReport report = Rows.report(architecture, IMAGES, wrong(85), rows);
    Provenance p = report.provenance();
    return new LesionReport(
        report.base(),
        report.baseline(),
        rows,
        report.excluded(),
        report.cost(),
        report.records(),
        p.toBuilder()
            .trained(trained)
            .data(data)
            .dataset(
                data.startsWith("test_batch")
                    ? Optional.of(KnownDataset.CIFAR_10)
                    : Optional.empty())
            .build());
  }

  private static List<LesionRow> first() {
    return List.of(
        Rows.row(PlannedLesion.of(Lesion.delete(1)), IMAGES, wrong(700)),
        Rows.row(PlannedLesion.of(Lesion.delete(2)), IMAGES, wrong(100)));
  }

  @Test
  void theNumbersAreThePublishedOnes() {
    List<PublishedNetwork> networks = PublishedNetwork.all();

    assertThat(networks).hasSize(12);
    PublishedNetwork deepest = networks.get(4);
    assertThat(deepest.name()).isEqualTo("pre-activation ResNet-110");
    assertThat(deepest.blocks()).isEqualTo(54);
    assertThat(deepest.errorRate()).isCloseTo(0.06032, within(1e-12));
    assertThat(deepest.errorByDeletedBlock().get(11)).isCloseTo(0.1134, within(1e-12));
    assertThat(networks)
        .allMatch(
            network ->
                network.errorByDeletedBlock().keySet().stream()
                    .allMatch(block -> block >= 1 && block <= network.blocks()));
    assertThat(PublishedNumbers.draws(deepest, "delete_k_without_transition_blocks", 10))
        .hasValueSatisfying(theirs -> assertThat(theirs.median()).isCloseTo(0.1901, within(1e-12)));
  }

  @Test
  void aResNet20StandsBesideTheirs() {
    LesionReport report = on("test_batch.bin", true, Architecture.resnet(20), first());

    PublishedComparison comparison = PublishedComparison.of(report).orElseThrow();

    assertThat(comparison.network().name()).isEqualTo("pre-activation ResNet-20");
    assertThat(comparison.lines())
        .extracting(Line::what)
        .containsExactly("intact", "delete{1}", "delete{2}");
    Line intact = comparison.lines().get(0);
    assertThat(intact.theirs()).isCloseTo(0.08495, within(1e-12));
    assertThat(intact.deviation()).isCloseTo(0.00005, within(1e-12));
    assertThat(intact.overlap()).hasValue(true);
    assertThat(comparison.lines().get(2).overlap()).hasValue(false);
    assertThat(comparison.differences().get(0))
        .contains("The authors' network is pre-activation", "resnet-20 is post-activation");
    assertThat(comparison.toText())
        .contains(
            "delete{2}  ours  10.00 % [8.29, 12.02]  published  19.97 % [19.20, 20.77]  deviation"
                + "  -9.97  intervals do not overlap",
            PublishedNetwork.SOURCE);
  }

  @Test
  void theSameActivationIsNoDifference() {
    LesionReport report = on("test_batch.bin", true, Architecture.preResnet(20), first());

    assertThat(PublishedComparison.of(report).orElseThrow().differences())
        .noneMatch(sentence -> sentence.contains("activation"));
  }

  @Test
  void randomDeletionsAreComparedByTheirMedians() {
    Architecture architecture = Architecture.preResnet(110);
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 11; draw++) {
      rows.add(Rows.row(Rows.drawn(Lesion.delete(draw), 1, draw), IMAGES, wrong(60 + draw)));
    }
    rows.add(Rows.row(Rows.drawn(Lesion.delete(1, 2), 2, 1), IMAGES, wrong(60)));

    PublishedComparison comparison =
        PublishedComparison.of(on("test_batch.bin", true, architecture, rows)).orElseThrow();

    assertThat(comparison.lines())
        .extracting(Line::what)
        .containsExactly("intact", "delete 1 random blocks, median");
    Line line = comparison.lines().get(1);
    assertThat(line.ours().value()).isCloseTo(0.066, within(1e-12));
    assertThat(line.theirs()).isCloseTo(0.0653, within(1e-12));
    assertThat(line.overlap()).hasValue(true);
    // 58 draws with the quartiles 6.23 and 6.97 %: 1.95996 · sqrt(pi/2) · (0.0074 / 1.34898) /
    // sqrt(58)
    Interval spread = line.theirInterval().orElseThrow();
    assertThat(spread.low()).isCloseTo(0.0653 - 0.00176938, within(1e-8));
    assertThat(spread.high()).isCloseTo(0.0653 + 0.00176938, within(1e-8));
  }

  @Test
  void theAuthorsMediansAreThoseOfTheSameLesions() {
    Architecture architecture = Architecture.preResnet(110);
    List<LesionRow> deletions =
        List.of(
            Rows.row(Rows.drawn(Lesion.delete(2), 1, 1), IMAGES, wrong(60)),
            Rows.row(Rows.drawn(Lesion.delete(2, 3), 2, 1), IMAGES, wrong(60)),
            Rows.row(
                Rows.drawn(Lesion.delete(IntStream.rangeClosed(2, 26).toArray()), 25, 1),
                IMAGES,
                wrong(60)));

    assertThat(Comparisons.medians(on("test_batch", true, architecture, deletions)))
        .isEqualTo(Map.of(1.0, 0.0653, 2.0, 0.0705));
    assertThat(Comparisons.medians(on("test_batch", true, Architecture.resnet(110), deletions)))
        .hasSize(2);
    assertThat(Comparisons.medians(on("other", true, architecture, deletions))).isEmpty();
    assertThat(Comparisons.medians(on("test_batch", false, architecture, deletions))).isEmpty();
    assertThat(Comparisons.medians(on("test_batch", true, Architecture.resnet(20), first())))
        .isEmpty();
  }

  /** Of bins of a hundredth, of which those with fewer than ten orders are left out. */
  @Test
  void theAuthorsMediansOfOrdersAreByKendallsTau() {
    Architecture architecture = Architecture.preResnet(110);
    LesionRow row = Rows.row(Rows.drawn(Lesion.swap(2, 3), 1, 1), IMAGES, wrong(60));

    SortedMap<Double, Double> medians =
        Comparisons.medians(on("test_batch", true, architecture, List.of(row)));

    assertThat(medians.firstKey()).isCloseTo(0.835, within(1e-12));
    assertThat(medians.get(medians.firstKey())).isCloseTo(0.6705, within(1e-12));
    assertThat(medians.lastKey()).isCloseTo(0.995, within(1e-12));
  }

  @Test
  void whatIsNotComparableIsNotCompared() {
    assertThat(
            PublishedComparison.of(
                on("built-in images v1", true, Architecture.resnet(20), first())))
        .isEmpty();
    assertThat(
            PublishedComparison.of(
                on(
                    "test.bin",
                    true,
                    Architecture.resnet(20).toBuilder().classes(100).build(),
                    first())))
        .isEmpty();
    assertThat(
            PublishedComparison.of(on("test_batch.bin", false, Architecture.resnet(20), first())))
        .isEmpty();
    assertThat(PublishedComparison.of(on("test_batch.bin", true, Architecture.resnet(26), first())))
        .isEmpty();
    assertThat(PublishedComparison.of(on("test_batch.bin", true, Architecture.plain(20), first())))
        .isEmpty();
    assertThat(PublishedComparison.of(on("test_batch.bin", true, Architecture.plain(26), first())))
        .isEmpty();
    assertThat(
            PublishedComparison.of(on("test_batch.bin", true, Architecture.of("vgg-15"), first())))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"test.bin", "CIFAR-10", "built-in images v1"})
  void imagesThatAreNotKnownAreNotCompared(String data) {
    assertThat(PublishedComparison.of(on(data, true, Architecture.resnet(20), first()))).isEmpty();
    assertThat(PublishedComparison.of(on("test_batch", true, Architecture.resnet(20), first())))
        .isPresent();
  }

  /** Eleven draws of nine lesions are nine. */
  @Test
  void mediansOfFewDifferentDrawsAreNotCompared() {
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 11; draw++) {
      rows.add(
          Rows.row(Rows.drawn(Lesion.delete(2 + draw % 9), 1, draw), IMAGES, wrong(60 + draw)));
    }

    assertThat(PublishedComparison.of(on("test_batch", true, Architecture.preResnet(110), rows)))
        .isEmpty();
  }

  @Test
  void mediansOfRowsOnOtherImagesAreNotCompared() {
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 11; draw++) {
      int images = draw == 5 ? IMAGES - 1 : IMAGES;
      rows.add(Rows.row(Rows.drawn(Lesion.delete(draw), 1, draw), images, wrong(60 + draw)));
    }

    assertThat(PublishedComparison.of(on("test_batch", true, Architecture.preResnet(110), rows)))
        .isEmpty();
  }

  /** All draws fail on the same images: they are one sample of images, not eleven. */
  @Test
  void imagesThatAllDrawsShareWidenTheIntervalOfTheirMedian() {
    List<LesionRow> rows = new ArrayList<>();
    for (int draw = 1; draw <= 11; draw++) {
      rows.add(Rows.row(Rows.drawn(Lesion.delete(draw), 1, draw), IMAGES, wrong(100)));
    }

    PublishedComparison comparison =
        PublishedComparison.of(on("test_batch", true, Architecture.preResnet(110), rows))
            .orElseThrow();

    Interval interval = comparison.lines().get(1).ours().interval();
    assertThat(interval.width() / 2).isCloseTo(2.2 * Math.sqrt(0.1 * 0.9 / IMAGES), within(0.002));
    assertThat(comparison.differences())
        .anyMatch(sentence -> sentence.contains("the spread of draws only"));
  }

  @Test
  void intervalsOfMediansStayErrorRates() {
    List<BitSet> low = new ArrayList<>();
    List<BitSet> high = new ArrayList<>();
    for (int draw = 0; draw < 11; draw++) {
      low.add(wrong(draw < 6 ? 2 : 900));
      high.add(wrong(draw < 6 ? 998 : 100));
    }

    List<Estimate> medians =
        new TwoLevelBootstrap(IMAGES, 0.95, 200, 1).medians(List.of(low, high));

    assertThat(medians.get(0).interval().low()).isZero();
    assertThat(medians.get(1).interval().high()).isOne();
  }

  @Test
  void everyPublishedNumberIsARate() {
    for (PublishedNetwork network : PublishedNetwork.all()) {
      List<Double> rates = new ArrayList<>(network.errorByDeletedBlock().values());
      if (!Double.isNaN(network.errorRate())) {
        rates.add(network.errorRate());
      }
      assertThat(rates).as(network.name()).isNotEmpty().allMatch(rate -> rate > 0.01 && rate < 1);
    }
  }
}
