package io.github.resnetensembles.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.lesion.Rows;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingWiring;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class NetworkResultsTest {
  private static NetworkResults trained(TrainingWiring wiring) {
    Architecture scaled =
        Architecture.resnet(8).toBuilder().mapBlocks(block -> block.withGain(0.5)).build();
    return new NetworkResults(
        "network",
        List.of(
            new TrainingHistory(
                TrainingRecipe.quick().toBuilder().wiring(wiring).build(),
                List.of(
                    EpochRecord.builder(1, 1)
                        .learningRate(0.1)
                        .trainingLoss(1)
                        .trainingErrorRate(0.5)
                        .total(2)
                        .wrong(1)
                        .loss(OptionalDouble.of(1))
                        .build()),
                "images",
                "e".repeat(64),
                Rows.report(scaled, 2, Rows.bits(), List.of()).provenance())));
  }

  /** Both have test-time gains; the recipe tells which they are. */
  @Test
  void effectivePathsAreNoStochasticDepth() {
    NetworkResults kept = trained(TrainingWiring.exactly(2));
    NetworkResults all = trained(TrainingWiring.allBlocks());

    assertThat(kept.effectivePaths()).isTrue();
    assertThat(kept.stochasticDepth()).isFalse();
    assertThat(all.effectivePaths()).isFalse();
    assertThat(all.stochasticDepth()).isTrue();
  }
}
