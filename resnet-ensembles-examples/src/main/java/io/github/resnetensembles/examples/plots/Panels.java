package io.github.resnetensembles.examples.plots;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;
import org.knowm.xchart.internal.chartpart.IChart;

/** Charts of one size, one below the other, in one picture. */
record Panels(String title, List<? extends IChart> charts) implements IChart {
  Panels {
    charts = List.copyOf(charts);
  }

  @Override
  public void paint(Graphics2D graphics, int width, int height) {
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    int each = height / charts.size();
    for (int i = 0; i < charts.size(); i++) {
      Graphics2D panel = (Graphics2D) graphics.create(0, i * each, width, each);
      try {
        charts.get(i).paint(panel, width, each);
      } finally {
        panel.dispose();
      }
    }
  }

  @Override
  public int getWidth() {
    return charts.stream().mapToInt(IChart::getWidth).max().orElse(1);
  }

  @Override
  public int getHeight() {
    return charts.stream().mapToInt(IChart::getHeight).sum();
  }

  @Override
  public String getTitle() {
    return title;
  }
}
