package io.github.resnetensembles.examples.plots;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.List;

/**
 * How large a figure is drawn, and its letters, all in pixels.
 *
 * @param width of the picture
 * @param plotHeight between the axes
 * @param letters the size of most
 * @param titled whether the title is part of the picture
 * @param direct whether few series are named beside their ends, rather than in a legend
 */
record FigureSize(int width, int plotHeight, int letters, boolean titled, boolean direct) {
  /** A file of its own. */
  static final FigureSize FILE = new FigureSize(900, 370, 14, true, true);

  /** In a page, on a screen or on paper. */
  static final FigureSize WIDE = new FigureSize(760, 260, 14, false, true);

  /** Beside the table of claims. */
  static final FigureSize BESIDE = new FigureSize(560, 170, 13, false, true);

  /** In a page, on a phone. */
  static final FigureSize NARROW = new FigureSize(380, 210, 12, false, false);

  private static final int LEAST_LETTERS = 9;
  private static final FontRenderContext MEASURE = new FontRenderContext(null, true, true);

  /** Letters of titles. */
  int large() {
    return letters + 3;
  }

  /** Letters at ticks and in the legend. */
  int small() {
    return letters - 1;
  }

  int lineHeight() {
    return letters + 8;
  }

  static double width(String text, int letters) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, letters).getStringBounds(text, MEASURE).getWidth();
  }

  /** As large as a text allows that shall fit. */
  static int letters(String text, int largest, double space) {
    int letters = largest;
    while (letters > LEAST_LETTERS && width(text, letters) > space) {
      letters--;
    }
    return letters;
  }

  /** Cut so that it fits. */
  static String fitting(String text, int letters, double space) {
    if (width(text, letters) <= space) {
      return text;
    }
    int end = text.length();
    while (end > 1 && width(text.substring(0, end) + "…", letters) > space) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end).strip() + "…";
  }

  /** Broken into lines that fit. */
  static List<String> lines(String text, int letters, double space) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.strip().split("\\s+", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && width(longer, letters) > space) {
        lines.add(line);
        longer = word;
      }
      line = fitting(longer, letters, space);
    }
    lines.add(line.isEmpty() ? "-" : line);
    return lines;
  }
}
