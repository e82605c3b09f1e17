package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.internal.io.Interrupts;

/**
 * The hash of images that come from no file: the SHA-256 of these bytes, in order.
 *
 * <ol>
 *   <li>the ASCII text {@code "resnet-ensembles images v1\n<type> <C>x<H>x<W> <N> <classes>\n"},
 *       numbers in decimal, type {@code uint8} or {@code float32}
 *   <li>the N labels, each a 4-byte big-endian integer
 *   <li>the pixels, (N, C, H, W): one byte each, or the 4 bytes of a big-endian IEEE 754 float32
 * </ol>
 */
final class ImageHash {
  /** An interrupted hash begins anew when it is asked for again. */
  static final Interrupts INTERRUPTS = Interrupts.during("images were hashed");

  private static final int HASHED_AT_ONCE = 1 << 20;

  private final Hasher hasher = Hashing.sha256().newHasher();

  private ImageHash(String type, FeatureShape shape, int[] labels, int classes) {
    hasher.putString(
        "resnet-ensembles images v1\n%s %sx%sx%s %s %s\n"
            .formatted(
                type, shape.channels(), shape.height(), shape.width(), labels.length, classes),
        US_ASCII);
    for (int label : labels) {
      // Guava's putInt is little-endian.
      hasher.putInt(Integer.reverseBytes(label));
    }
  }

  static ImageHash ofBytes(FeatureShape shape, int[] labels, int classes) {
    return new ImageHash("uint8", shape, labels, classes);
  }

  static ImageHash ofFloats(FeatureShape shape, int[] labels, int classes) {
    return new ImageHash("float32", shape, labels, classes);
  }

  @CanIgnoreReturnValue
  ImageHash pixels(byte[] pixels) {
    putBytes(hasher, pixels);
    return this;
  }

  ImageHash pixels(float[] pixels) {
    for (int i = 0; i < pixels.length; i++) {
      if (i % HASHED_AT_ONCE == 0) {
        INTERRUPTS.check();
      }
      hasher.putInt(Integer.reverseBytes(Float.floatToIntBits(pixels[i])));
    }
    return this;
  }

  /**
   * Hashes bytes.
   *
   * @throws io.github.resnetensembles.RunInterruptedException if the thread is interrupted
   */
  static void putBytes(Hasher hasher, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
      INTERRUPTS.check();
      hasher.putBytes(bytes, at, Math.min(HASHED_AT_ONCE, bytes.length - at));
    }
  }

  /** {@return 64 lower-case hex digits; once only} */
  String sha256() {
    return hasher.hash().toString();
  }
}
