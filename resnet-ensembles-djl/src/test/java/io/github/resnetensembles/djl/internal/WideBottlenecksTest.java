package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.training.LearningRate;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingResult;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * 1x1 convolutions between the numbers of channels that the later stages of ImageNet's ResNet-50
 * have: single precision against double, in which the engine computes them in another way.
 */
class WideBottlenecksTest {
  private static final int IMAGES = 3;
  private static final FeatureShape SHAPE = new FeatureShape(3, 5, 4);
  private static final Architecture NETWORK =
      Architecture.builder("wide bottlenecks")
          .input(new InputSpec(3, 5, 4, 0, List.of(0.5, 0.5, 0.5), List.of(0.2, 0.2, 0.2)))
          .stem(StemSpec.conv3x3(512))
          .blocks(
              List.of(
                  BlockSpec.of(BlockKind.BOTTLENECK, 1024, 2, Shortcut.PROJECTION),
                  BlockSpec.of(BlockKind.BOTTLENECK, 2048, 2, Shortcut.PROJECTION)))
          .head(HeadSpec.poolLinear(IMAGES))
          .build();
  private static final ImageSet SET = images();

  private static ImageSet images() {
    byte[] pixels = new byte[IMAGES * SHAPE.size()];
    new Random(7).nextBytes(pixels);
    return ImageSets.of(SHAPE, pixels, new int[] {0, 1, 2}, IMAGES);
  }

  private static ModelOptions options(Precision precision) {
    return ModelOptions.defaults().withDevice("cpu").withPrecision(precision).withThreads(1);
  }

  private static ResidualModel open(Precision precision) {
    return ResidualModel.open(
        Backends.load("djl"), Weights.initialised(NETWORK, 5), options(precision));
  }

  @Test
  void forward() {
    try (ResidualModel single = open(Precision.FLOAT32);
        ResidualModel wide = open(Precision.FLOAT64)) {
      double[][] logits = single.logits(SET.batch(IMAGES));
      double[][] expected = wide.logits(SET.batch(IMAGES));
      for (int n = 0; n < IMAGES; n++) {
        assertThat(logits[n]).containsExactly(expected[n], within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradients(BatchNormMode mode) {
    try (ResidualModel single = open(Precision.FLOAT32);
        ResidualModel wide = open(Precision.FLOAT64)) {
      var sums = single.gradients().exact().batchNorm(mode).run(SET.batch(IMAGES));
      var expected = wide.gradients().exact().batchNorm(mode).run(SET.batch(IMAGES));

      assertThat(expected.residual().getAsDouble()).isLessThan(1e-12);
      assertThat(sums.residual().getAsDouble()).isLessThan(1e-4);
      assertThat(sums.fullNorm() / expected.fullNorm()).isCloseTo(1, within(1e-3));
    }
  }

  @Test
  void training() {
    TrainingRecipe recipe =
        TrainingRecipe.quick().toBuilder()
            .batchSize(IMAGES)
            .epochs(2)
            .learningRate(LearningRate.constant(0.01))
            .build();
    List<Double> losses =
        List.of(Precision.FLOAT32, Precision.FLOAT64).stream()
            .map(
                precision -> {
                  TrainingResult result =
                      Training.of(NETWORK)
                          .recipe(recipe)
                          .backend(Backends.load("djl"))
                          .options(options(precision))
                          .run(SET, SET);
                  return result.last().trainingLoss();
                })
            .toList();

    assertThat(losses.get(0)).isCloseTo(losses.get(1), within(1e-3 * losses.get(1)));
  }
}
