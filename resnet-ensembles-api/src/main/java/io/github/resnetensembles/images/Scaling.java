package io.github.resnetensembles.images;

/** Bytes to what a batch shows. */
final class Scaling {
  private Scaling() {}

  /** Writes x/255 in float32 for {@code length} unsigned bytes. */
  static void toFloats(byte[] bytes, int from, float[] floats, int at, int length) {
    for (int i = 0; i < length; i++) {
      floats[at + i] = (bytes[from + i] & 0xff) / 255f;
    }
  }
}
