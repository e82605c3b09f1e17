package io.github.resnetensembles.images;

import io.github.resnetensembles.internal.Generators;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * Paints the built-in images, version 1: a grating, and on it one {@link Outline} filled with
 * another grating. The class is the outline and whether the two gratings run parallel or crossed;
 * everything else is drawn at random. See {@code docs/built-in-images.md}.
 *
 * <p>Every byte is a function of the split's name and the image's number: the generator is {@code
 * XO_SHI_RO_256_PP} seeded with the SHA-256 of {@code "built-in images v1/<split>/<number>"} as
 * four big-endian longs, of which only {@code nextLong()} is used, and all arithmetic is on
 * integers but for one table of sines, which {@link StrictMath} gives. Any change here is a new
 * version.
 */
final class BuiltInPainter {
  static final int CLASSES = 10;
  static final int SIDE = 32;
  static final int CHANNELS = 3;

  private static final int PLANE = SIDE * SIDE;

  /** Angles are in 1/1024 turn. */
  private static final int TURN = 1024;

  private static final int QUARTER = TURN / 4;

  /** Sines are in 1/4096. */
  private static final int ONE = 4096;

  /** Lengths are in 1/16 pixel. */
  private static final int PIXEL = 16;

  private static final List<Outline> OUTLINES =
      List.of(Outline.DISC, Outline.RING, Outline.SQUARE, Outline.TRIANGLE, Outline.CROSS);

  private static final int BLOBS = 2;

  /** 10 degrees. */
  private static final int TILT = TURN / 36;

  private final String split;
  private final int[] sine = new int[TURN];

  BuiltInPainter(String split) {
    this.split = split;
    for (int i = 0; i < TURN; i++) {
      sine[i] = (int) StrictMath.rint(ONE * StrictMath.sin(2 * StrictMath.PI * i / TURN));
    }
  }

  static int label(int index) {
    return index % CLASSES;
  }

