package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sum of all paths of a length, one by one, is what one sweep gives for that length. */
class BruteForcePathsTest {
  private static final int[] LABELS = {1, 0};

  @ParameterizedTest
  @CsvSource({
    "BASIC, ZERO_PAD_EVEN, 10, EVAL",
    "BASIC, ZERO_PAD_END, 8, TRAIN",
    "BASIC, PROJECTION, 8, EVAL",
    "BOTTLENECK, PROJECTION, 6, EVAL",
    "PRE_BASIC, ZERO_PAD_EVEN, 10, EVAL",
    "PRE_BASIC, PROJECTION, 8, TRAIN",
    "PRE_BOTTLENECK, PROJECTION, 6, EVAL",
    "CONV, ZERO_PAD_EVEN, 6, EVAL",
  })
  void sumsOfAllPaths(BlockKind kind, Shortcut shortcut, int n, BatchNormMode mode) {
    Architecture architecture = architecture(kind, shortcut, n);
    try (Network network = SampleNetworks.open(architecture, Precision.FLOAT64);
        PathSums paths =
            new PathSums(
                network, SampleNetworks.pixels(architecture, LABELS.length, 3), LABELS, mode)) {
      List<double[]> byLength = new ArrayList<>();
      for (int k = 0; k <= n; k++) {
        byLength.add(new double[LABELS.length * architecture.stemOutput().size()]);
      }
      for (int path = 0; path < 1 << n; path++) {
        List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          if ((path >> i & 1) == 1) {
            blocks.add(i + 1);
          }
        }
        try (Activation gradient = paths.path(blocks)) {
          add(byLength.get(blocks.size()), gradient.values());
        }
      }
      List<Activation> sums = paths.sums();
      assertThat(sums).hasSize(n + 1);
      double[] total = new double[byLength.get(0).length];
      int zero = 0;
      for (int k = 0; k <= n; k++) {
        double[] expected = byLength.get(k);
        double scale = StepParityTest.maxAbs(expected);
        assertThat(StepParityTest.maxDifference(sums.get(k).values(), expected))
            .as("length %s", k)
            .isLessThanOrEqualTo(1e-11 * scale);
        add(total, expected);
        zero += scale == 0 ? 1 : 0;
      }
      assertThat(zero).as("lengths without any path").isEqualTo(2);
      double[] full = paths.full().values();
      assertThat(StepParityTest.maxDifference(full, total))
          .isLessThan(1e-12 * StepParityTest.maxAbs(full));
    }
  }

  private static void add(double[] sum, double[] values) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[i];
    }
  }

  /** The third and the fourth block are plain, so no path is shorter than two. */
  private static Architecture architecture(BlockKind kind, Shortcut shortcut, int n) {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int i = 1; i <= n; i++) {
      BlockSpec.Layered block =
          i == 2 || i == 5
              ? BlockSpec.of(kind, i == 2 ? 16 : 24, 2, shortcut)
              : BlockSpec.of(kind, i == 1 ? 8 : i < 5 ? 16 : 24, 1, Shortcut.IDENTITY);
      blocks.add(block.withPlain(i == 3 || i == 4).withGain(i == 1 ? 0.5 : 1));
    }
    boolean pre = kind.preActivation();
    return Architecture.builder("brute " + kind)
        .input(new InputSpec(3, 6, 6, 0, List.of(0.5, 0.5, 0.5), List.of(0.2, 0.2, 0.2)))
        .stem(StemSpec.conv3x3(8))
        .blocks(blocks)
        .head(pre ? HeadSpec.normPoolLinear(3) : HeadSpec.poolLinear(3))
        .build();
  }
}
