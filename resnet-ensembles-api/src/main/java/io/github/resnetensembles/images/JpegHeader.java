package io.github.resnetensembles.images;

import com.google.common.primitives.ImmutableIntArray;

/**
 * What a JPEG file says before its first scan.
 *
 * @param width in pixels
 * @param height in pixels
 * @param components the numbers that the components have
 * @param jfif whether there is a JFIF marker
 * @param adobe the transform of Adobe's marker, -1 without one
 */
record JpegHeader(int width, int height, ImmutableIntArray components, boolean jfif, int adobe) {
  private static final ImmutableIntArray RGB = ImmutableIntArray.of('R', 'G', 'B');

  static JpegHeader of(byte[] file) {
    return new Scan(file).header();
  }

  /** Whether three components are red, green and blue, by libjpeg's rules. */
  boolean isRgb() {
    if (jfif) {
      return false;
    }
    return adobe >= 0 ? adobe == 0 : components.equals(RGB);
  }

  /** Whether three components are luminance and chrominance, and no reader could doubt it. */
  boolean isSurelyYcbcr() {
    return components.length() == 3 && (adobe == 1 || (jfif && adobe < 0));
  }

  /** Whether the first three of four components are luminance and chrominance. */
  boolean isYcck() {
    return adobe == 2;
  }

  ImageDecoder.Size size() {
    return new ImageDecoder.Size(width, height, 2L * width * height * components.length());
  }

  private static final class Scan {
    private final byte[] file;
    private int at = 2;
    private boolean jfif;
    private int adobe = -1;

    Scan(byte[] file) {
      this.file = file;
    }

    JpegHeader header() {
      while (true) {
        int marker = marker();
        int length = integer(at);
        if (length < 2 || at + length > file.length) {
          throw truncated();
        }
        if (isFrame(marker)) {
          return frame(length);
        }
        if (marker == 0xe0 && length >= 16 && begins("JFIF\0", length)) {
          jfif = true;
        } else if (marker == 0xee && length >= 14 && begins("Adobe", length)) {
          adobe = file[at + 13] & 0xff;
        } else if (marker == 0xda) {
          throw new DamagedImageException("it is a JPEG file without a header of its frame");
        }
        at += length;
      }
    }

    /** Passes a marker, with the bytes between. */
    private int marker() {
      while (at + 3 < file.length) {
        int marker = file[at + 1] & 0xff;
        if ((file[at] & 0xff) == 0xff && marker != 0xff && marker != 0) {
          at += 2;
          if (marker != 0x01 && (marker < 0xd0 || marker > 0xd8)) {
            return marker;
          }
        } else {
          at++;
        }
      }
      throw truncated();
    }

    private static boolean isFrame(int marker) {
      return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private JpegHeader frame(int length) {
      int count = length < 8 ? 0 : file[at + 7] & 0xff;
      int height = integer(at + 3);
      int width = integer(at + 5);
      if (length < 8 + 3 * count || width == 0 || height == 0) {
        throw new DamagedImageException(
            "it says that it has %s x %s pixels and %s components".formatted(width, height, count));
      }
      ImmutableIntArray.Builder components = ImmutableIntArray.builder(count);
      for (int i = 0; i < count; i++) {
        components.add(file[at + 8 + 3 * i] & 0xff);
      }
      return new JpegHeader(width, height, components.build(), jfif, adobe);
    }

    private boolean begins(String text, int length) {
      if (length < 2 + text.length()) {
        return false;
      }
      for (int i = 0; i < text.length(); i++) {
        if (file[at + 2 + i] != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private int integer(int position) {
      if (position + 1 >= file.length) {
        throw truncated();
      }
      return (file[position] & 0xff) << 8 | (file[position + 1] & 0xff);
    }

    private DamagedImageException truncated() {
      return new DamagedImageException("it ends too early, after " + file.length + " bytes");
    }
  }
}