  /** {@return the image's bytes, (C, H, W)} */
  byte[] paint(int index) {
    Draws draws = new Draws("built-in images v1/" + split + "/" + index);
    Outline outline = OUTLINES.get(label(index) / 2);
    boolean crossed = label(index) % 2 == 1;

    // An even split would hide from gradient descent that directions matter: only the pair would
    // tell.
    int direction = (draws.below(4) == 0 ? QUARTER : 0) + draws.around(TILT);
    Grating ground = new Grating(draws, direction);
    int turn = (crossed ? QUARTER : 0) + draws.around(TILT);
    Grating figure = new Grating(draws, direction + turn);
    figure.keepApartFrom(ground, draws);

    int[] coverage = new int[PLANE];
    int size = outline.size * (256 + draws.below(64)) / 256;
    cover(
        coverage,
        outline,
        size,
        SIDE * PIXEL / 2 + draws.around(3 * PIXEL),
        SIDE * PIXEL / 2 + draws.around(3 * PIXEL),
        draws.around(2 * TILT));

    int[] image = new int[CHANNELS * PLANE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int at = y * SIDE + x;
        int groundWave = ground.wave(x, y);
        int figureWave = figure.wave(x, y);
        for (int c = 0; c < CHANNELS; c++) {
          image[c * PLANE + at] =
              (coverage[at] * figure.value(c, figureWave)
                      + (16 - coverage[at]) * ground.value(c, groundWave))
                  / 16;
        }
      }
    }
    for (int blob = 0; blob < BLOBS; blob++) {
      addBlob(image, draws);
    }
    return withNoise(image, draws);
  }

  /** Counts, of 4x4 points in each pixel, those inside the outline. */
  private void cover(int[] coverage, Outline outline, int size, int x0, int y0, int angle) {
    int cos = sine[(angle + QUARTER) & (TURN - 1)];
    int sin = sine[angle & (TURN - 1)];
    // No outline reaches further than the corner of a square; points are 4/16 pixel apart.
    int reach = size * 3 / 2 / 4 + 1;
    int firstX = Math.max(0, x0 / 4 - reach);
    int firstY = Math.max(0, y0 / 4 - reach);
    int endX = Math.min(SIDE * 4, x0 / 4 + reach + 1);
    int endY = Math.min(SIDE * 4, y0 / 4 + reach + 1);
    for (int y = firstY; y < endY; y++) {
      int dy = y * 4 + 2 - y0;
      for (int x = firstX; x < endX; x++) {
        int dx = x * 4 + 2 - x0;
        int u = (dx * cos + dy * sin) / ONE;
        int v = (dy * cos - dx * sin) / ONE;
        if (outline.contains(u, v, size)) {
          coverage[(y / 4) * SIDE + x / 4]++;
        }
      }
    }
  }

  /** A small disc of one colour anywhere, which tells nothing. */
  private void addBlob(int[] image, Draws draws) {
    int radius = PIXEL + draws.below(PIXEL);
    int[] coverage = new int[PLANE];
    cover(coverage, Outline.DISC, radius, draws.below(SIDE * PIXEL), draws.below(SIDE * PIXEL), 0);
    for (int c = 0; c < CHANNELS; c++) {
      int colour = draws.below(256);
      for (int at = 0; at < PLANE; at++) {
        int i = c * PLANE + at;
        image[i] = (coverage[at] * colour + (16 - coverage[at]) * image[i]) / 16;
      }
    }
  }

  /** Adds about normal noise of standard deviation 10 to each value. */
  private static byte[] withNoise(int[] image, Draws draws) {
    byte[] bytes = new byte[image.length];
    for (int i = 0; i < image.length; i += 2) {
      long bits = draws.next();
      bytes[i] = clamp(image[i] + noise((int) bits));
      bytes[i + 1] = clamp(image[i + 1] + noise((int) (bits >>> 32)));
    }
    return bytes;
  }

  private static int noise(int bits) {
    int sum = (byte) bits + (byte) (bits >> 8) + (byte) (bits >> 16) + (byte) (bits >> 24) + 2;
    return sum * 69 / 1024;
  }

  private static byte clamp(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  /** A sine wave across the image, with a mean and an amplitude for each channel. */
  private final class Grating {
    private final int cos;
    private final int sin;
    private final int period;
    private final int phase;
    private final int[] mean = new int[CHANNELS];
    private final int[] amplitude = new int[CHANNELS];

    Grating(Draws draws, int direction) {
      cos = sine[(direction + QUARTER) & (TURN - 1)];
      sin = sine[direction & (TURN - 1)];
      period = 4 * PIXEL + draws.below(2 * PIXEL);
      phase = draws.below(TURN);
      int base = 24 + draws.below(24);
      for (int c = 0; c < CHANNELS; c++) {
        mean[c] = 90 + draws.below(76);
        amplitude[c] = base + draws.below(24);
      }
    }

    /** Makes this grating lighter or darker than another, so that the outline shows. */
    void keepApartFrom(Grating other, Draws draws) {
      boolean lighter = draws.below(2) == 1;
      int step = 40 + draws.below(30);
      for (int c = 0; c < CHANNELS; c++) {
        mean[c] = other.mean[c] + (lighter ? step : -step) + draws.around(30);
      }
    }

    int wave(int x, int y) {
      int along = (x * PIXEL + 8) * cos + (y * PIXEL + 8) * sin;
      return sine[(Math.floorDiv(along, 4 * period) + phase) & (TURN - 1)];
    }

    int value(int channel, int wave) {
      return mean[channel] + amplitude[channel] * wave / ONE;
    }
  }

  /** The random numbers of one image. */
  private static final class Draws {
    private final UniformRandomProvider random;

    Draws(String seed) {
      random = Generators.named(seed);
    }

    long next() {
      return random.nextLong();
    }

    /** {@return an integer in [0, bound)} */
    int below(int bound) {
      return (int) (((random.nextLong() >>> 32) * bound) >>> 32);
    }

    /** {@return an integer in [-reach, reach]} */
    int around(int reach) {
      return below(2 * reach + 1) - reach;
    }
  }
}
