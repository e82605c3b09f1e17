package io.github.resnetensembles.examples.plots;

import java.awt.Font;
import java.util.regex.Pattern;

/**
 * How large a figure is drawn, and its letters.
 *
 * @param width in pixels
 * @param height without the legend
 * @param letters the size of the small ones
 * @param titled whether the title is part of the picture
 */
record FigureSize(int width, int height, int letters, boolean titled) {
  /** A file of its own. */
  static final FigureSize FILE = new FigureSize(900, 480, 14, true);

  /** In a page, on a screen or on paper. */
  static final FigureSize WIDE = new FigureSize(760, 370, 14, false);

  /** In a page, on a phone. */
  static final FigureSize NARROW = new FigureSize(380, 270, 12, false);

  /** Of the width, to XChart: it cuts what is longer. */
  private static final double LEGEND_SHARE = 0.45;

  private static final int LEGEND_MARK = 50;

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private static final int LEAST_LETTERS = 9;

  Font titleFont() {
    return new Font(Font.SANS_SERIF, Font.BOLD, letters + 3);
  }

  /** As large as the labels of both axes allow. */
  Font axisFont(String across, String up) {
    int size = letters;
    while (size > LEAST_LETTERS
        && (width(across, axisFont(size)) > plotWidth()
            || width(up, axisFont(size)) > plotHeight())) {
      size--;
    }
    return axisFont(size);
  }

  private static Font axisFont(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  Font tickFont() {
    return new Font(Font.SANS_SERIF, Font.PLAIN, letters - 1);
  }

  int markerSize() {
    return letters / 2;
  }

  /** About what is left beside the labels of the axis. */
  int plotWidth() {
    return width - 6 * letters;
  }

  int plotHeight() {
    return height - 4 * letters;
  }

  static double width(String text, Font font) {
    return font.getStringBounds(text, ChartTexts.MEASURE).getWidth();
  }

  int lineHeight() {
    return letters + 8;
  }

  /** Cut so that it fits. */
  String fitting(String text, Font font, int space) {
    if (width(text, font) <= space) {
      return text;
    }
    int end = text.length();
    while (end > 1 && width(text.substring(0, end) + "…", font) > space) {
      end--;
    }
    return text.substring(0, end).strip() + "…";
  }

  /** Broken into lines that fit beside the legend's marks. */
  String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (String word : SPACES.splitAsStream(text.strip()).toList()) {
      if (line.length() > 0
          && width(line + " " + word, tickFont()) > LEGEND_SHARE * width - LEGEND_MARK) {
        lines.append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    return lines.append(line.length() == 0 ? "-" : line).toString();
  }
}
