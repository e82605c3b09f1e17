package io.github.resnetensembles.images;

import com.google.common.hash.Hashing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Small files in the formats under test. */
final class Samples {
  private Samples() {}

  /** CIFAR records whose pixel p of record r is (r + p) mod 256; coarse labels are label / 5. */
  static byte[] cifar(CifarFormat format, int... labels) {
    ByteBuffer buffer = ByteBuffer.allocate(labels.length * format.recordLength());
    for (int r = 0; r < labels.length; r++) {
      if (format == CifarFormat.CIFAR_100) {
        buffer.put((byte) (labels[r] / 5));
      }
      buffer.put((byte) labels[r]);
      for (int p = 0; p < CifarFormat.PIXELS; p++) {
        buffer.put((byte) (r + p));
      }
    }
    return buffer.array();
  }

  static byte[] idx(int magic, int[] sizes, byte... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * sizes.length + values.length).putInt(magic);
    for (int size : sizes) {
      buffer.putInt(size);
    }
    return buffer.put(values).array();
  }

  static byte[] idxImages(int count, int height, int width, byte... values) {
    return idx(0x0803, new int[] {count, height, width}, values);
  }

  static byte[] idxLabels(int count, byte... values) {
    return idx(0x0801, new int[] {count}, values);
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String sha256(byte[]... parts) {
    var hasher = Hashing.sha256().newHasher();
    for (byte[] part : parts) {
      hasher.putBytes(part);
    }
    return hasher.hash().toString();
  }
}
