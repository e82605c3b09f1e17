package io.github.resnetensembles.images;

/** Grey of colours, ITU-R 601-2, as Pillow's {@code convert("L")} computes it in units of 2^-16. */
final class Luma {
  private Luma() {}

  static Raster8 of(Raster8 image) {
    byte[] rgb = image.samples();
    byte[] grey = new byte[image.width() * image.height()];
    for (int i = 0; i < grey.length; i++) {
      int red = rgb[3 * i] & 0xff;
      int green = rgb[3 * i + 1] & 0xff;
      int blue = rgb[3 * i + 2] & 0xff;
      grey[i] = (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
    }
    return new Raster8(image.width(), image.height(), 1, grey);
  }
}
