package io.github.resnetensembles.examples.plots;

import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** Errors of a few lesions as bars, the intact network first. */
final class NamedLesionsChart {
  private static final int MAX_NAME = 28;
  private static final int NAMES_THAT_FIT = 4;
  private static final int SLANT_DEGREES = 30;

  private NamedLesionsChart() {}

  static CategoryChart of(String title, List<LabelledReport> reports) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Look.WIDTH)
            .height(Look.HEIGHT)
            .title(title)
            .xAxisTitle(Curve.LESIONS.axis())
            .yAxisTitle(Look.ERROR_AXIS)
            .build();
    Look.apply(chart, LesionPlots.largestError(reports));
    List<String> names = names(reports.get(0));
    if (names.size() > NAMES_THAT_FIT) {
      chart.getStyler().setXAxisLabelRotation(SLANT_DEGREES);
    }
    for (int i = 0; i < reports.size(); i++) {
      LabelledReport labelled = reports.get(i);
      List<Double> errors = new ArrayList<>();
      errors.add(LesionPlots.percent(labelled.report().baseline()));
      labelled.report().rows().forEach(row -> errors.add(LesionPlots.percent(row)));
      chart.addSeries(labelled.label(), names, errors).setFillColor(Look.fill(i));
      chart.addAnnotation(new AnnotationLine(errors.get(0), false, false));
    }
    return chart;
  }

  /** Short names, made different by their row where shortening made them equal. */
  private static List<String> names(LabelledReport labelled) {
    List<String> names = new ArrayList<>();
    names.add("intact");
    for (String name : LesionPlots.names(labelled)) {
      String brief = name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME) + "...";
      names.add(names.contains(brief) ? brief + " (" + names.size() + ")" : brief);
    }
    return names;
  }
}
