package io.github.resnetensembles.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.gradient.BatchGradients.PathSample;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.path.ResidualPath;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Samples of paths: errors are of what was not measured. */
class SampledPathsTest {
  private static final int BLOCKS = 4;

  private static final Architecture NETWORK =
      Architecture.builder("sampled")
          .input(
              new InputSpec(3, 4, 4, 0, Collections.nCopies(3, 0.0), Collections.nCopies(3, 1.0)))
          .stem(StemSpec.conv3x3(3))
          .blocks(
              Collections.nCopies(BLOCKS, BlockSpec.of(BlockKind.BASIC, 3, 1, Shortcut.IDENTITY)))
          .classes(3)
          .build();

  /** Of the 1, 4, 6, 4 and 1 paths, four of a length are all but those of length 2. */
  @Test
  void onlyLengthsWithPathsLeftHaveAnError() {
    byte[] pixels = new byte[2 * 3 * 4 * 4];
    new Random(2).nextBytes(pixels);
    ImageBatch batch =
        ImageSets.of(new FeatureShape(3, 4, 4), pixels, new int[] {0, 2}, 3).batch(2);
    try (ResidualModel model =
        ResidualModel.open(new ReferenceBackend(), new RandomWeights(NETWORK, 5))) {
      List<PathSample> samples = model.gradients().sampled(4).run(batch).batches().get(0).samples();

      assertThat(samples).hasSize(BLOCKS + 1);
      for (PathSample sample : samples) {
        double[] all =
            model.paths().ofLength(sample.length()).stream()
                .mapToDouble(path -> norm(model, batch, path))
                .toArray();
        if (sample.length() == 2) {
          assertThat(sample.paths()).isEqualTo(4);
          assertThat(sample.standardError()).isPositive();
        } else {
          assertThat(sample.paths()).isEqualTo(all.length);
          assertThat(sample.meanNorm())
              .isCloseTo(Arrays.stream(all).average().orElseThrow(), within(1e-9));
          assertThat(sample.standardError()).as("length %s", sample.length()).isZero();
        }
      }
    }
  }

  private static double norm(ResidualModel model, ImageBatch batch, ResidualPath path) {
    return model.gradients().path(path).run(batch).pathNorm().orElseThrow();
  }
}
