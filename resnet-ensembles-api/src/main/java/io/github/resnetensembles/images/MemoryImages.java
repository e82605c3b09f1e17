package io.github.resnetensembles.images;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;

/** Image sets made from arrays; their hash is an {@link ImageHash}. */
final class MemoryImages {
  private static final String NAME = "images in memory";

  private MemoryImages() {}

  /** As {@link io.github.resnetensembles.images.ImageSets#of(FeatureShape, byte[], int[], int)}. */
  static ImageSet of(FeatureShape shape, byte[] pixels, int[] labels, int classes) {
    int[] checked = checkedLabels(shape, pixels.length, labels, classes);
    byte[] held = pixels.clone();
    Supplier<String> hash =
        Suppliers.memoize(() -> ImageHash.ofBytes(shape, checked, classes).pixels(held).sha256());
    return images(shape, HeldImages.Pixels.of(held), checked, classes, hash);
  }

  /**
   * As {@link io.github.resnetensembles.images.ImageSets#of(FeatureShape, float[], int[], int)}.
   */
  static ImageSet of(FeatureShape shape, float[] pixels, int[] labels, int classes) {
    int[] checked = checkedLabels(shape, pixels.length, labels, classes);
    float[] held = pixels.clone();
    for (int i = 0; i < held.length; i++) {
      if (!Float.isFinite(held[i])) {
        throw new InvalidImagesException(
            "pixels must be finite, image %s has %s at value %s"
                .formatted(i / shape.size(), held[i], i % shape.size()));
      }
    }
    Supplier<String> hash =
        Suppliers.memoize(() -> ImageHash.ofFloats(shape, checked, classes).pixels(held).sha256());
    return images(shape, HeldImages.Pixels.of(held), checked, classes, hash);
  }

  private static ImageSet images(
      FeatureShape shape,
      HeldImages.Pixels pixels,
      int[] labels,
      int classes,
      Supplier<String> hash) {
    return SourceImages.all(new HeldImages(NAME, shape, pixels, labels, classes, hash));
  }

  private static int[] checkedLabels(FeatureShape shape, int values, int[] labels, int classes) {
    int[] checked = checkedLabels(labels, classes);
    long needed = (long) labels.length * shape.size();
    if (values != needed) {
      throw new InvalidImagesException(
          "%s labels of images of shape %s need %s pixel values, got %s"
              .formatted(labels.length, shape, needed, values));
    }
    return checked;
  }

  /** A copy of labels that are those of some classes. */
  static int[] checkedLabels(int[] labels, int classes) {
    if (classes < 2) {
      throw new InvalidImagesException("images need at least 2 classes, got " + classes);
    }
    if (labels.length == 0) {
      throw new InvalidImagesException("an image set needs at least one image, got no labels");
    }
    int[] copy = labels.clone();
    for (int i = 0; i < copy.length; i++) {
      if (copy[i] < 0 || copy[i] >= classes) {
        throw new InvalidImagesException(
            "image " + i + " has the label " + copy[i] + ", must be 0 to " + (classes - 1));
      }
    }
    return copy;
  }
}
