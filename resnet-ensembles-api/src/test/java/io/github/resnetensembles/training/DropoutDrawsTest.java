package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.testkit.TinyNetworks;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DropoutDrawsTest {
  private static final Architecture NETWORK = TinyNetworks.dropout();

  /** The probabilities of the network's layers, and how many values of an image enter each. */
  private static final double[] PROBABILITIES = {0.25, 0.2, 0.5};

  private static final int[] SIZES = {64, 64, 8};

  @Test
  void dropsWithTheProbabilityAndScalesTheRest() {
    int images = 2000;
    double[][] drawn = DropoutDraws.draw(NETWORK, 1, 0, images);
    assertThat(drawn.length).isEqualTo(3);
    for (int layer = 0; layer < 3; layer++) {
      double p = PROBABILITIES[layer];
      double[] factors = drawn[layer];
      assertThat(factors).hasSize(images * SIZES[layer]);
      assertThat(factors).containsOnly(0, 1 / (1 - p));
      double share = Arrays.stream(factors).filter(f -> f == 0).count() / (double) factors.length;
      double deviation = Math.sqrt(p * (1 - p) / factors.length);
      assertThat(share).isCloseTo(p, within(4 * deviation));
    }
  }

  @Test
  void isAFunctionOfSeedStepLayerImageAndValue() {
    double[][] drawn = DropoutDraws.draw(NETWORK, 1, 5, 10);
    assertThat(DropoutDraws.draw(NETWORK, 1, 5, 10)).isDeepEqualTo(drawn);
    double[][] fewer = DropoutDraws.draw(NETWORK, 1, 5, 4);
    for (int layer = 0; layer < 3; layer++) {
      double[] first = Arrays.copyOf(drawn[layer], 4 * SIZES[layer]);
      assertThat(fewer[layer]).containsExactly(first);
      assertThat(DropoutDraws.draw(NETWORK, 2, 5, 10)[layer]).isNotEqualTo(drawn[layer]);
      assertThat(DropoutDraws.draw(NETWORK, 1, 6, 10)[layer]).isNotEqualTo(drawn[layer]);
      double[] second = Arrays.copyOfRange(drawn[layer], SIZES[layer], 2 * SIZES[layer]);
      assertThat(second).isNotEqualTo(Arrays.copyOf(drawn[layer], SIZES[layer]));
    }
    // Of layers with equally many values, too.
    assertThat(Arrays.stream(drawn[0]).map(Math::signum).toArray())
        .isNotEqualTo(Arrays.stream(drawn[1]).map(Math::signum).toArray());
  }

  @Test
  void aHeadWithoutDropoutHasNone() {
    assertThat(DropoutDraws.draw(TinyNetworks.postActivation(), 1, 0, 10)).isEmpty();
  }
}
