package io.github.resnetensembles.training;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.Generators;
import org.apache.commons.rng.UniformRandomProvider;

/** Mirrors and crops images, each as its own generator says. */
final class Augmenter {
  private static final String KIND = "augmentation";

  private final Augmentation augmentation;
  private final long seed;

  Augmenter(Augmentation augmentation, long seed) {
    this.augmentation = augmentation;
    this.seed = seed;
  }

  /** Writes one image, changed as (seed, epoch, record) say, to its place in a batch. */
  void write(float[] image, FeatureShape shape, int epoch, int record, float[] batch, int at) {
    int padding = augmentation.cropPadding();
    UniformRandomProvider generator = Generators.of(seed, KIND, epoch, record);
    boolean mirrored = generator.nextBoolean() && augmentation.flip();
    int down = generator.nextInt(2 * padding + 1) - padding;
    int right = generator.nextInt(2 * padding + 1) - padding;
    int height = shape.height();
    int width = shape.width();
    int to = at;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < height; y++) {
        int row = (c * height + y + down) * width;
        boolean inside = y + down >= 0 && y + down < height;
        for (int x = 0; x < width; x++) {
          int column = x + right;
          if (inside && column >= 0 && column < width) {
            batch[to] = image[row + (mirrored ? width - 1 - column : column)];
          }
          to++;
        }
      }
    }
  }
}
