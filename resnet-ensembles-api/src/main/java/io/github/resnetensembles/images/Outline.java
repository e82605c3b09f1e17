package io.github.resnetensembles.images;

/**
 * The five outlines of the built-in images, centred on the origin, all of the same area (about 200
 * square pixels before scaling). Lengths are in 1/16 pixel.
 */
enum Outline {
  DISC(128) {
    @Override
    boolean contains(int u, int v, int size) {
      return u * u + v * v <= size * size;
    }
  },
  RING(153) {
    @Override
    boolean contains(int u, int v, int size) {
      int hole = size * 9 / 16;
      int square = u * u + v * v;
      return square <= size * size && square > hole * hole;
    }
  },
  SQUARE(113) {
    @Override
    boolean contains(int u, int v, int size) {
      return Math.abs(u) <= size && Math.abs(v) <= size;
    }
  },
  TRIANGLE(198) {
    @Override
    boolean contains(int u, int v, int size) {
      // The three sides lie half the circumradius from the centre; 887/1024 is the sine of 60 deg.
      return 2 * v <= size && (1774 * Math.abs(u) - 1024 * v) <= 1024 * size;
    }
  },
  CROSS(152) {
    @Override
    boolean contains(int u, int v, int size) {
      int width = size / 3;
      int a = Math.abs(u);
      int b = Math.abs(v);
      return (a <= size && b <= width) || (b <= size && a <= width);
    }
  };

  /** Radius, half side, circumradius or half length. */
  final int size;

  Outline(int size) {
    this.size = size;
  }

  /** Whether a point lies inside the outline of a given size. */
  abstract boolean contains(int u, int v, int size);
}
