package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Layer;

/** One linear map without parameters, of each channel's pixels on their own. */
final class PlaneMap {
  private static final double[] BINOMIAL = {0.25, 0.5, 0.25};

  private final FeatureShape output;
  private final Entries entries;

  private PlaneMap(FeatureShape output, Entries entries) {
    this.output = output;
    this.entries = entries;
  }

  /** Calls for each entry of the map's matrix that is not 0. */
  @FunctionalInterface
  private interface Entries {
    void forEach(Entry entry);
  }

  /** A pixel of the input, a pixel of the output, and the weight between. */
  @FunctionalInterface
  private interface Entry {
    void at(int in, int out, double weight);
  }

  LayerTrace apply(Features input) {
    int planeIn = input.shape().height() * input.shape().width();
    int planeOut = output.height() * output.width();
    int planes = input.images() * output.channels();
    Features y = Features.zeros(input.images(), output);
    entries.forEach(
        (in, out, weight) -> {
          for (int plane = 0; plane < planes; plane++) {
            y.values()[plane * planeOut + out] += weight * input.values()[plane * planeIn + in];
          }
        });
    return LayerTrace.of(
        y,
        v -> {
          Features result = Features.zeros(input.images(), input.shape());
          entries.forEach(
              (in, out, weight) -> {
                for (int plane = 0; plane < planes; plane++) {
                  result.values()[plane * planeIn + in] +=
                      weight * v.values()[plane * planeOut + out];
                }
              });
          return result;
        });
  }

  static PlaneMap average(Layer.AveragePool layer, FeatureShape input) {
    FeatureShape output = layer.output(input);
    return new PlaneMap(
        output,
        entry -> {
          for (int i = 0; i < output.height(); i++) {
            for (int j = 0; j < output.width(); j++) {
              window(layer, input, output, i, j, entry);
            }
          }
        });
  }

  private static void window(
      Layer.AveragePool layer, FeatureShape in, FeatureShape out, int i, int j, Entry entry) {
    int top = i * layer.stride() - layer.padding();
    int left = j * layer.stride() - layer.padding();
    int beyond = layer.countPadding() ? layer.padding() : 0;
    int rows = Math.min(top + layer.kernel(), in.height() + beyond) - Math.max(top, -beyond);
    int columns = Math.min(left + layer.kernel(), in.width() + beyond) - Math.max(left, -beyond);
    double weight = 1.0 / (rows * columns);
    for (int y = Math.max(0, top); y < Math.min(in.height(), top + layer.kernel()); y++) {
      for (int x = Math.max(0, left); x < Math.min(in.width(), left + layer.kernel()); x++) {
        entry.at(y * in.width() + x, i * out.width() + j, weight);
      }
    }
  }

  static PlaneMap blur(Layer.BlurPool layer, FeatureShape input) {
    FeatureShape output = layer.output(input);
    return new PlaneMap(
        output,
        entry -> {
          for (int out = 0; out < output.height() * output.width(); out++) {
            int row = out / output.width() * layer.stride();
            int column = out % output.width() * layer.stride();
            for (int tap = 0; tap < 9; tap++) {
              int y = reflected(row + tap / 3 - 1, input.height());
              int x = reflected(column + tap % 3 - 1, input.width());
              entry.at(y * input.width() + x, out, BINOMIAL[tap / 3] * BINOMIAL[tap % 3]);
            }
          }
        });
  }

  /** A place at most one pixel outside, reflected at the middle of the border's pixel. */
  private static int reflected(int place, int size) {
    return place < 0 ? -place : place >= size ? 2 * size - 2 - place : place;
  }
}
