package io.github.resnetensembles.model;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.testkit.RandomWeights;
import java.util.Collections;
import java.util.Random;

/** A network of four blocks that tells twelve classes apart, tiny enough for plain Java. */
final class TwelveClasses {
  static final Architecture NETWORK =
      Architecture.builder("twelve")
          .input(
              new InputSpec(3, 4, 4, 0, Collections.nCopies(3, 0.5), Collections.nCopies(3, 0.25)))
          .stem(StemSpec.conv3x3(4))
          .blocks(Collections.nCopies(4, BlockSpec.of(BlockKind.BASIC, 4, 1, Shortcut.IDENTITY)))
          .classes(12)
          .build();

  static final ImageSet IMAGES = images(40);

  private TwelveClasses() {}

  private static ImageSet images(int count) {
    Random random = new Random(3);
    FeatureShape shape = new FeatureShape(3, 4, 4);
    byte[] pixels = new byte[count * shape.size()];
    random.nextBytes(pixels);
    return ImageSets.of(shape, pixels, random.ints(count, 0, 12).toArray(), 12);
  }

  static ResidualModel open() {
    return ResidualModel.of(
        new ReferenceBackend()
            .network(new RandomWeights(NETWORK, 5), ModelOptions.defaults().withThreads(2)));
  }
}
