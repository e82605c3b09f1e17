package io.github.resnetensembles.images;

import io.github.resnetensembles.internal.FileKind;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * The pixels of JPEG and PNG files as Pillow's {@code convert("RGB")} gives them: no colour
 * management, no rotation. The format is told by the first bytes, whatever the file is called.
 */
final class ImageDecoder {
  /** Pillow's limit, too: what is larger would fill the memory and is no photograph. */
  static final int MOST_PIXELS = 178_956_970;

  private ImageDecoder() {}

  /**
   * What a file's header says.
   *
   * @param width in pixels
   * @param height in pixels
   * @param bytes what decoding takes, about
   */
  record Size(int width, int height, long bytes) {}

  /** What knows one format. */
  private interface Format {
    Size size(byte[] file);

    Raster8 decode(byte[] file) throws IOException;
  }

  private static final Format JPEG =
      new Format() {
        @Override
        public Size size(byte[] file) {
          return JpegHeader.of(file).size();
        }

        @Override
        public Raster8 decode(byte[] file) throws IOException {
          return JpegDecoder.decode(file);
        }
      };

  private static final Format PNG =
      new Format() {
        @Override
        public Size size(byte[] file) {
          return PngHeader.of(file).size();
        }

        @Override
        public Raster8 decode(byte[] file) throws IOException {
          return PngDecoder.decode(file);
        }
      };

  /**
   * What the header says.
   *
   * @throws DamagedImageException if it is damaged, of no format that is read, or says that there
   *     are more than {@link #MOST_PIXELS}
   */
  static Size size(byte[] file) {
    Size size = format(file).size(file);
    if ((long) size.width() * size.height() > MOST_PIXELS) {
      throw new DamagedImageException(
          "it says that it has %s x %s pixels, and more than %s may be a decompression bomb"
              .formatted(size.width(), size.height(), MOST_PIXELS));
    }
    return size;
  }

  /**
   * All pixels.
   *
   * @throws DamagedImageException if the file is damaged
   */
  static Raster8 decode(byte[] file) {
    try {
      return format(file).decode(file);
    } catch (IOException e) {
      throw new DamagedImageException(String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
      // What readers of ImageIO throw at contents that nobody foresaw.
      throw new DamagedImageException("it cannot be decoded (" + e + ")", e);
    }
  }

  private static Format format(byte[] file) {
    if (file.length == 0) {
      throw new DamagedImageException("it is empty");
    }
    if (begins(file, 0xff, 0xd8)) {
      return JPEG;
    }
    if (begins(file, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return PNG;
    }
    String kind = FileKind.describe(file).map(text -> " (" + text + ")").orElse("");
    throw new DamagedImageException("it is neither JPEG nor PNG" + kind);
  }

  private static boolean begins(byte[] file, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= file.length || (file[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The JDK's own reader of a format: what else is on the class path must not change numbers.
   *
   * @throws IOException if there is none
   */
  static ImageReader reader(String format) throws IOException {
    Predicate<ImageReaderSpi> own =
        provider ->
            provider.getClass().getModule() == ImageReader.class.getModule()
                && List.of(provider.getFormatNames()).contains(format);
    Iterator<ImageReaderSpi> all =
        IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, true);
    while (all.hasNext()) {
      ImageReaderSpi provider = all.next();
      if (own.test(provider)) {
        return provider.createReaderInstance();
      }
    }
    throw new IOException("this Java runtime has no reader of " + format);
  }
}
