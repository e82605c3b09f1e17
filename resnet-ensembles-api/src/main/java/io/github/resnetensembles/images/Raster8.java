package io.github.resnetensembles.images;

/**
 * Pixels of one byte a channel, row by row, the channels of a pixel side by side: (H, W, C). One
 * channel is grey, three are red, green and blue.
 */
final class Raster8 {
  private final int width;
  private final int height;
  private final int channels;
  private final byte[] samples;

  /** Takes over the samples; there may be more than the pixels need. */
  Raster8(int width, int height, int channels, byte[] samples) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.samples = samples;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  int channels() {
    return channels;
  }

  /** The samples themselves. */
  byte[] samples() {
    return samples;
  }
}
