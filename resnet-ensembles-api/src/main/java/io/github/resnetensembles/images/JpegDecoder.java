package io.github.resnetensembles.images;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * JPEG: grey, YCbCr, RGB, CMYK and YCCK, sequential and progressive. The JDK's reader, which is
 * libjpeg, gives the components as they are; the rules and the integer arithmetic of their colours
 * are libjpeg's too, and CMYK becomes RGB by Pillow's plain formula.
 */
final class JpegDecoder {
  /** Bytes between segments hurt nobody, and colour profiles are not used. */
  private static final List<String> HARMLESS = List.of("extraneous bytes", "color profile");

  private static final int[] BANDS = {0, 1, 2};
  private static final ColorModel RGB =
      new ComponentColorModel(
          ColorSpace.getInstance(ColorSpace.CS_sRGB),
          false,
          false,
          Transparency.OPAQUE,
          DataBuffer.TYPE_BYTE);

  private JpegDecoder() {}

  static Raster8 decode(byte[] file) throws IOException {
    JpegHeader header = JpegHeader.of(file);
    int count = header.components().length();
    if (count != 1 && count != 3 && count != 4) {
      throw new DamagedImageException("it has " + count + " components, not 1, 3 or 4");
    }
    byte[] samples = samples(file, header);
    int pixels = header.width() * header.height();
    if (count == 3 && !header.isRgb() && !header.isSurelyYcbcr()) {
      YcbcrColours.toRgb(samples, pixels);
    } else if (count == 4) {
      if (header.isYcck()) {
        YcbcrColours.toCmy(samples, pixels);
      }
      fromInvertedCmyk(samples, pixels);
    }
    return new Raster8(header.width(), header.height(), count == 1 ? 1 : 3, samples);
  }

  /** Red, green and blue of what is surely YCbCr, else the components as they are. */
  private static byte[] samples(byte[] file, JpegHeader header) throws IOException {
    List<String> warnings = new ArrayList<>();
    ImageReader reader = ImageDecoder.reader("jpeg");
    try {
      reader.setInput(new ImageBytes(file), true, true);
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      Raster raster = header.isSurelyYcbcr() ? rgb(reader, header) : reader.readRaster(0, null);
      for (String warning : warnings) {
        if (HARMLESS.stream().noneMatch(warning::contains)) {
          throw new DamagedImageException(warning);
        }
      }
      return bytes(raster, header);
    } finally {
      reader.dispose();
    }
  }

  /** With bands named, the reader leaves colours to libjpeg and ignores profiles. */
  private static Raster rgb(ImageReader reader, JpegHeader header) throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_BYTE,
            header.width(),
            header.height(),
            3 * header.width(),
            3,
            BANDS,
            null);
    ImageReadParam param = reader.getDefaultReadParam();
    param.setSourceBands(BANDS);
    param.setDestination(new BufferedImage(RGB, raster, false, null));
    if (reader.getWidth(0) != header.width() || reader.getHeight(0) != header.height()) {
      throw otherSize();
    }
    reader.read(0, param);
    return raster;
  }

  private static byte[] bytes(Raster raster, JpegHeader header) {
    int expected = header.width() * header.height() * header.components().length();
    if (raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getNumBanks() == 1
        && buffer.getData().length == expected) {
      return buffer.getData();
    }
    throw otherSize();
  }

  private static DamagedImageException otherSize() {
    return new DamagedImageException("its pixels are not as many as its header says");
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
