package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows of resized images beside the plainest program: pixel by pixel, first along the rows. */
final class ResizingTest {
  @ParameterizedTest(name = "{0}x{1} to {2}x{3}, window at {4}, {5} of {6}x{7}")
  @CsvSource({
    "1, 1, 1, 1, 0, 0, 1, 1",
    "1, 1, 5, 7, 1, 2, 3, 4",
    "9, 7, 1, 1, 0, 0, 1, 1",
    "40, 64, 20, 32, 0, 0, 20, 32",
    "41, 65, 20, 32, 3, 5, 14, 20",
    "30, 129, 17, 128, 2, 60, 9, 68",
    "30, 200, 30, 50, 4, 1, 20, 49",
    "33, 50, 20, 50, 0, 7, 20, 30",
    "12, 300, 6, 2, 1, 0, 4, 2",
    "20, 90, 61, 250, 11, 100, 40, 150",
    "50, 10, 20, 30, 0, 0, 20, 30",
    "70, 131, 70, 131, 9, 63, 60, 67"
  })
  void rowsAreThoseOfThePlainProgram(
      int in, int inRows, int width, int height, int x, int y, int columns, int rows) {
    Resizing.Window window = new Resizing.Window(x, y, columns, rows);
    for (Interpolation interpolation : Interpolation.values()) {
      for (int channels : new int[] {1, 3}) {
        byte[] samples = new byte[in * inRows * channels];
        new Random(7).nextBytes(samples);
        Raster8 image = new Raster8(in, inRows, channels, samples);

        int[][] expected = plain(image, width, height, window, interpolation);

        Resizing resizing = new Resizing(image, width, height, window, interpolation);
        for (int row = 0; row < rows; row++) {
          assertThat(resizing.row(row))
              .as("row %s, %s channels, %s", row, channels, interpolation)
              .containsExactly(expected[row]);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 0", "2097151, 0", "2097152, 1", "1069547519, 255", "1400000000, 255"})
  void sumsAreRoundedToBytes(int sum, int expected) {
    assertThat(ResizeFilter.rounded(sum)).isEqualTo(expected);
  }

  private static int[][] plain(
      Raster8 image, int width, int height, Resizing.Window window, Interpolation interpolation) {
    ResizeFilter across = ResizeFilter.of(image.width(), width, 0, width, interpolation);
    ResizeFilter down = ResizeFilter.of(image.height(), height, 0, height, interpolation);
    int channels = image.channels();
    int[][] result = new int[window.height()][channels * window.width()];
    for (int c = 0; c < channels; c++) {
      for (int x = 0; x < window.width(); x++) {
        int column = window.x() + x;
        int[] narrowed = new int[image.height()];
        for (int y = 0; y < image.height(); y++) {
          int[] line = new int[image.width()];
          for (int i = 0; i < line.length; i++) {
            line[i] = image.samples()[(y * image.width() + i) * channels + c] & 0xff;
          }
          narrowed[y] = weighted(line, across, column);
        }
        for (int y = 0; y < window.height(); y++) {
          result[y][c * window.width() + x] = weighted(narrowed, down, window.y() + y);
        }
      }
    }
    return result;
  }

  private static int weighted(int[] line, ResizeFilter filter, int output) {
    long sum = 0;
    int at = filter.first(output);
    for (int weight : filter.weights(output)) {
      sum += (long) line[at++] * weight;
    }
    return (int) Math.max(0, Math.min(255, Math.round(sum / (double) (1 << 22))));
  }
}
