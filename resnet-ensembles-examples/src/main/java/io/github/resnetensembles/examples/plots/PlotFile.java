package io.github.resnetensembles.examples.plots;

import com.google.common.base.Throwables;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.examples.plots.Picture.Format;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.LineMetrics;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Files that pictures are written to: PNG or SVG, by their ending. */
public final class PlotFile {
  private PlotFile() {}

  /**
   * Checks, before the work whose result it shows, that a picture can be drawn.
   *
   * @param file the file
   * @throws InvalidInputException if it ends neither in {@code .png} nor in {@code .svg}, or Java
   *     finds no fonts
   */
  public static void check(Path file) {
    if (format(file).isEmpty()) {
      throw new InvalidInputException(
          "a plot is a .png or .svg file, got " + file + "; give it one of these endings");
    }
    checkFonts();
  }

  /**
   * Checks that text can be drawn.
   *
   * @throws InvalidInputException if Java finds no fonts, as on some servers
   */
  public static void checkFonts() {
    try {
      LineMetrics unused =
          new Font(Font.SANS_SERIF, Font.PLAIN, 12)
              .getLineMetrics("text", new FontRenderContext(null, true, true));
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new InvalidInputException(
          "pictures cannot be drawn here, since Java finds no fonts on this machine ("
              + Throwables.getRootCause(e).getMessage()
              + "); install some (on Debian: apt-get install fontconfig fonts-dejavu-core"
              + " libharfbuzz0b), or run without pictures and draw them elsewhere",
          e);
    }
  }

  /**
   * {@return the format that a file's ending says; empty if it says none}
   *
   * @param file a name
   */
  public static Optional<Format> format(Path file) {
    if (hasEnding(file, ".svg")) {
      return Optional.of(Format.SVG);
    }
    return hasEnding(file, ".png") ? Optional.of(Format.PNG) : Optional.empty();
  }

  static boolean isSvg(Path file) {
    return hasEnding(file, ".svg");
  }

  private static boolean hasEnding(Path file, String ending) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
  }
}
