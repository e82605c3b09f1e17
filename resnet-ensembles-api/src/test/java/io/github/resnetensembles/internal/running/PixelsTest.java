package io.github.resnetensembles.internal.running;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelsTest {
  /** Padding stands for black pixels, which normalisation moves too. */
  @Test
  void paddingIsNormalisedBlack() {
    Architecture padded =
        Architecture.builder("padded")
            .input(new InputSpec(3, 1, 2, 1, List.of(0.5, 0.25, 0.5), List.of(0.25, 0.5, 0.5)))
            .stem(StemSpec.conv3x3(2))
            .blocks(List.of(BlockSpec.of(BlockKind.BASIC, 2, 1, Shortcut.IDENTITY)))
            .classes(2)
            .build();
    ImageBatch batch =
        ImageSets.batch(
            new FeatureShape(3, 1, 2), new float[] {0, 1, 0.5f, 0.75f, 0.5f, 1}, new int[1], 0);
    assertThat(Pixels.normalised(batch, padded))
        .containsExactly(
            -2, -2, -2, -2, -2, -2, 2, -2, -2, -2, -2, -2, // mean 0.5, deviation 0.25
            -0.5f, -0.5f, -0.5f, -0.5f, -0.5f, 0.5f, 1, -0.5f, -0.5f, -0.5f, -0.5f,
            -0.5f, // 0.25, 0.5
            -1, -1, -1, -1, -1, 0, 1, -1, -1, -1, -1, -1); // 0.5, 0.5
  }
}
