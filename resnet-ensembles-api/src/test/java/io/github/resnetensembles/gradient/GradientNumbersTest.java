package io.github.resnetensembles.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.Precision;
import io.github.resnetensembles.gradient.BatchGradients.PathSample;
import io.github.resnetensembles.gradient.BatchGradients.PathSum;
import io.github.resnetensembles.gradient.BatchGradients.SignSum;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.result.Provenance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed from the numbers of batches, on batches made by hand. */
class GradientNumbersTest {
  /** Of a network of 5 blocks: 1, 5, 10, 10, 5 and 1 paths. */
  private static PathGradients of(BatchGradients... batches) {
    return of(network(5), batches);
  }

  private static PathGradients of(Architecture architecture, BatchGradients... batches) {
    return new PathGradients(
        Lesion.intact(),
        GradientProtocol.defaults(),
        IntStream.range(0, batches.length).mapToObj(i -> from(i, batches[i])).toList(),
        0,
        batches.length,
        0,
        new GradientCost(1, 1, 1, 1, 1),
        Provenance.builder("a".repeat(64), architecture, "b".repeat(64), "made by hand")
            .precision(Precision.FLOAT64)
            .build());
  }

  private static BatchGradients from(int record, BatchGradients batch) {
    return batch.toBuilder().firstRecord(record).build();
  }

  private static Architecture network(int blocks) {
    return Architecture.builder("network-" + blocks)
        .blocks(
            Collections.nCopies(blocks, BlockSpec.of(BlockKind.BASIC, 16, 1, Shortcut.IDENTITY)))
        .build();
  }

  private static BatchGradients sums(double residual, double... norms) {
    List<PathSum> sums = new ArrayList<>();
    for (int k = 0; k < norms.length; k++) {
      sums.add(new PathSum(k, norms[k], norms[k], norms[k]));
    }
    return batch().residual(residual).reaching(List.of(2.0, 6.0)).sums(sums).build();
  }

  private static BatchGradients samples(PathSample... samples) {
    return batch().reaching(List.of(4.0, 1.0)).samples(List.of(samples)).build();
  }

  private static BatchGradients.Builder batch() {
    return BatchGradients.builder(0, 1, 1, 1);
  }

  private static BatchGradients path(double norm) {
    return batch().pathNorm(norm).build();
  }

  @Test
  void theWorstBatchIsTheResidual() {
    assertThat(of(sums(1e-5, 1), sums(4e-5, 1), sums(2e-5, 1)).residual()).hasValue(4e-5);
    assertThat(of(sums(1e-5, 1), sums(Double.NaN, 1)).residual().orElseThrow()).isNaN();
    assertThat(of(sums(Double.NaN, 1), sums(1e-5, 1)).residual().orElseThrow()).isNaN();
  }

  @Test
  void whatReachesAStepIsTheMeanOverBatches() {
    assertThat(of(sums(0, 1), samples()).reaching()).containsExactly(3.0, 3.5);
  }

  @Test
  void oneBatchOfSampledPathsHasStudentsInterval() {
    PathGradients gradients =
        of(samples(new PathSample(1, 4, 0.5, 0.1, 0.5), new PathSample(2, 4, 0.2, 0.05, 0.2)));
    double t = TDistribution.of(3).inverseCumulativeProbability(0.975);

    LengthGradient row = gradients.lengths().get(1);
    assertThat(row.interval().orElseThrow().low()).isCloseTo(0.2 - 0.05 * t, within(1e-12));
    assertThat(row.interval().orElseThrow().high()).isCloseTo(0.2 + 0.05 * t, within(1e-12));
  }

  /** Of 1200 blocks, C(1200, 600) is far above what a double holds. */
  @Test
  void weightsOfCountlessPathsAreFinite() {
    Architecture deep = network(1200);
    double[] counts = {600 / 601.0, 1, 600 / 601.0};
    double[] norms = {0.5, 1, 2};
    List<PathSample> samples = new ArrayList<>();
    double total = 0;
    for (int i = 0; i < 3; i++) {
      samples.add(new PathSample(599 + i, 2, norms[i], 0.1, norms[i]));
      total += counts[i] * norms[i];
    }
    List<LengthGradient> rows = of(deep, samples(samples.toArray(new PathSample[0]))).lengths();

    for (int i = 0; i < 3; i++) {
      assertThat(rows.get(i).weight()).isCloseTo(counts[i] * norms[i] / total, within(1e-9));
    }
  }

  /** Exact sums of paths that are alike: a path of length k has the norm exp(1 - k / 2). */
  @Test
  void sumsDecayByTheNormOfOnePath() {
    int[] paths = {1, 5, 10, 10, 5, 1};
    double[] norms = new double[6];
    for (int k = 0; k < 6; k++) {
      norms[k] = paths[k] * Math.exp(1 - 0.5 * k);
    }

    assertThat(of(sums(0, norms)).decay().orElseThrow().slope()).isCloseTo(-0.5, within(1e-12));
    assertThat(of(sums(0, norms)).decay().orElseThrow().r2()).isCloseTo(1, within(1e-12));
  }

