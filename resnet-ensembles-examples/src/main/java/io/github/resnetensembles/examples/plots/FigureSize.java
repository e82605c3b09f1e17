package io.github.resnetensembles.examples.plots;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.List;

/**
 * How large a figure is drawn, and its letters.
 *
 * @param width in pixels
 * @param height of the axes with their labels; the legend comes on top
 * @param letters the size of the small ones
 * @param titled whether the title is part of the picture
 */
record FigureSize(int width, int height, int letters, boolean titled) {
  /** A file of its own. */
  static final FigureSize FILE = new FigureSize(900, 560, 14, true);

  /** In a page, on a screen or on paper. */
  static final FigureSize WIDE = new FigureSize(760, 430, 14, false);

  /** In a page, on a phone. */
  static final FigureSize NARROW = new FigureSize(380, 340, 12, false);

  private static final FontRenderContext MEASURE = new FontRenderContext(null, true, false);

  Font titleFont() {
    return new Font(Font.SANS_SERIF, Font.BOLD, letters + 3);
  }

  Font axisFont() {
    return new Font(Font.SANS_SERIF, Font.PLAIN, letters);
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
    return height - 5 * letters;
  }

  double widest(List<String> texts, Font font) {
    return texts.stream()
        .mapToDouble(text -> font.getStringBounds(text, MEASURE).getWidth())
        .max()
        .orElse(0);
  }

  /** Cut so that it fits. */
  String fitting(String text, Font font, int space) {
    if (widest(List.of(text), font) <= space) {
      return text;
    }
    int end = text.length();
    while (end > 1 && widest(List.of(text.substring(0, end) + "…"), font) > space) {
      end--;
    }
    return text.substring(0, end).strip() + "…";
  }

  /** Broken into lines that fit beside the legend's marks. */
  String wrapped(String text) {
    StringBuilder lines = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (line.length() > 0
          && widest(List.of(line + " " + word), tickFont()) > width - 6.0 * letters) {
        lines.append(line).append('\n');
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    return lines.append(line.length() == 0 ? "-" : line).toString();
  }
}
