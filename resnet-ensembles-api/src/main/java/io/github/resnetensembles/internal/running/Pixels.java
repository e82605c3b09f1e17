package io.github.resnetensembles.internal.running;

import com.google.common.primitives.Ints;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.InputSpec;

/** Padding and normalisation of images, in float32 as PyTorch programs do it. */
public final class Pixels {
  private Pixels() {}

  /**
   * The images, if they fit, read with care: every use of an image set begins here.
   *
   * @throws InvalidImagesException if they do not fit, or contradict themselves
   */
  @CheckReturnValue
  public static ImageSet fitting(ImageSet given, Architecture architecture) {
    ImageSet images = ImageSets.checked(given);
    checkShape(images.shape(), architecture);
    if (images.classes() != architecture.head().classes()) {
      throw new InvalidImagesException(
          "%s has %s classes but %s tells %s apart; give images of as many classes"
              .formatted(
                  images.name(),
                  images.classes(),
                  architecture.name(),
                  architecture.head().classes()));
    }
    return images;
  }

  /**
   * The images, if they fit and have labels: for all that counts errors, or differentiates a loss.
   *
   * @throws InvalidImagesException if they do not fit, have no labels, or contradict themselves
   */
  @CheckReturnValue
  public static ImageSet labelled(ImageSet given, Architecture architecture) {
    ImageSet images = fitting(given, architecture);
    if (!images.hasLabels()) {
      throw new InvalidImagesException(
          ("%s has no labels, and without them there are no errors and no loss, only logits (predict"
                  + " --unlabelled --logits K, ResidualModel.logits); give class folders or a file"
                  + " of labels")
              .formatted(images.name()));
    }
    return images;
  }

  private static void checkShape(FeatureShape shape, Architecture architecture) {
    InputSpec input = architecture.input();
    FeatureShape expected = new FeatureShape(input.channels(), input.height(), input.width());
    if (!shape.equals(expected)) {
      throw new InvalidImagesException(
          "the images have the shape %s but %s takes %s"
              .formatted(shape, architecture.name(), expected));
    }
  }

  /**
   * The stem's input: padded with black pixels and normalised, (N, C, H, W).
   *
   * @throws InvalidImagesException if the images do not fit, or one was skipped
   */
  public static float[] normalised(ImageBatch batch, Architecture architecture) {
    requireAll(batch);
    return normalisedWithSkipped(batch, architecture);
  }

  /**
   * Requires that no record was skipped: what is not a count over images has no place for that.
   *
   * @throws InvalidImagesException if one was
   */
  public static void requireAll(ImageBatch batch) {
    int skipped = Ints.indexOf(batch.labels(), ImageBatch.SKIPPED);
    if (skipped >= 0) {
      throw new InvalidImagesException(
          ("record %s is a damaged image that was skipped, and only evaluations can do without it;"
                  + " remove the file, or choose other records")
              .formatted(batch.firstRecord() + skipped));
    }
  }

  /** As {@link #normalised}, for those who count no record that was skipped. */
  public static float[] normalisedWithSkipped(ImageBatch batch, Architecture architecture) {
    checkShape(batch.shape(), architecture);
    InputSpec input = architecture.input();
    FeatureShape padded = input.paddedShape();
    float[] pixels = ImageSets.checkedPixels(batch);
    float[] result = new float[batch.size() * padded.size()];
    int from = 0;
    int to = 0;
    for (int n = 0; n < batch.size(); n++) {
      for (int c = 0; c < input.channels(); c++) {
        float mean = (float) (double) input.mean().get(c);
        float std = (float) (double) input.std().get(c);
        float black = (0 - mean) / std;
        for (int y = -input.padding(); y < input.height() + input.padding(); y++) {
          boolean inside = y >= 0 && y < input.height();
          for (int x = -input.padding(); x < input.width() + input.padding(); x++) {
            result[to++] =
                inside && x >= 0 && x < input.width() ? (pixels[from++] - mean) / std : black;
          }
        }
      }
    }
    return result;
  }
}
