package io.github.resnetensembles.examples.plots;

import io.github.resnetensembles.path.PathEnumerator;
import io.github.resnetensembles.path.PathOrder;
import io.github.resnetensembles.path.ResidualPath;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the unravelled view is: a small network and all its paths, and what the deletion of a block
 * leaves of them with and without skip connections (paper, figures 1 and 2).
 */
final class PathDiagram {
  static final String NAME = "unravelled-view";
  static final String TITLE = "A network is the collection of its paths";

  private static final int BLOCKS = 3;
  private static final int DELETED = 2;

  private static final int PANEL_WIDTH = 270;
  private static final int MARGIN = 16;
  private static final int LETTERS = 13;
  private static final int TITLE_HEIGHT = 44;
  private static final int CHAIN_HEIGHT = 70;
  private static final int ROW = 24;
  private static final double BOX_WIDTH = 30;
  private static final double BOX_HEIGHT = 20;
  private static final double LINE = 1.6;
  private static final double CROSS = 8;

  /** A network, and which of its blocks is deleted. */
  private record Panel(boolean plain, OptionalInt deleted) {
    private static final List<Panel> ALL =
        List.of(
            new Panel(false, OptionalInt.empty()),
            new Panel(false, OptionalInt.of(DELETED)),
            new Panel(true, OptionalInt.of(DELETED)));

    /** Of the network before the deletion. */
    List<ResidualPath> paths() {
      PathEnumerator paths = PathEnumerator.of(BLOCKS).ordered(PathOrder.BY_LENGTH);
      return (plain ? paths.ofLengths(BLOCKS, BLOCKS) : paths).stream().toList();
    }

    boolean lost(int block) {
      return deleted.equals(OptionalInt.of(block));
    }

    boolean left(ResidualPath path) {
      return path.blocks().stream().noneMatch(this::lost);
    }

    List<String> title() {
      String network =
          "%s blocks %s skip connections".formatted(BLOCKS, plain ? "without" : "with");
      int all = paths().size();
      return List.of(
          network,
          deleted.isEmpty()
              ? "%s paths".formatted(all)
              : "block %s deleted: %s of %s left"
                  .formatted(
                      deleted.getAsInt(),
                      paths().stream().filter(this::left).count(),
                      all == 1 ? "1 path" : all + " paths"));
    }
  }

  private final Svg svg;

  private PathDiagram(Svg svg) {
    this.svg = svg;
  }

  /** A part of a page, with the networks side by side or one below the other. */
  static String element(boolean wide, String prefix) {
    return drawn(new Svg(true), wide, prefix);
  }

  /** A file of its own. */
  static String file() {
    return drawn(new Svg(false), true, NAME);
  }

  private static String drawn(Svg svg, boolean wide, String prefix) {
    int across = wide ? Panel.ALL.size() : 1;
    int height = Panel.ALL.stream().mapToInt(PathDiagram::height).max().orElseThrow();
    int all = wide ? height : Panel.ALL.stream().mapToInt(PathDiagram::height).sum();
    svg.root(
        across * PANEL_WIDTH,
        all,
        "role",
        "img",
        "aria-labelledby",
        prefix + "-title " + prefix + "-description",
        "font-family",
        FigureDrawing.FONTS,
        "fill",
        Look.INK);
    svg.text("title", TITLE, "id", prefix + "-title");
    svg.text("desc", description(), "id", prefix + "-description");
    PathDiagram diagram = new PathDiagram(svg);
    double x = 0;
    double y = 0;
    for (Panel panel : Panel.ALL) {
      diagram.draw(panel, x, y);
      x += wide ? PANEL_WIDTH : 0;
      y += wide ? 0 : height(panel);
    }
    svg.close("svg");
    return svg.toString();
  }

  static String description() {
    return String.join(
        " ", Panel.ALL.stream().map(panel -> String.join(", ", panel.title()) + ".").toList());
  }

  private static int height(Panel panel) {
    return TITLE_HEIGHT + CHAIN_HEIGHT + panel.paths().size() * ROW + MARGIN;
  }

  private void draw(Panel panel, double x, double y) {
    List<String> title = panel.title();
    for (int i = 0; i < title.size(); i++) {
      double line = y + (i + 1) * (LETTERS + 5.0);
      svg.text(
          "text",
          title.get(i),
          "x",
          x + PANEL_WIDTH / 2.0,
          "y",
          line,
          "font-size",
          LETTERS,
          "font-weight",
          i == 0 ? "bold" : "normal",
          "text-anchor",
          "middle");
    }
    double chain = y + TITLE_HEIGHT + CHAIN_HEIGHT / 2.0;
    wire(x + MARGIN, x + PANEL_WIDTH - MARGIN, chain, true);
    for (int block = 1; block <= BLOCKS; block++) {
      if (!panel.plain()) {
        skip(center(x, block), chain);
      }
      block(x, chain, block, panel.lost(block));
    }
    double row = y + TITLE_HEIGHT + CHAIN_HEIGHT + ROW / 2.0;
    for (ResidualPath path : panel.paths()) {
      wire(x + MARGIN, x + PANEL_WIDTH - MARGIN, row, panel.left(path));
      for (int block : path.blocks()) {
        block(x, row, block, panel.lost(block));
      }
      row += ROW;
    }
  }

  private static double center(double x, int block) {
    return x + block * (double) PANEL_WIDTH / (BLOCKS + 1);
  }

  private void wire(double from, double to, double y, boolean whole) {
    svg.element(
        "path",
        "d",
        new Svg.Path().line(from, y, to, y),
        "stroke",
        whole ? Look.INK : Look.AXIS,
        "stroke-width",
        LINE,
        "stroke-dasharray",
        whole ? "none" : "3 4",
        "fill",
        "none");
  }

  private void skip(double x, double y) {
    double half = BOX_WIDTH / 2 + 7;
    double up = y - BOX_HEIGHT - 2;
    svg.element(
        "path",
        "d",
        new Svg.Path().line(x - half, y, x - half, up, x + half, up, x + half, y),
        "stroke",
        Look.INK,
        "stroke-width",
        LINE,
        "fill",
        "none");
  }

  private void block(double x, double y, int block, boolean lost) {
    double center = center(x, block);
    svg.element(
        "rect",
        "x",
        center - BOX_WIDTH / 2,
        "y",
        y - BOX_HEIGHT / 2,
        "width",
        BOX_WIDTH,
        "height",
        BOX_HEIGHT,
        "rx",
        3,
        "fill",
        Look.fill(0),
        "stroke",
        lost ? Look.AXIS : Look.INK,
        "stroke-width",
        LINE);
    svg.text(
        "text",
        Integer.toString(block),
        "x",
        center,
        "y",
        y + LETTERS / 3.0,
        "font-size",
        LETTERS,
        "text-anchor",
        "middle");
    if (lost) {
      svg.element(
          "path",
          "d",
          new Svg.Path().line(center - CROSS, y - CROSS, center + CROSS, y + CROSS)
              + new Svg.Path()
                  .line(center - CROSS, y + CROSS, center + CROSS, y - CROSS)
                  .toString(),
          "stroke",
          Look.color(1),
          "stroke-width",
          2 * LINE,
          "fill",
          "none");
    }
  }
}
