package io.github.resnetensembles.images;

import com.google.common.primitives.ImmutableIntArray;
import java.util.zip.CRC32;

/**
 * What a PNG file says before its pixels.
 *
 * @param width in pixels
 * @param height in pixels
 * @param depth bits of a sample
 * @param colour PNG's number of the kind of colour
 * @param palette red, green and blue of each entry, one after the other; empty without one
 */
record PngHeader(int width, int height, int depth, int colour, ImmutableIntArray palette) {
  private static final int SIGNATURE = 8;

  /** Length, type and checksum around the data of a chunk. */
  private static final int FRAME = 12;

  private static final int HEADER = 0x49484452;
  private static final int PALETTE = 0x504c5445;
  private static final int DATA = 0x49444154;
  private static final int END = 0x49454e44;

  /** Reads up to the pixels. */
  static PngHeader of(byte[] file) {
    Chunk first = Chunk.at(file, SIGNATURE);
    if (first.type != HEADER || first.length != 13) {
      throw new DamagedImageException("it is a PNG file without a header");
    }
    int width = integer(file, first.data());
    int height = integer(file, first.data() + 4);
    if (width < 1 || height < 1) {
      throw new DamagedImageException(
          "it says that it has %s x %s pixels".formatted(width, height));
    }
    ImmutableIntArray palette = ImmutableIntArray.of();
    Chunk chunk = Chunk.at(file, first.next());
    while (chunk.type != DATA && chunk.type != END) {
      if (chunk.type == PALETTE) {
        palette = palette(file, chunk);
      }
      chunk = Chunk.at(file, chunk.next());
    }
    return new PngHeader(
        width, height, file[first.data() + 8] & 0xff, file[first.data() + 9] & 0xff, palette);
  }

  private static ImmutableIntArray palette(byte[] file, Chunk chunk) {
    ImmutableIntArray.Builder palette = ImmutableIntArray.builder(chunk.length);
    for (int i = 0; i < chunk.length; i++) {
      palette.add(file[chunk.data() + i] & 0xff);
    }
    return palette.build();
  }

  /**
   * Checks that all chunks are there, to the last, with the contents that they had.
   *
   * @throws DamagedImageException if they are not
   */
  static void requireWhole(byte[] file) {
    Chunk chunk = Chunk.at(file, SIGNATURE);
    while (true) {
      CRC32 crc = new CRC32();
      crc.update(file, chunk.start + 4, chunk.length + 4);
      if ((int) crc.getValue() != integer(file, chunk.data() + chunk.length)) {
        throw new DamagedImageException(
            "the checksum of a chunk at byte " + chunk.start + " is not that of its contents");
      }
      if (chunk.type == END) {
        return;
      }
      chunk = Chunk.at(file, chunk.next());
    }
  }

  ImageDecoder.Size size() {
    int samples = colour == 2 ? 3 : colour == 6 ? 4 : colour == 4 ? 2 : 1;
    long sampleBytes = depth == 16 ? 2 : 1;
    return new ImageDecoder.Size(
        width, height, (long) width * height * (samples * sampleBytes + 3));
  }

  private static int integer(byte[] file, int at) {
    return (file[at] & 0xff) << 24
        | (file[at + 1] & 0xff) << 16
        | (file[at + 2] & 0xff) << 8
        | (file[at + 3] & 0xff);
  }

  private record Chunk(int start, int length, int type) {
    static Chunk at(byte[] file, int start) {
      if (start > file.length - FRAME) {
        throw truncated(file);
      }
      int length = integer(file, start);
      if (length < 0 || length > file.length - FRAME - start) {
        throw truncated(file);
      }
      return new Chunk(start, length, integer(file, start + 4));
    }

    private static DamagedImageException truncated(byte[] file) {
      return new DamagedImageException("it ends too early, after " + file.length + " bytes");
    }

    int data() {
      return start + 8;
    }

    int next() {
      return start + FRAME + length;
    }
  }
}
