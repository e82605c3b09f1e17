package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.primitives.ImmutableLongArray;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.internal.Names;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array of integers in NumPy's format: a magic number, a header in Python's words, the values.
 */
final class NpyArray {
  static final byte[] MAGIC = "\u0093NUMPY".getBytes(ISO_8859_1);

  /** What every JVM can allocate as one array. */
  private static final int MOST = Integer.MAX_VALUE - 8;

  private static final int LONGEST_HEADER = 1 << 16;
  private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");
  private static final Pattern INTEGERS = Pattern.compile("[|<>=]?([iu])([1248])");

  private final String what;
  private final String type;
  private final ImmutableLongArray shape;
  private final byte[] bytes;

  private NpyArray(String what, String type, ImmutableLongArray shape, byte[] bytes) {
    this.what = what;
    this.type = type;
    this.shape = shape;
    this.bytes = bytes;
  }

  /**
   * Reads an array to its last byte.
   *
   * @param what names it in messages
   * @throws InvalidImagesException if it is damaged, or not of integers in C order
   */
  static NpyArray read(String what, InputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    int version = in.read();
    int minor = in.read();
    if (!java.util.Arrays.equals(magic, MAGIC) || version < 1 || version > 3 || minor < 0) {
      throw new InvalidImagesException(what + " is no NumPy array (.npy)");
    }
    long length = little(in.readNBytes(version == 1 ? 2 : 4));
    String header =
        length > LONGEST_HEADER ? "" : new String(in.readNBytes((int) length), ISO_8859_1);
    String type = found(TYPE, header, what);
    ImmutableLongArray shape = shape(found(SHAPE, header, what), what);
    if (!INTEGERS.matcher(type).matches() || found(ORDER, header, what).equals("True")) {
      throw new InvalidImagesException(
          ("%s has the type '%s'%s; images are uint8 and labels integers, in C order"
                  + " (array.astype(\"uint8\", order=\"C\"))")
              .formatted(what, Names.shorten(type), header.contains("True") ? ", Fortran" : ""));
    }
    int width = type.charAt(type.length() - 1) - '0';
    long size = width;
    for (int i = 0; i < shape.length(); i++) {
      size = shape.get(i) > 0 && size > MOST / shape.get(i) ? MOST + 1L : size * shape.get(i);
    }
    if (size > MOST) {
      throw new InvalidImagesException(
          "%s has more than %s bytes; cut it into several".formatted(what, MOST));
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size || in.read() >= 0) {
      throw new InvalidImagesException(
          "%s has %s bytes of values where its shape %s needs %s"
              .formatted(what, bytes.length < size ? bytes.length : "more", shape, size));
    }
    return new NpyArray(what, type, shape, bytes);
  }

  private static String found(Pattern pattern, String header, String what) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new InvalidImagesException(what + " has a damaged header; write the array again");
    }
    return matcher.group(1);
  }

  private static ImmutableLongArray shape(String text, String what) {
    ImmutableLongArray.Builder shape = ImmutableLongArray.builder();
    for (String part : List.of(text.replace(" ", "").split(",", -1))) {
      if (part.length() > 18) {
        throw new InvalidImagesException(what + " has the shape (" + Names.shorten(text) + ")");
      }
      if (!part.isEmpty()) {
        shape.add(Long.parseLong(part));
      }
    }
    return shape.build();
  }

  private static long little(byte[] bytes) {
    long value = 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[i] & 0xff);
    }
    return value;
  }

  ImmutableLongArray shape() {
    return shape;
  }

  /** The values of an array of unsigned bytes, not copied. */
  byte[] unsignedBytes() {
    if (!type.endsWith("u1")) {
      throw new InvalidImagesException(
          "%s has the type '%s'; images are uint8, from 0 to 255".formatted(what, type));
    }
    return bytes;
  }

  /** The values of one number for each of some records. */
  long[] column() {
    if (shape.length() == 0 || (shape.length() > 1 && (shape.length() > 2 || shape.get(1) != 1))) {
      throw new InvalidImagesException(
          "%s has the shape %s; labels are one class for each image, (N) or (N, 1)"
              .formatted(what, shape));
    }
    int width = type.charAt(type.length() - 1) - '0';
    boolean signed = type.charAt(type.length() - 2) == 'i';
    boolean big = type.charAt(0) == '>';
    long[] values = new long[bytes.length / width];
    for (int i = 0; i < values.length; i++) {
      long value = 0;
      for (int b = 0; b < width; b++) {
        value = (value << 8) | (bytes[i * width + (big ? b : width - 1 - b)] & 0xff);
      }
      int unused = 64 - 8 * width;
      values[i] = signed ? (value << unused) >> unused : value;
    }
    return values;
  }

  @Override
  public String toString() {
    return what;
  }
}
