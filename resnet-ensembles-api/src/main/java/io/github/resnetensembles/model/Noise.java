package io.github.resnetensembles.model;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.Generators;
import io.github.resnetensembles.internal.running.Pixels;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Wiring;
import io.github.resnetensembles.result.Fingerprint;
import io.github.resnetensembles.spi.Network;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;

/** Takes fingerprints. */
final class Noise {
  private Noise() {}

  /** Runs the noise images through the intact network, by the calls that studies use. */
  static Fingerprint fingerprint(Network network, Runnable check) {
    Architecture architecture = network.architecture();
    double[] logits =
        Steps.logits(
            network,
            Wiring.intact(architecture),
            Pixels.normalised(images(architecture.input()), architecture),
            Fingerprint.IMAGES,
            (step, y) -> check.run());
    return new Fingerprint(Arrays.stream(logits).boxed().toList());
  }

  private static ImageBatch images(InputSpec input) {
    FeatureShape shape = new FeatureShape(input.channels(), input.height(), input.width());
    float[] pixels = new float[Fingerprint.IMAGES * shape.size()];
    for (int n = 0; n < Fingerprint.IMAGES; n++) {
      UniformRandomProvider rng = Generators.named("fingerprint/" + n);
      for (int i = n * shape.size(); i < (n + 1) * shape.size(); i++) {
        pixels[i] = rng.nextInt(256) / 255f;
      }
    }
    return ImageSets.batch(shape, pixels, new int[Fingerprint.IMAGES], 0);
  }
}
