package io.github.resnetensembles.examples.plots;

/**
 * How figures look: readable in print and in grey, where markers and lightness tell series. A new
 * colour needs a line in {@code report.css}, for dark screens.
 */
final class Look {
  static final String INK = "#1a1a1a";
  static final String AXIS = "#8a8a8a";
  static final String GRID = "#dddddd";

  /** Of clearly different lightness, and told apart by colour-blind readers. */
  private static final String[] COLORS = {
    INK, "#d55e00", "#56b4e9", "#0072b2", "#cc79a7", "#8a8a8a"
  };

  /** Of bars, light enough for a black line to show on them, and far apart in grey. */
  private static final String[] FILLS = {
    "#e0e0e0", "#e69f00", "#3a87bd", "#f0e0b0", "#009e73", "#cc79a7"
  };

  private static final String[] DASHES = {"12 6", "4 5", "14 5 3 5", "20 8", "8 3", "2 8"};

  private Look() {}

  static String color(int series) {
    return COLORS[series % COLORS.length];
  }

  /** Of a bar. */
  static String fill(int series) {
    return FILLS[series % FILLS.length];
  }

  /** Of a bar's edge: where fills repeat, edges differ. */
  static String edge(int series) {
    return series < FILLS.length ? "none" : DASHES[series / FILLS.length % DASHES.length];
  }

  /** Of a horizontal line. */
  static String dashes(int level) {
    return DASHES[level % DASHES.length];
  }

  /** Adds a series' marker; where colours repeat, markers differ. */
  static void mark(Svg.Path path, int series, double x, double y, double r) {
    double up = 1.2 * r;
    switch ((series + series / COLORS.length) % 6) {
      case 0 -> path.circle(x, y, r);
      case 1 -> path.polygon(x - r, y - r, x + r, y - r, x + r, y + r, x - r, y + r);
      case 2 -> path.polygon(x, y - up, x + up, y + r, x - up, y + r);
      case 3 -> path.polygon(x, y - up, x + up, y, x, y + up, x - up, y);
      case 4 -> path.polygon(x, y + up, x + up, y - r, x - up, y - r);
      default -> {
        double thin = r / 2;
        path.polygon(
            x - r, y - thin, x - thin, y - thin, x - thin, y - r, x + thin, y - r, x + thin,
            y - thin, x + r, y - thin, x + r, y + thin, x + thin, y + thin, x + thin, y + r,
            x - thin, y + r, x - thin, y + thin, x - r, y + thin);
      }
    }
  }
}
