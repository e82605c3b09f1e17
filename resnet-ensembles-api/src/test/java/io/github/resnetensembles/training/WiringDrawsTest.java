package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.testkit.LinearNetworks;
import io.github.resnetensembles.training.TrainingWiring.DrawFor;
import io.github.resnetensembles.training.TrainingWiring.KeptScaling;
import io.github.resnetensembles.training.TrainingWiring.SurvivalCurve;
import io.github.resnetensembles.training.TrainingWiring.SurvivalScaling;
import io.github.resnetensembles.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WiringDrawsTest {
  private static final Architecture NETWORK = Architecture.preResnet(110);

  /** The 99.9 % quantile of chi-square with 54 degrees of freedom. */
  private static final double CHI_SQUARE_54 = 91.9;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void survivalFrequenciesAreThoseAskedFor(long seed) {
    TrainingWiring wiring = TrainingWiring.stochasticDepth(0.5);
    int draws = 4000;
    double[] kept = new double[54];
    for (int step = 0; step < draws; step++) {
      for (TrainedBlock block : WiringDraws.draw(wiring, NETWORK, seed, step, 128)) {
        kept[block.number() - 1] += block.dropped() ? 0 : 1;
        assertThat(block.branchGains()).hasSize(1);
        assertThat(block.skipGains()).containsExactly(1);
      }
    }
    double chiSquare = 0;
    List<Double> survival = wiring.survivalProbabilities(NETWORK);
    assertThat(survival.get(0)).isCloseTo(1 - 0.5 / 54, within(1e-12));
    assertThat(survival.get(53)).isEqualTo(0.5);
    for (int i = 0; i < 54; i++) {
      double p = survival.get(i);
      double difference = kept[i] - draws * p;
      chiSquare += difference * difference / (draws * p * (1 - p));
    }
    assertThat(chiSquare).isLessThan(CHI_SQUARE_54);
  }

  @Test
  void eachImageHasItsOwnCoins() {
    TrainingWiring wiring =
        TrainingWiring.stochasticDepth(0.5)
            .withCurve(SurvivalCurve.UNIFORM)
            .withDrawFor(DrawFor.IMAGE)
            .withScaling(SurvivalScaling.IN_TRAINING);
    List<TrainedBlock> blocks = WiringDraws.draw(wiring, NETWORK, 0, 0, 1000);
    for (TrainedBlock block : blocks) {
      assertThat(block.branchGains()).hasSize(1000).containsOnly(0, 2);
      assertThat(Arrays.stream(block.branchGains()).average().orElseThrow())
          .isCloseTo(1, within(0.15));
    }
    assertThat(wiring.trainedArchitecture(NETWORK)).isEqualTo(NETWORK);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 23, 54})
  void exactlySoManyAreKept(int kept) {
    TrainingWiring.ExactlyKept wiring =
        TrainingWiring.exactly(kept).withAlways(Exclusion.transitions());
    double[] counts = new double[54];
    for (int step = 0; step < 2000; step++) {
      List<TrainedBlock> blocks = WiringDraws.draw(wiring, NETWORK, 5, step, 128);
      assertThat(blocks).filteredOn(block -> !block.dropped()).hasSize(kept);
      assertThat(blocks.get(18).dropped()).isFalse();
      assertThat(blocks.get(36).dropped()).isFalse();
      blocks.forEach(block -> counts[block.number() - 1] += block.dropped() ? 0 : 1);
    }
    double share = (kept - 2) / 52.0;
    assertThat(counts[4] / 2000).isCloseTo(share, within(0.05));
    assertThat(wiring.survivalProbabilities(NETWORK).get(4)).isEqualTo(share);
    assertThat(wiring.withScaling(KeptScaling.KEPT_SHARE).trainedArchitecture(NETWORK).blockSpecs())
        .extracting(BlockSpec::gain)
        .contains(share, 1.0);
    assertThat(wiring.trainedArchitecture(NETWORK)).isEqualTo(NETWORK);
  }

  @Test
  void moreThanThereAreIsRefused() {
    assertThatThrownBy(() -> TrainingWiring.exactly(55).trainedArchitecture(NETWORK))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("54");
    assertThatThrownBy(
            () ->
                TrainingWiring.exactly(1)
                    .withAlways(Exclusion.transitions())
                    .trainedArchitecture(NETWORK))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("2 to 54");
  }

  @Test
  void droppedPlainBlockBecomesItsStandIn() {
    List<TrainedBlock> blocks =
        WiringDraws.draw(
            TrainingWiring.stochasticDepth(0.5)
                .withCurve(SurvivalCurve.UNIFORM)
                .withDrawFor(DrawFor.IMAGE),
            Architecture.plain(20),
            0,
            0,
            16);
    for (TrainedBlock block : blocks) {
      for (int n = 0; n < 16; n++) {
        assertThat(block.skipGains()[n] + block.branchGains()[n]).isEqualTo(1);
      }
    }
  }

  /** The mean over all wirings, weighted by their probabilities, against the scaled network. */
  @ParameterizedTest
  @EnumSource(SurvivalScaling.class)
  void scalingKeepsTheExpectedOutputOfALinearNetwork(SurvivalScaling scaling) {
    Weights weights = LinearNetworks.preActivation(3);
    TrainingWiring wiring = TrainingWiring.stochasticDepth(0.4).withScaling(scaling);
    List<Double> survival = wiring.survivalProbabilities(weights.architecture());
    Weights trained =
        Snapshots.of(
            wiring.trainedArchitecture(weights.architecture()),
            doubles(weights),
            io.github.resnetensembles.Precision.FLOAT64,
            true,
            "test",
            IllegalStateException::new);
    double[] mean = new double[3];
    try (ResidualModel model = ResidualModel.open(new ReferenceBackend(), weights);
        ResidualModel scaled = ResidualModel.open(new ReferenceBackend(), trained)) {
      for (int kept = 0; kept < 8; kept++) {
        int set = kept;
        double probability = 1;
        Lesion lesion = Lesion.intact();
        for (int block = 1; block <= 3; block++) {
          double p = survival.get(block - 1);
          boolean survives = (set >> (block - 1) & 1) == 1;
          probability *= survives ? p : 1 - p;
          double gain = !survives ? 0 : scaling == SurvivalScaling.IN_TRAINING ? 1 / p : 1;
          lesion = lesion.then(Lesion.scale(block, gain));
        }
        double[] logits = model.withLesion(lesion).logits(LinearNetworks.images().batch(1))[0];
        for (int c = 0; c < 3; c++) {
          mean[c] += probability * logits[c];
        }
      }
      double[] expected = scaled.logits(LinearNetworks.images().batch(1))[0];
      IntStream.range(0, 3).forEach(c -> assertThat(mean[c]).isCloseTo(expected[c], within(1e-6)));
    }
  }

  private static java.util.Map<String, double[]> doubles(Weights weights) {
    java.util.Map<String, double[]> values = new java.util.LinkedHashMap<>();
    weights.tensors().forEach((name, tensor) -> values.put(name, tensor.doubles()));
    return values;
  }
}
