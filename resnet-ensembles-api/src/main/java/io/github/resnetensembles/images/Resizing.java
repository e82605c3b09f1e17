package io.github.resnetensembles.images;

import java.util.Arrays;

/**
 * Resizing as Pillow's {@code Image.resize} does it, bit by bit: first along the rows, then along
 * the columns, each time rounded to bytes. A direction that keeps its size is left out. Only what a
 * window of the result needs is computed.
 */
final class Resizing {
  private static final int HALF = 1 << (ResizeFilter.BITS - 1);

  private Resizing() {}

  /**
   * A window of a resized image.
   *
   * @param image the original
   * @param width of the whole resized image
   * @param height of the whole resized image
   * @param window what is wanted of it
   * @return the window
   */
  static Raster8 resize(
      Raster8 image, int width, int height, Window window, Interpolation interpolation) {
    boolean rows = height != image.height();
    ResizeFilter vertical =
        rows
            ? ResizeFilter.of(image.height(), height, window.y(), window.height(), interpolation)
            : null;
    int from = vertical == null ? window.y() : vertical.start();
    int end = vertical == null ? window.y() + window.height() : vertical.end();
    Raster8 narrowed =
        width == image.width()
            ? cut(image, window.x(), window.width(), from, end)
            : horizontal(
                image,
                ResizeFilter.of(image.width(), width, window.x(), window.width(), interpolation),
                window.width(),
                from,
                end);
    return vertical == null ? narrowed : vertical(narrowed, vertical, from, window.height());
  }

  /**
   * A part of an image.
   *
   * @param x its first column
   * @param y its first row
   * @param width in pixels
   * @param height in pixels
   */
  record Window(int x, int y, int width, int height) {}

  private static Raster8 cut(Raster8 image, int x, int width, int from, int end) {
    int channels = image.channels();
    byte[] result = new byte[(end - from) * width * channels];
    for (int y = from; y < end; y++) {
      System.arraycopy(
          image.samples(),
          (y * image.width() + x) * channels,
          result,
          (y - from) * width * channels,
          width * channels);
    }
    return new Raster8(width, end - from, channels, result);
  }

  private static Raster8 horizontal(
      Raster8 image, ResizeFilter filter, int width, int from, int end) {
    int channels = image.channels();
    byte[] result = new byte[(end - from) * width * channels];
    byte[] in = image.samples();
    for (int y = from; y < end; y++) {
      int row = y * image.width() * channels;
      int out = (y - from) * width * channels;
      if (channels == 3) {
        coloured(in, row, filter, result, out, width);
      } else {
        grey(in, row, filter, result, out, width);
      }
    }
    return new Raster8(width, end - from, channels, result);
  }

  private static void coloured(
      byte[] in, int row, ResizeFilter filter, byte[] result, int out, int width) {
    for (int x = 0; x < width; x++) {
      int[] weights = filter.weights(x);
      int at = row + filter.first(x) * 3;
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      for (int weight : weights) {
        red += (in[at] & 0xff) * weight;
        green += (in[at + 1] & 0xff) * weight;
        blue += (in[at + 2] & 0xff) * weight;
        at += 3;
      }
      result[out + x * 3] = clipped(red);
      result[out + x * 3 + 1] = clipped(green);
      result[out + x * 3 + 2] = clipped(blue);
    }
  }

  private static void grey(
      byte[] in, int row, ResizeFilter filter, byte[] result, int out, int width) {
    for (int x = 0; x < width; x++) {
      int at = row + filter.first(x);
      int sum = HALF;
      for (int weight : filter.weights(x)) {
        sum += (in[at++] & 0xff) * weight;
      }
      result[out + x] = clipped(sum);
    }
  }

  /** The rows of {@code image} begin with row {@code from} of the original. */
  private static Raster8 vertical(Raster8 image, ResizeFilter filter, int from, int height) {
    int rowLength = image.width() * image.channels();
    byte[] in = image.samples();
    byte[] result = new byte[height * rowLength];
    int[] sums = new int[rowLength];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, HALF);
      int at = (filter.first(y) - from) * rowLength;
      for (int weight : filter.weights(y)) {
        for (int i = 0; i < rowLength; i++) {
          sums[i] += (in[at + i] & 0xff) * weight;
        }
        at += rowLength;
      }
      for (int i = 0; i < rowLength; i++) {
        result[y * rowLength + i] = clipped(sums[i]);
      }
    }
    return new Raster8(image.width(), height, image.channels(), result);
  }

  private static byte clipped(int sum) {
    return (byte) Math.max(0, Math.min(255, sum >> ResizeFilter.BITS));
  }
}
