package io.github.resnetensembles.images;

import io.github.resnetensembles.FeatureShape;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * From an image of any size to one of a network's input size, as torchvision's {@code Resize(n)}
 * and {@code CenterCrop(n)} do it.
 *
 * @param resize what the short side becomes; empty for images that are left as they are
 * @param crop the side of the square that is cut from the middle; black is added where the image is
 *     smaller
 * @param interpolation of resizing
 * @param channels 1 (grey) or 3
 */
record Preprocessing(OptionalInt resize, int crop, Interpolation interpolation, int channels) {
  FeatureShape shape() {
    return new FeatureShape(channels, crop, crop);
  }

  /** What tells this preprocessing from others, on one line; part of a data set's identity. */
  String identity() {
    return "resize=%s crop=%s interpolation=%s channels=%s"
        .formatted(
            resize.isPresent() ? resize.getAsInt() : "none",
            crop,
            interpolation.name().toLowerCase(Locale.ROOT),
            channels);
  }

  /**
   * The square, (C, H, W).
   *
   * @throws DamagedImageException if the image is too long to be resized
   */
  byte[] apply(Raster8 image) {
    int width = resized(image.width(), image.height());
    int height = resized(image.height(), image.width());
    Resizing.Window window =
        new Resizing.Window(
            offset(width), offset(height), Math.min(crop, width), Math.min(crop, height));
    return square(new Resizing(inChannels(image), width, height, window, interpolation), window);
  }

  /** The new length of a side, cut down to an integer if it is the longer one. */
  private int resized(int side, int other) {
    if (resize.isEmpty()) {
      return side;
    }
    int target = resize.getAsInt();
    double length = side <= other ? target : (double) ((long) target * side) / other;
    if (length > Integer.MAX_VALUE) {
      throw new DamagedImageException(
          "%s pixels one way and %s the other are too narrow to be resized".formatted(side, other));
    }
    return (int) length;
  }

  /** Python's rounding, to even at one half. */
  private int offset(int side) {
    return side <= crop ? 0 : (int) Math.rint((side - crop) / 2.0);
  }

  private byte[] square(Resizing resizing, Resizing.Window window) {
    byte[] result = new byte[channels * crop * crop];
    int left = (crop - window.width()) / 2;
    int top = (crop - window.height()) / 2;
    for (int y = 0; y < window.height(); y++) {
      int[] row = resizing.row(y);
      for (int c = 0; c < channels; c++) {
        int from = c * window.width() % row.length;
        int to = (c * crop + top + y) * crop + left;
        for (int x = 0; x < window.width(); x++) {
          result[to + x] = (byte) row[from + x];
        }
      }
    }
    return result;
  }

  /** A colour image is made grey before it is resized. */
  private Raster8 inChannels(Raster8 image) {
    return channels == 1 && image.channels() == 3 ? Luma.of(image) : image;
  }
}
