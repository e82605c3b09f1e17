package io.github.resnetensembles.images;

import com.google.common.primitives.Bytes;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.io.Interrupts;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An idx file of unsigned bytes, raw or gzip: two zero bytes, the type 0x08, the number of
 * dimensions, each dimension as a 4-byte big-endian integer, the values. The file's bytes are read
 * once, so that the hash is that of the values.
 */
final class IdxFile {
  static final int IMAGE_DIMENSIONS = 3;
  static final int LABEL_DIMENSIONS = 1;

  /** Of a file, and of what it unpacks to; the largest set in use (EMNIST) needs 0.6 GiB. */
  private static final long MAX_BYTES = 1 << 30;

  private static final int MAX_SIDE = 4096;
  private static final int READ_AT_ONCE = 1 << 20;
  private static final Interrupts INTERRUPTS = Interrupts.during("an idx file was read");

  /** Deflate packs at most 258 bytes into 2 bits. */
  private static final long MAX_RATIO = 1032;

  private final Path file;
  private final byte[] bytes;
  private final List<Integer> dimensions;

  private IdxFile(Path file, byte[] bytes, List<Integer> dimensions) {
    this.file = file;
    this.bytes = bytes;
    this.dimensions = dimensions;
  }

  /** Reads the file and checks its header; the values stay packed. */
  static IdxFile open(Path file, int dimensions) {
    long size = DataFiles.size(file);
    if (size > MAX_BYTES) {
      throw new InvalidImagesException(
          "%s has %s bytes, an idx file may have at most %s; split it"
              .formatted(DataFiles.show(file), size, MAX_BYTES));
    }
    byte[] bytes =
        DataFiles.readUnlessInterrupted(
            file,
            INTERRUPTS,
            () -> {
              try (InputStream in = Files.newInputStream(file)) {
                byte[] content = new byte[(int) size];
                int read = 0;
                int more;
                do {
                  more =
                      in.readNBytes(content, read, Math.min(READ_AT_ONCE, content.length - read));
                  read += more;
                } while (more > 0);
                return read == content.length ? content : Arrays.copyOf(content, read);
              }
            });
    List<Integer> sizes = DataFiles.read(file, () -> header(file, bytes, dimensions));
    IdxFile idx = new IdxFile(file, bytes, sizes);
    idx.checkLength();
    return idx;
  }

  /**
   * {@return the number of dimensions that the file's first bytes state if they are those of an idx
   * file of unsigned bytes, raw or gzip, or else -1}
   */
  static int sniff(Path file) {
    return DataFiles.read(
        file,
        () -> {
          try (InputStream stream = Files.newInputStream(file)) {
            byte[] start = stream.readNBytes(4096);
            try (InputStream unpacked = unpack(start)) {
              byte[] magic = unpacked.readNBytes(4);
              boolean idx = magic.length == 4 && magic[0] == 0 && magic[1] == 0 && magic[2] == 8;
              return idx ? (int) magic[3] : -1;
            } catch (EOFException | ZipException e) {
              return -1;
            }
          }
        });
  }

  /** {@return the number of images or labels} */
  int count() {
    return dimensions.get(0);
  }

  /** {@return the size in a dimension, from 0} */
  int dimension(int index) {
    return dimensions.get(index);
  }

  /** {@return the whole file as it is on disk; not to be changed} */
  byte[] fileBytes() {
    return bytes;
  }

  /** {@return the values, unpacked} */
  byte[] values() {
    int header = headerLength();
    if (!isGzip(bytes)) {
      return Arrays.copyOfRange(bytes, header, bytes.length);
    }
    return DataFiles.readUnlessInterrupted(file, INTERRUPTS, this::unpackedValues);
  }

  private byte[] unpackedValues() throws IOException {
    int expected = (int) valueCount();
    try (InputStream in = unpack(bytes)) {
      in.skipNBytes(headerLength());
      // Grows with what arrives, so a header that lies costs no memory.
      byte[] values = readAtMost(in, expected);
      if (values.length < expected) {
        throw wrongLength("only " + values.length);
      }
      if (in.read() >= 0) {
        throw wrongLength("more");
      }
      return values;
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    } catch (StackOverflowError e) {
      // GZIPInputStream recurses once for each empty member of a file.
      throw new InvalidImagesException(
          "cannot read " + DataFiles.show(file) + ": too many empty gzip members; pack it anew", e);
    }
  }

