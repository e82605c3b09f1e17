package io.github.resnetensembles.examples.plots;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.google.common.base.Throwables;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.files.OutputFile;
import io.github.resnetensembles.report.Figure;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Pictures of figures. */
public final class FigurePlot {
  /** How pictures are stored. */
  public enum Format {
    /** Pixels, two for each unit of length. */
    PNG,
    /** Shapes and text. */
    SVG
  }

  private static final int PIXELS = 2;

  private FigurePlot() {}

  /**
   * Draws figures one below the other. Series differ by marker, dash and lightness; intervals are
   * bands around lines and whiskers elsewhere; levels are dashed.
   *
   * @param file a PNG or SVG file by its ending; an existing one is replaced in one atomic move
   * @param figures at least one
   * @throws InvalidInputException if the ending is another
   * @throws io.github.resnetensembles.FileAccessException if the file cannot be written
   */
  public static void write(Path file, Figure... figures) {
    Format format =
        format(file)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "a plot is a .png or .svg file, got %s; give it one of these endings"
                            .formatted(file)));
    new OutputFile(file).write(out -> write(out, format, List.of(figures)));
  }

  /**
   * Writes the bytes of such a picture.
   *
   * @param out where they go; it is not closed
   * @param format of the picture
   * @param figures at least one
   * @throws IOException if writing fails
   */
  public static void write(OutputStream out, Format format, List<Figure> figures)
      throws IOException {
    byte[] svg = FigureDrawing.file(figures).getBytes(UTF_8);
    if (format == Format.SVG) {
      out.write(svg);
      return;
    }
    SVGDocument drawing =
        new SVGLoader().load(new ByteArrayInputStream(svg), null, LoaderContext.createDefault());
    if (drawing == null) {
      throw new IllegalStateException("a figure's SVG cannot be read");
    }
    BufferedImage image =
        new BufferedImage(
            PIXELS * (int) drawing.size().width,
            PIXELS * (int) drawing.size().height,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(PIXELS, PIXELS);
    drawing.render(null, graphics);
    graphics.dispose();
    // A folder for temporary files may be missing; a picture fits into memory.
    ImageIO.setUseCache(false);
    ImageIO.write(image, "png", out);
  }

  /**
   * Checks, before the work whose result a picture shows, that text can be drawn.
   *
   * @throws InvalidInputException if Java finds no fonts, as on some servers
   */
  public static void checkFonts() {
    try {
      double unused = FigureSize.width("text", FigureSize.FILE.letters());
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new InvalidInputException(
          ("pictures cannot be drawn here, since Java finds no fonts on this machine"
                  + " (%s); install some (on Debian: apt-get install fontconfig fonts-dejavu-core"
                  + " libharfbuzz0b), or run without pictures and draw them elsewhere")
              .formatted(Throwables.getRootCause(e).getMessage()),
          e);
    }
  }

  /**
   * {@return the format that a file's ending says; empty if it says none}
   *
   * @param file a name
   */
  public static Optional<Format> format(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".svg")) {
      return Optional.of(Format.SVG);
    }
    return name.endsWith(".png") ? Optional.of(Format.PNG) : Optional.empty();
  }
}
