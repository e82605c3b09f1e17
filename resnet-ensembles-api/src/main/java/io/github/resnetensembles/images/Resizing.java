package io.github.resnetensembles.images;

/**
 * Resizing as Pillow's {@code Image.resize} does it, bit by bit: first along the rows, then along
 * the columns, each time rounded to bytes. Only what a window of the result needs is computed.
 */
final class Resizing {
  private final NarrowedRows rows;
  private final ResizePass pass;

  /**
   * Nothing is computed yet.
   *
   * @param image the original
   * @param width of the whole resized image
   * @param height of the whole resized image
   * @param window what is wanted of it
   */
  Resizing(Raster8 image, int width, int height, Window window, Interpolation interpolation) {
    ResizeFilter horizontal =
        ResizeFilter.of(image.width(), width, window.x(), window.width(), interpolation);
    ResizeFilter vertical =
        ResizeFilter.of(image.height(), height, window.y(), window.height(), interpolation);
    this.rows = new NarrowedRows(image, horizontal, vertical.start(), vertical.most());
    this.pass = new ResizePass(vertical, window.width() * image.channels());
  }

  /**
   * A part of an image.
   *
   * @param x its first column
   * @param y its first row
   * @param width in pixels
   * @param height in pixels
   */
  record Window(int x, int y, int width, int height) {}

  /**
   * A row of the window; they are asked for from top to bottom.
   *
   * @return integers of 0 to 255, all of the first channel, then of the next ones; until another
   *     row is asked for
   */
  int[] row(int y) {
    return pass.line(y, rows::row);
  }
}
