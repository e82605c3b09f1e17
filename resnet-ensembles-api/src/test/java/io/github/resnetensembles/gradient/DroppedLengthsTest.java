package io.github.resnetensembles.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StepTrace;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which lengths a tolerance drops, against a sweep that does nothing else. */
class DroppedLengthsTest {
  private static final int BLOCKS = 6;
  private static final int IMAGES = 2;

  private static final Architecture NETWORK =
      Architecture.builder("dropped")
          .input(
              new InputSpec(3, 4, 4, 0, Collections.nCopies(3, 0.0), Collections.nCopies(3, 1.0)))
          .stem(StemSpec.conv3x3(3))
          .blocks(
              Collections.nCopies(
                  BLOCKS, BlockSpec.of(BlockKind.BASIC, 3, 1, Shortcut.IDENTITY).withGain(0.5)))
          .classes(3)
          .build();

  private static final ModelOptions OPTIONS = new ModelOptions("cpu", Precision.FLOAT64, 1);

  private static ImageBatch images() {
    byte[] pixels = new byte[IMAGES * 3 * 4 * 4];
    new Random(2).nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 4, 4), pixels, new int[] {0, 2}, 3).batch(IMAGES);
  }

  @Test
  void longestLengthsBelowTheToleranceAreDroppedForGood() {
    RandomWeights weights = new RandomWeights(NETWORK, 5);
    Set<Integer> kept = new HashSet<>();
    try (ResidualModel model = ResidualModel.open(new ReferenceBackend(), weights, OPTIONS);
        Network network = new ReferenceBackend().network(weights, OPTIONS)) {
      for (double tolerance : new double[] {1e-6, 0.003, 0.01, 0.03, 0.1, 0.3}) {
        List<Double> expected = sweep(network, tolerance);
        List<LengthGradient> lengths =
            model.gradients().exact().tolerance(tolerance).run(images()).lengths();

        assertThat(lengths).as("tolerance %s", tolerance).hasSameSizeAs(expected);
        for (int k = 0; k < expected.size(); k++) {
          assertThat(lengths.get(k).pathSumNorm().orElseThrow())
              .as("tolerance %s, length %s", tolerance, k)
              .isCloseTo(expected.get(k), within(1e-9 * expected.get(k)));
        }
        kept.add(expected.size());
      }
    }
    assertThat(kept).as("different numbers of lengths").hasSizeGreaterThan(3).contains(BLOCKS + 1);
  }

  /** The norms at y_0 by length. */
  private static List<Double> sweep(Network network, double tolerance) {
    Differentiation derivatives = network.differentiation().orElseThrow();
    ImageBatch batch = images();
    List<StepTrace> traces = new ArrayList<>();
    Activation y = derivatives.stem(batch.pixels(), IMAGES, BatchNormMode.EVAL).output();
    for (int block = 1; block <= BLOCKS; block++) {
      traces.add(derivatives.step(block, 1, 0.5, y, BatchNormMode.EVAL));
      y = traces.get(block - 1).output();
    }
    try (HeadTrace head = derivatives.head(y, batch.labels(), BatchNormMode.EVAL)) {
      Activation full = head.gradient();
      List<Activation> sums = List.of(full);
      int longest = BLOCKS;
      for (int block = BLOCKS; block >= 1; block--) {
        List<Cotangents> pairs = new ArrayList<>();
        for (int k = 0; k <= Math.min(sums.size(), longest); k++) {
          pairs.add(
              new Cotangents(
                  k < sums.size() ? sums.get(k) : null, 1, k > 0 ? sums.get(k - 1) : null, 0.5));
        }
        StepTrace trace = traces.get(block - 1);
        full = trace.pullBack(List.of(new Cotangents(full, 1, full, 0.5))).get(0);
        sums = new ArrayList<>(trace.pullBack(pairs));
        while (sums.size() > 1
            && norm(derivatives, sums.get(sums.size() - 1)) < tolerance * norm(derivatives, full)) {
          sums.remove(sums.size() - 1);
          longest = sums.size() - 1;
        }
      }
      return sums.stream().map(sum -> norm(derivatives, sum)).toList();
    }
  }

  private static double norm(Differentiation derivatives, Activation v) {
    return Math.sqrt(Arrays.stream(derivatives.dots(v, v)).sum());
  }
}
