package io.github.resnetensembles.images;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;

/**
 * JPEG: grey, YCbCr, RGB, CMYK and YCCK, sequential and progressive. The JDK's reader, which is
 * libjpeg, gives the components as they are; the rules and the integer arithmetic of their colours
 * are libjpeg's too, and CMYK becomes RGB by Pillow's plain formula.
 */
final class JpegDecoder {
  /** Bytes between segments hurt nobody, and colour profiles are not used. */
  private static final List<String> HARMLESS = List.of("extraneous bytes", "color profile");

  private JpegDecoder() {}

  static Raster8 decode(byte[] file) throws IOException {
    JpegHeader header = JpegHeader.of(file);
    int count = header.components().length();
    if (count != 1 && count != 3 && count != 4) {
      throw new DamagedImageException("it has " + count + " components, not 1, 3 or 4");
    }
    byte[] samples = components(file, header);
    int pixels = header.width() * header.height();
    if (count == 3 && !header.isRgb()) {
      YcbcrColours.toRgb(samples, pixels);
    } else if (count == 4) {
      if (header.isYcck()) {
        YcbcrColours.toCmy(samples, pixels);
      }
      fromInvertedCmyk(samples, pixels);
    }
    return new Raster8(header.width(), header.height(), count == 1 ? 1 : 3, samples);
  }

  private static byte[] components(byte[] file, JpegHeader header) throws IOException {
    List<String> warnings = new ArrayList<>();
    ImageReader reader = ImageDecoder.reader("jpeg");
    try {
      reader.setInput(new ImageBytes(file), true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      byte[] samples = bytes(reader.readRaster(0, null), header);
      for (String warning : warnings) {
        if (HARMLESS.stream().noneMatch(warning::contains)) {
          throw new DamagedImageException(warning);
        }
      }
      return samples;
    } finally {
      reader.dispose();
    }
  }

  private static byte[] bytes(Raster raster, JpegHeader header) {
    int expected = header.width() * header.height() * header.components().length();
    if (raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getNumBanks() == 1
        && buffer.getData().length == expected) {
      return buffer.getData();
    }
    throw new DamagedImageException("its pixels are not as many as its header says");
  }

  /** Adobe's files hold 255 minus the ink, and Pillow takes all files for Adobe's. */
  private static void fromInvertedCmyk(byte[] samples, int pixels) {
    int to = 0;
    for (int from = 0; from < 4 * pixels; from += 4) {
      int light = samples[from + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        samples[to++] = (byte) (light - share(255 - (samples[from + c] & 0xff), light));
      }
    }
  }

  /** a · b / 255, rounded. */
  private static int share(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }
}
