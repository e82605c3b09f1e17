package io.github.resnetensembles.testkit;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.weights.Weights;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Networks whose ReLUs all pass their input on, so that they are affine functions. */
public final class LinearNetworks {
  private LinearNetworks() {}

  /**
   * Pre-activation blocks whose BatchNorms shift everything far above 0, near which their small
   * convolutions stay.
   *
   * @param blocks how many
   * @return the weights
   */
  public static Weights preActivation(int blocks) {
    Architecture architecture =
        Architecture.builder("linear")
            .input(
                new InputSpec(3, 6, 6, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.5)))
            .stem(StemSpec.conv3x3(4))
            .blocks(
                Collections.nCopies(
                    blocks, BlockSpec.of(BlockKind.PRE_BASIC, 4, 1, Shortcut.IDENTITY)))
            .head(HeadSpec.normPoolLinear(3))
            .build();
    Weights random = new RandomWeights(architecture, 11);
    Map<String, double[]> changed = new LinkedHashMap<>();
    random
        .tensors()
        .forEach(
            (name, tensor) -> {
              double[] values = tensor.doubles();
              if (name.contains("bn") && name.endsWith(".bias")) {
                Arrays.setAll(values, i -> values[i] + 100);
              } else if (name.contains(".conv")) {
                Arrays.setAll(values, i -> values[i] / 20);
              }
              changed.put(name, values);
            });
    return new ShiftedWeights(random, changed);
  }

  /** {@return two images that fit} */
  public static ImageSet images() {
    byte[] pixels = new byte[2 * 3 * 36];
    new Random(4).nextBytes(pixels);
    return ImageSets.of(new FeatureShape(3, 6, 6), pixels, new int[] {0, 1}, 3);
  }
}
