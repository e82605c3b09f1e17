package io.github.resnetensembles.images;

/**
 * From luminance and chrominance to colours, in units of 2^-16 as libjpeg does it: R = Y + 1.402
 * Cr, G = Y - 0.34414 Cb - 0.71414 Cr, B = Y + 1.772 Cb, with Cb and Cr around 128.
 */
final class YcbcrColours {
  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);
  private static final int[] RED_OF_CR = new int[256];
  private static final int[] BLUE_OF_CB = new int[256];
  private static final int[] GREEN_OF_CR = new int[256];
  private static final int[] GREEN_OF_CB = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int x = i - 128;
      RED_OF_CR[i] = (fixed(1.40200) * x + HALF) >> BITS;
      BLUE_OF_CB[i] = (fixed(1.77200) * x + HALF) >> BITS;
      GREEN_OF_CR[i] = -fixed(0.71414) * x;
      GREEN_OF_CB[i] = -fixed(0.34414) * x + HALF;
    }
  }

  private YcbcrColours() {}

  private static int fixed(double value) {
    return (int) (value * (1 << BITS) + 0.5);
  }

  /** Pixels of three components become red, green and blue, in place. */
  static void toRgb(byte[] samples, int pixels) {
    for (int at = 0; at < 3 * pixels; at += 3) {
      int y = samples[at] & 0xff;
      int cb = samples[at + 1] & 0xff;
      int cr = samples[at + 2] & 0xff;
      samples[at] = clipped(y + RED_OF_CR[cr]);
      samples[at + 1] = clipped(y + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> BITS));
      samples[at + 2] = clipped(y + BLUE_OF_CB[cb]);
    }
  }

  /** Pixels of four components have 255 minus red, green and blue in the first three, in place. */
  static void toCmy(byte[] samples, int pixels) {
    for (int at = 0; at < 4 * pixels; at += 4) {
      int y = samples[at] & 0xff;
      int cb = samples[at + 1] & 0xff;
      int cr = samples[at + 2] & 0xff;
      samples[at] = clipped(255 - (y + RED_OF_CR[cr]));
      samples[at + 1] = clipped(255 - (y + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> BITS)));
      samples[at + 2] = clipped(255 - (y + BLUE_OF_CB[cb]));
    }
  }

  private static byte clipped(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }
}
