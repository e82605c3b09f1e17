package io.github.resnetensembles.examples.plots;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import io.github.resnetensembles.examples.plots.ChartTexts.Found;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Draws a chart's texts as text, in place of the outlines of their letters. */
final class TextGraphics extends VectorGraphics2D {
  private final ChartTexts texts;
  private final List<Found> drawn = new ArrayList<>();

  TextGraphics(ChartTexts texts) {
    this.texts = texts;
  }

  /** The texts, in the order in which they were drawn. */
  List<Found> drawn() {
    return drawn;
  }

  @Override
  public FontRenderContext getFontRenderContext() {
    return ChartTexts.MEASURE;
  }

  @Override
  public void fill(Shape shape) {
    Optional<Found> found = texts.find(shape);
    if (found.isEmpty()) {
      super.fill(shape);
      return;
    }
    drawn.add(found.get());
    AffineTransform before = getTransform();
    setFont(found.get().font());
    if (found.get().upward()) {
      rotate(-Math.PI / 2);
    }
    drawString(found.get().text(), 0f, 0f);
    setTransform(before);
  }
}
