package io.github.resnetensembles.training;

import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/** Draws what each mini-batch drops in the head. */
final class DropoutDraws {
  private static final String KIND = "dropout";

  private DropoutDraws() {}

  /**
   * The factors of each dropout layer of the head, 0 or 1 / (1 - p), image after image: those of an
   * image do not depend on how many come after it. {@code step} counts from 0 over the whole
   * training.
   */
  static double[][] draw(Architecture architecture, long seed, long step, int images) {
    List<PlacedLayer> head = architecture.headLayers();
    List<double[]> factors = new ArrayList<>();
    for (int place = 0; place < head.size(); place++) {
      if (head.get(place).layer() instanceof Layer.Dropout dropout) {
        UniformRandomProvider generator = Generators.of(seed, KIND, place, Math.toIntExact(step));
        double probability = dropout.probability();
        double[] drawn = new double[Math.multiplyExact(images, head.get(place).input().size())];
        Arrays.setAll(drawn, i -> generator.nextDouble() < probability ? 0 : 1 / (1 - probability));
        factors.add(drawn);
      }
    }
    return factors.toArray(double[][]::new);
  }
}
