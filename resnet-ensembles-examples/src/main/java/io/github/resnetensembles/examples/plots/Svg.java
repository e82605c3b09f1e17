package io.github.resnetensembles.examples.plots;

import freemarker.template.utility.StringUtil;

/** SVG in the making. Coordinates are in pixels, to a hundredth. */
final class Svg {
  private final StringBuilder text = new StringBuilder();
  private final boolean variables;

  /**
   * Begins.
   *
   * @param variables whether colours are CSS variables ({@code --c-1a1a1a}), so that a page's style
   *     sheet can change them
   */
  Svg(boolean variables) {
    this.variables = variables;
  }

  /** Opens an element that has a size. */
  void root(int width, int height, Object... attributes) {
    begin("svg", "xmlns", "http://www.w3.org/2000/svg", "width", width, "height", height);
    attributes("viewBox", "0 0 " + width + " " + height);
    attributes(attributes);
    text.append(">\n");
  }

  void open(String name, Object... attributes) {
    begin(name, attributes);
    text.append(">\n");
  }

  void close(String name) {
    text.append("</").append(name).append(">\n");
  }

  /** An element without content, with the names and values of its attributes in turn. */
  void element(String name, Object... attributes) {
    begin(name, attributes);
    text.append("/>\n");
  }

  void text(String name, String content, Object... attributes) {
    begin(name, attributes);
    text.append('>').append(StringUtil.XMLEnc(content));
    close(name);
  }

  private void begin(String name, Object... attributes) {
    text.append('<').append(name);
    attributes(attributes);
  }

  private void attributes(Object... attributes) {
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"");
      text.append(value(attributes[i + 1])).append('"');
    }
  }

  private String value(Object value) {
    if (value instanceof Number number) {
      return number(number.doubleValue());
    }
    String attribute = StringUtil.XMLEnc(value.toString());
    return variables && attribute.startsWith("#")
        ? "var(--c-" + attribute.substring(1) + "," + attribute + ")"
        : attribute;
  }

  static String number(double value) {
    double rounded = Math.round(100 * value) / 100.0;
    return rounded == (long) rounded ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /** The outline of shapes, or lines. */
  static final class Path {
    private final StringBuilder commands = new StringBuilder();

    /** Lines from one point to the next, given as x and y in turn. */
    Path line(double... coordinates) {
      for (int i = 0; i < coordinates.length; i += 2) {
        commands.append(i == 0 ? 'M' : 'L').append(number(coordinates[i]));
        commands.append(' ').append(number(coordinates[i + 1]));
      }
      return this;
    }

    /** The same, closed. */
    Path polygon(double... coordinates) {
      line(coordinates);
      commands.append('Z');
      return this;
    }

    boolean isEmpty() {
      return commands.isEmpty();
    }

    Path circle(double x, double y, double radius) {
      String arc = "a" + number(radius) + " " + number(radius) + " 0 1 0 ";
      line(x - radius, y);
      commands.append(arc).append(number(2 * radius)).append(" 0");
      commands.append(arc).append(number(-2 * radius)).append(" 0Z");
      return this;
    }

    @Override
    public String toString() {
      return commands.toString();
    }
  }
}
