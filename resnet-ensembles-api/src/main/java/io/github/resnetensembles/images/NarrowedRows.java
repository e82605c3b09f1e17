package io.github.resnetensembles.images;

/**
 * The rows of an image resized along themselves. They are asked for from top to bottom, computed
 * some at a time, column by column, and the last ones are kept.
 */
final class NarrowedRows {
  /** Rows that are computed at once: enough for vector instructions, few enough for the caches. */
  private static final int BAND = 64;

  private final Raster8 image;
  private final ResizeFilter filter;
  private final ResizePass pass;
  private final int channels;
  private final int from;
  private final int[][] columns;
  private final int[][] rows;
  private int nextRow;
  private int nextColumn;

  /**
   * Nothing is computed yet.
   *
   * @param filter along the rows
   * @param from the first row that will be asked for
   * @param kept how many rows stay after they were asked for
   */
  NarrowedRows(Raster8 image, ResizeFilter filter, int from, int kept) {
    this.image = image;
    this.filter = filter;
    this.channels = image.channels();
    this.from = from;
    this.pass = new ResizePass(filter, channels * BAND);
    this.columns = new int[filter.most()][channels * BAND];
    this.rows = new int[(1 + (kept + BAND - 1) / BAND) * BAND][channels * filter.outputs()];
    this.nextRow = from;
  }

  /**
   * A row.
   *
   * @return all of its first channel, then of the next ones
   */
  int[] row(int y) {
    while (nextRow <= y) {
      narrow();
      nextRow += BAND;
    }
    return rows[(y - from) % rows.length];
  }

  private void narrow() {
    int band = (nextRow - from) % rows.length;
    nextColumn = filter.start();
    for (int x = 0; x < filter.outputs(); x++) {
      int[] column = pass.line(x, this::column);
      for (int c = 0; c < channels; c++) {
        put(column, c * BAND, band, c * filter.outputs() + x);
      }
    }
  }

  private void put(int[] column, int at, int band, int to) {
    for (int r = 0; r < BAND; r++) {
      rows[band + r][to] = column[at + r];
    }
  }

  /** A column of the band: all of its first channel, then of the next ones. */
  private int[] column(int x) {
    while (nextColumn <= x) {
      unpack(nextColumn, columns[nextColumn % columns.length]);
      nextColumn++;
    }
    return columns[x % columns.length];
  }

  private void unpack(int x, int[] column) {
    byte[] in = image.samples();
    int count = Math.min(BAND, image.height() - nextRow);
    int stride = channels * image.width();
    for (int c = 0; c < channels; c++) {
      int at = (nextRow * image.width() + x) * channels + c;
      for (int r = 0; r < count; r++) {
        column[c * BAND + r] = in[at] & 0xff;
        at += stride;
      }
    }
  }
}
