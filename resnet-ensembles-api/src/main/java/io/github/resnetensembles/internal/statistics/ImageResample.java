package io.github.resnetensembles.internal.statistics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Images drawn with repetition, as many as there are. Mask t holds the images drawn more than t
 * times, so a weighted count is a sum of counts of bits.
 */
public final class ImageResample {
  private final List<long[]> masks = new ArrayList<>();

  public ImageResample(int images, UniformRandomProvider random) {
    int[] times = new int[images];
    int words = (images + Long.SIZE - 1) / Long.SIZE;
    for (int i = 0; i < images; i++) {
      int image = random.nextInt(images);
      if (times[image] == masks.size()) {
        masks.add(new long[words]);
      }
      masks.get(times[image])[image / Long.SIZE] |= 1L << (image % Long.SIZE);
      times[image]++;
    }
  }

  /** The set bits, each as often as its image was drawn. */
  public int count(long[] bits) {
    int count = 0;
    for (long[] mask : masks) {
      for (int w = 0; w < mask.length; w++) {
        count += Long.bitCount(bits[w] & mask[w]);
      }
    }
    return count;
  }

  /** The bits set in both, each as often as its image was drawn. */
  public int count(long[] a, long[] b) {
    int count = 0;
    for (long[] mask : masks) {
      for (int w = 0; w < mask.length; w++) {
        count += Long.bitCount(a[w] & b[w] & mask[w]);
      }
    }
    return count;
  }

  /** The bits as words, with trailing zeros up to the number of images. */
  public static long[] words(BitSet bits, int images) {
    return java.util.Arrays.copyOf(bits.toLongArray(), (images + Long.SIZE - 1) / Long.SIZE);
  }
}
