package io.github.resnetensembles.examples.plots;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The texts of a chart, found again by their outlines. XChart fills outlines of letters, which
 * nobody can search, select or have read aloud; with this, text can be drawn as text.
 */
final class ChartTexts {
  /** What XChart measures with. */
  static final FontRenderContext MEASURE = new FontRenderContext(null, true, false);

  private static final AffineTransform UPWARD = AffineTransform.getRotateInstance(-Math.PI / 2);

  private final Map<List<Double>, Found> byOutline = new HashMap<>();
  private final Set<Found> known = new HashSet<>();

  /**
   * A text of a chart.
   *
   * @param text its letters
   * @param font its font
   * @param upward whether it goes from the bottom to the top
   */
  record Found(String text, Font font, boolean upward) {
    double advance() {
      return new TextLayout(text, font, MEASURE).getAdvance();
    }
  }

  /** Adds a text; of several lines, each is one. */
  void add(String text, Font font) {
    for (String line : text.split("\n")) {
      Found level = new Found(line, font, false);
      if (!line.isBlank() && known.add(level)) {
        TextLayout layout = new TextLayout(line, font, MEASURE);
        byOutline.put(coordinates(layout.getOutline(null)), level);
        byOutline.put(coordinates(layout.getOutline(UPWARD)), new Found(line, font, true));
      }
    }
  }

  Optional<Found> find(Shape outline) {
    return Optional.ofNullable(byOutline.get(coordinates(outline)));
  }

  private static List<Double> coordinates(Shape shape) {
    List<Double> all = new ArrayList<>();
    double[] six = new double[6];
    for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
      int kind = path.currentSegment(six);
      all.add((double) kind);
      int count =
          switch (kind) {
            case PathIterator.SEG_CLOSE -> 0;
            case PathIterator.SEG_QUADTO -> 4;
            case PathIterator.SEG_CUBICTO -> 6;
            default -> 2;
          };
      for (int i = 0; i < count; i++) {
        all.add(six[i]);
      }
    }
    return all;
  }
}
