package io.github.resnetensembles.run;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.testkit.TinyNetworks;
import java.util.Random;

/** Studies of a tiny network: deletions of each block and of random ones, on 30 images. */
final class TinyStudies {
  static final Architecture NETWORK = TinyNetworks.postActivation();

  private TinyStudies() {}

  static ImageSet images() {
    FeatureShape shape =
        new FeatureShape(
            NETWORK.input().channels(), NETWORK.input().height(), NETWORK.input().width());
    Random random = new Random(1);
    byte[] pixels = new byte[30 * shape.size()];
    random.nextBytes(pixels);
    return ImageSets.of(shape, pixels, random.ints(30, 0, 3).toArray(), 3);
  }

  static ResidualModel model() {
    return model(5);
  }

  static ResidualModel model(long seed) {
    return ResidualModel.open(
        new ReferenceBackend(),
        new RandomWeights(NETWORK, seed),
        ModelOptions.defaults().withThreads(1));
  }

  static LesionStudy study(ResidualModel model) {
    return model
        .lesions()
        .deleteEachBlock()
        .deleteRandom(1, 2)
        .draws(2)
        .options(RunOptions.defaults().withBatchSize(4));
  }
}