  private static byte[] readAtMost(InputStream in, int most) throws IOException {
    List<byte[]> parts = new ArrayList<>();
    int size = 0;
    byte[] part;
    do {
      INTERRUPTS.check();
      part = in.readNBytes(Math.min(READ_AT_ONCE, most - size));
      parts.add(part);
      size += part.length;
    } while (part.length > 0);
    return Bytes.concat(parts.toArray(new byte[0][]));
  }

  private InvalidImagesException wrongLength(String found) {
    return new InvalidImagesException(
        "%s unpacks to %s values where its header %s needs %s; fetch it again"
            .formatted(DataFiles.show(file), found, dimensions, valueCount()));
  }

  private void checkLength() {
    long needed = headerLength() + valueCount();
    if (isGzip(bytes)) {
      if (needed > bytes.length * MAX_RATIO) {
        throw new InvalidImagesException(
            ("%s has %s gzip bytes, which cannot hold the %s bytes that its header %s"
                    + " needs; fetch it again")
                .formatted(DataFiles.show(file), bytes.length, needed, dimensions));
      }
    } else if (needed != bytes.length) {
      throw new InvalidImagesException(
          "%s has %s bytes where its header %s needs %s; fetch it again"
              .formatted(DataFiles.show(file), bytes.length, dimensions, needed));
    }
  }

  private int headerLength() {
    return 4 + 4 * dimensions.size();
  }

  private long valueCount() {
    return product(dimensions);
  }

  private static long product(List<Integer> sizes) {
    long product = 1;
    for (int size : sizes) {
      product *= size;
    }
    return product;
  }

  private static List<Integer> header(Path file, byte[] bytes, int dimensions) throws IOException {
    byte[] header;
    try (InputStream in = unpack(bytes)) {
      header = in.readNBytes(4 + 4 * dimensions);
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    } catch (StackOverflowError e) {
      throw new InvalidImagesException(
          "cannot read " + DataFiles.show(file) + ": too many empty gzip members; pack it anew", e);
    }
    String what = "an idx" + dimensions + " file of unsigned bytes";
    if (header.length < 4) {
      throw new InvalidImagesException(
          DataFiles.show(file) + " is not " + what + ": it holds only " + header.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(header);
    int magic = buffer.getInt();
    int wanted = 0x0800 | dimensions;
    if (magic != wanted) {
      boolean swapped = (magic | 2) == (0x0800 | IMAGE_DIMENSIONS) && (magic & 0xff) != dimensions;
      throw new InvalidImagesException(
          String.format(
              Locale.ROOT,
              "%s is not %s: it starts with 0x%08x where 0x%08x is needed%s",
              DataFiles.show(file),
              what,
              magic,
              wanted,
              swapped ? "; are the image and label files swapped?" : ""));
    }
    if (header.length < 4 + 4 * dimensions) {
      throw new InvalidImagesException(
          "%s ends inside its header: it holds %s bytes of %s"
              .formatted(DataFiles.show(file), header.length, 4 + 4 * dimensions));
    }
    List<Integer> sizes = IntStream.range(0, dimensions).mapToObj(i -> buffer.getInt()).toList();
    checkSizes(file, sizes);
    return sizes;
  }

  private static void checkSizes(Path file, List<Integer> sizes) {
    boolean positive = sizes.stream().allMatch(size -> size > 0);
    boolean small = sizes.stream().skip(1).allMatch(size -> size <= MAX_SIDE);
    if (!positive || !small || product(sizes) > MAX_BYTES) {
      throw new InvalidImagesException(
          ("%s states the sizes %s: each must be at least 1, a side at most %s, and all"
                  + " values together at most %s")
              .formatted(DataFiles.show(file), sizes, MAX_SIDE, MAX_BYTES));
    }
  }

  private static InvalidImagesException damaged(Path file, IOException e) {
    return new InvalidImagesException(
        "cannot read %s: its gzip data are damaged or cut off (%s); fetch it again"
            .formatted(DataFiles.show(file), e.getMessage()),
        e);
  }

  private static InputStream unpack(byte[] bytes) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes);
    return isGzip(bytes) ? new GZIPInputStream(in, 1 << 16) : in;
  }

  private static boolean isGzip(byte[] bytes) {
    return bytes.length >= 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
  }
}
