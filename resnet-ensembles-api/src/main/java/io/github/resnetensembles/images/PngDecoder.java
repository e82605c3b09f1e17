package io.github.resnetensembles.images;

import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * PNG: grey of 1 to 16 bits, colours of 8 and 16 bits, palettes, with or without alpha, which is
 * dropped. Colours of 16 bits keep their upper 8; grey of 16 bits without alpha is cut off at 255,
 * as Pillow does it.
 */
final class PngDecoder {
  private static final int PALETTE = 3;
  private static final int GREY = 0;

  private final PngHeader header;
  private final Raster raster;

  private PngDecoder(PngHeader header, Raster raster) {
    this.header = header;
    this.raster = raster;
  }

  static Raster8 decode(byte[] file) throws IOException {
    PngHeader header = PngHeader.of(file);
    PngHeader.requireWhole(file);
    ImageReader reader = ImageDecoder.reader("png");
    try {
      reader.setInput(new ImageBytes(file), true, true);
      return new PngDecoder(header, reader.read(0).getRaster()).pixels();
    } finally {
      reader.dispose();
    }
  }

  private Raster8 pixels() {
    boolean coloured = header.colour() == PALETTE || header.colour() == 2 || header.colour() == 6;
    int channels = coloured ? 3 : 1;
    int bands = raster.getNumBands();
    byte[] samples = new byte[header.width() * header.height() * channels];
    int[] row = new int[header.width() * bands];
    int to = 0;
    for (int y = 0; y < header.height(); y++) {
      int[] values = raster.getPixels(0, y, header.width(), 1, row);
      for (int x = 0; x < header.width(); x++) {
        for (int c = 0; c < channels; c++) {
          samples[to++] =
              header.colour() == PALETTE ? entry(values[x], c) : value(values, x * bands + c);
        }
      }
    }
    return new Raster8(header.width(), header.height(), channels, samples);
  }

  /** An entry that a palette lacks is black, as in Pillow. */
  private byte entry(int index, int channel) {
    int at = index * 3 + channel;
    return (byte) (at < header.palette().length() ? header.palette().get(at) : 0);
  }

  private byte value(int[] values, int at) {
    int value = values[at];
    return switch (header.depth()) {
      case 8 -> (byte) value;
      case 16 -> (byte) (header.colour() == GREY ? Math.min(value, 255) : value >> 8);
      default -> (byte) (value * 255 / ((1 << header.depth()) - 1));
    };
  }
}