  /** (0, 0), (1, -1), (2, -1): the slope -1/2, and 3/4 of the variance. */
  @Test
  void decayIsALeastSquaresLine() {
    PathGradients gradients =
        of(
            samples(
                new PathSample(0, 2, 1, 0, 1),
                new PathSample(1, 2, Math.exp(-1), 0, 1),
                new PathSample(2, 2, Math.exp(-1), 0, 1)));

    assertThat(gradients.decay().orElseThrow().slope()).isCloseTo(-0.5, within(1e-12));
    assertThat(gradients.decay().orElseThrow().r2()).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void aLineNeedsTwoLengths() {
    PathSample one = new PathSample(0, 2, 1, 0, 1);
    PathSample none = new PathSample(1, 2, 0, 0, 0);

    assertThat(of(samples(one, none)).decay()).isEmpty();
    assertThat(of(samples(one, none, new PathSample(2, 2, 0.5, 0, 0.5))).decay().orElseThrow())
        .satisfies(decay -> assertThat(decay.slope()).isCloseTo(Math.log(0.5) / 2, within(1e-12)));
  }

  /** The root of the mean square over the paths, of the two batches' squares together. */
  @Test
  void signsGiveTheNormOfOnePath() {
    BatchGradients first =
        batch()
            .residual(0)
            .sums(List.of(new PathSum(2, 3, 1, 3)))
            .signSums(List.of(new SignSum(2, 30, 1)))
            .build();
    BatchGradients second =
        batch()
            .residual(0)
            .sums(List.of(new PathSum(2, 6, 1, 6)))
            .signSums(List.of(new SignSum(2, 50, 1)))
            .build();

    LengthGradient row = of(first, second).lengths().get(0);
    assertThat(row.paths()).isEqualTo(10);
    assertThat(row.rmsPathNorm().orElseThrow()).isCloseTo(2, within(1e-12));
    assertThat(row.cancellation().orElseThrow())
        .isCloseTo((9 / 30.0 + 36 / 50.0) / 2, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 3, 3", "0.75, 2, 3", "0.95, 1, 3", "1, 0, 3"})
  void effectiveLengthsAreTheShortest(double mass, int from, int to) {
    EffectiveLengths found = of(sums(0, 0.05, 0.2, 0.25, 0.5)).effectiveLengths(mass);

    assertThat(List.of(found.from(), found.to())).containsExactly(from, to);
  }

  /** Every two neighbours carry 0.3 or 0.4; of equals the first is taken. */
  @Test
  void ofTheShortestTheHeaviestIsTaken() {
    EffectiveLengths found = of(sums(0, 0.1, 0.2, 0.2, 0.1, 0.2, 0.2)).effectiveLengths(0.3);

    assertThat(List.of(found.from(), found.to())).containsExactly(1, 2);
    assertThat(found.mass()).isCloseTo(0.4, within(1e-12));
    assertThat(found.pathShare()).isEqualTo(15 / 32.0);
  }

  /** Half the interval of Student's t, of 1, 2 and 3, is 2.484; the mean is 2. */
  @Test
  void precisionIsHalfTheIntervalToItsMean() {
    double relative = TDistribution.of(2).inverseCumulativeProbability(0.975) / Math.sqrt(3) / 2;
    PathGradients paths = of(path(1), path(2), path(3));

    assertThat(GradientSummaries.preciseEnough(paths, relative * 1.001)).isTrue();
    assertThat(GradientSummaries.preciseEnough(paths, relative * 0.999)).isFalse();
    assertThat(GradientSummaries.preciseEnough(of(path(2), path(2)), 1)).isFalse();
  }

  /** The first length varies and carries 1 part in 2000; the second is the same in all batches. */
  @Test
  void lengthsThatCarryNothingNeedNoPrecision() {
    PathGradients negligible = of(sums(0, 0, 3), sums(0, 0.0015, 3), sums(0, 0.003, 3));
    PathGradients small = of(sums(0, 0, 3), sums(0, 0.005, 3), sums(0, 0.01, 3));

    assertThat(GradientSummaries.preciseEnough(negligible, 0.1)).isTrue();
    assertThat(GradientSummaries.preciseEnough(small, 0.1)).isFalse();
  }

  @Test
  void thePathsNormIsTheMeanOverBatches() {
    assertThat(of(path(1), path(4)).pathNorm()).hasValue(2.5);
  }

  @Test
  void theLossIsTheMeanOverAllImages() {
    assertThat(of(withLoss(1), withLoss(4), withLoss(7)).loss()).isEqualTo(4);
  }

  private static BatchGradients withLoss(double loss) {
    return BatchGradients.builder(0, 1, loss, 1)
        .residual(0)
        .reaching(List.of(2.0, 6.0))
        .sums(List.of(new PathSum(0, 1, 1, 1)))
        .build();
  }
}
