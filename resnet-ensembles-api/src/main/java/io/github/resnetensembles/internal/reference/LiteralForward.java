package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockLayers;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The intact network, one image at a time, each layer as its textbook formula on [channel][y][x].
 * It shares no code with the layers that the steps run, so that each checks the other.
 */
final class LiteralForward {
  private final Architecture architecture;
  private final Map<String, double[]> tensors;

  LiteralForward(Architecture architecture, Map<String, double[]> tensors) {
    this.architecture = architecture;
    this.tensors = Map.copyOf(tensors);
  }

  double[] logits(float[] pixels, int images) {
    int classes = architecture.head().classes();
    double[] logits = new double[images * classes];
    for (int n = 0; n < images; n++) {
      double[][][] x = through(architecture.stemLayers(), image(pixels, n));
      for (Block block : architecture.blocks()) {
        x = block(block, x);
      }
      x = through(architecture.headLayers(), x);
      for (int c = 0; c < classes; c++) {
        logits[n * classes + c] = x[c][0][0];
      }
    }
    return logits;
  }

  private double[][][] image(float[] pixels, int n) {
    var shape = architecture.input().paddedShape();
    double[][][] x = new double[shape.channels()][shape.height()][shape.width()];
    int i = n * shape.size();
    for (double[][] plane : x) {
      for (double[] row : plane) {
        for (int column = 0; column < row.length; column++) {
          row[column] = pixels[i++];
        }
      }
    }
    return x;
  }

  private double[][][] block(Block block, double[][][] x) {
    BlockLayers layers = block.layers();
    double[][][] led = through(layers.lead(), x);
    double[][][] sum = planes(block.sum().channels(), block.sum().height(), block.sum().width());
    if (!block.spec().plain()) {
      add(sum, 1, through(layers.skip(), led));
    }
    if (block.spec().gain() != 0) {
      add(sum, block.spec().gain(), through(layers.branch(), led));
    }
    return through(layers.post(), sum);
  }

  private double[][][] through(List<PlacedLayer> layers, double[][][] x) {
    double[][][] y = x;
    for (PlacedLayer layer : layers) {
      y = layer(layer, y);
    }
    return y;
  }

  private double[][][] layer(PlacedLayer placed, double[][][] x) {
    if (placed.layer() instanceof Layer.Convolution convolution) {
      return conv(placed.name(), convolution, x);
    }
    if (placed.layer() instanceof Layer.BatchNorm) {
      return norm(placed.name(), x);
    }
    if (placed.layer() instanceof Layer.Relu) {
      return relu(x);
    }
    if (placed.layer() instanceof Layer.MaxPool pool) {
      return maxPool(pool, placed.output().height(), placed.output().width(), x);
    }
    if (placed.layer() instanceof Layer.GlobalAveragePool) {
      return column(means(x));
    }
    if (placed.layer() instanceof Layer.Flatten) {
      return column(flat(x));
    }
    if (placed.layer() instanceof Layer.Linear) {
      return column(linear(placed.name(), flat(x)));
    }
    if (placed.layer() instanceof Layer.ZeroPadding padding) {
      return zeroPadded(padding, x);
    }
    throw new IllegalStateException("no formula for " + placed.layer());
  }

  private static double[][][] zeroPadded(Layer.ZeroPadding layer, double[][][] x) {
    int before = layer.even() ? (layer.channels() - x.length) / 2 : 0;
    int step = layer.stride();
    double[][][] y =
        planes(
            layer.channels(), (x[0].length + step - 1) / step, (x[0][0].length + step - 1) / step);
    for (int c = 0; c < x.length; c++) {
      for (int i = 0; i < y[0].length; i++) {
        for (int j = 0; j < y[0][0].length; j++) {
          y[before + c][i][j] = x[c][i * step][j * step];
        }
      }
    }
    return y;
  }

  private static double[] flat(double[][][] x) {
    return Arrays.stream(x).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[][][] column(double[] values) {
    double[][][] x = planes(values.length, 1, 1);
    for (int c = 0; c < values.length; c++) {
      x[c][0][0] = values[c];
    }
    return x;
  }

  /** Output (o, i, j) is the sum of w(o, c, u, v) · x(c, s·i + d·u - p, s·j + d·v - p). */
  private double[][][] conv(String name, Layer.Convolution layer, double[][][] x) {
    double[] w = tensor(name + ".weight");
    int kernel = layer.kernel();
    int seen = x.length / layer.groups();
    int height = x[0].length;
    int width = x[0][0].length;
    int reach = 2 * layer.padding() - layer.dilation() * (kernel - 1) - 1;
    double[][][] y =
        planes(
            layer.channels(),
            (height + reach) / layer.stride() + 1,
            (width + reach) / layer.stride() + 1);
    for (int o = 0; o < y.length; o++) {
      int first = o / (y.length / layer.groups()) * seen;
      double bias = layer.bias() ? tensor(name + ".bias")[o] : 0;
      for (int i = 0; i < y[o].length; i++) {
        for (int j = 0; j < y[o][i].length; j++) {
          double sum = bias;
          for (int c = 0; c < seen; c++) {
            for (int u = 0; u < kernel; u++) {
              for (int v = 0; v < kernel; v++) {
                int row = i * layer.stride() + u * layer.dilation() - layer.padding();
                int column = j * layer.stride() + v * layer.dilation() - layer.padding();
                if (row >= 0 && row < height && column >= 0 && column < width) {
                  sum += w[((o * seen + c) * kernel + u) * kernel + v] * x[first + c][row][column];
                }
              }
            }
          }
          y[o][i][j] = sum;
        }
      }
    }
    return y;
  }

  private double[][][] norm(String name, double[][][] x) {
    double[] gamma = tensor(name + ".weight");
    double[] beta = tensor(name + ".bias");
    double[] mean = tensor(name + ".running_mean");
    double[] variance = tensor(name + ".running_var");
    double[][][] y = planes(x.length, x[0].length, x[0][0].length);
    for (int c = 0; c < y.length; c++) {
      double factor = gamma[c] / Math.sqrt(variance[c] + architecture.batchNormEpsilon());
      for (int i = 0; i < y[c].length; i++) {
        for (int j = 0; j < y[c][i].length; j++) {
          y[c][i][j] = factor * (x[c][i][j] - mean[c]) + beta[c];
        }
      }
    }
    return y;
  }

  private static double[][][] relu(double[][][] x) {
    double[][][] y = planes(x.length, x[0].length, x[0][0].length);
    for (int c = 0; c < y.length; c++) {
      for (int i = 0; i < y[c].length; i++) {
        for (int j = 0; j < y[c][i].length; j++) {
          y[c][i][j] = x[c][i][j] < 0 ? 0 : x[c][i][j];
        }
      }
    }
    return y;
  }

  private static double[][][] maxPool(
      Layer.MaxPool layer, int outHeight, int outWidth, double[][][] x) {
    int kernel = layer.kernel();
    double[][][] y = planes(x.length, outHeight, outWidth);
    for (double[][] plane : y) {
      for (double[] row : plane) {
        Arrays.fill(row, Double.NEGATIVE_INFINITY);
      }
    }
    for (int c = 0; c < x.length; c++) {
      for (int i = 0; i < y[c].length; i++) {
        for (int j = 0; j < y[c][i].length; j++) {
          for (int u = 0; u < kernel; u++) {
            for (int v = 0; v < kernel; v++) {
              int row = layer.stride() * i + u - layer.padding();
              int column = layer.stride() * j + v - layer.padding();
              if (row >= 0 && row < x[c].length && column >= 0 && column < x[c][0].length) {
                y[c][i][j] = Math.max(y[c][i][j], x[c][row][column]);
              }
            }
          }
        }
      }
    }
    return y;
  }

  private static void add(double[][][] sum, double gain, double[][][] x) {
    for (int c = 0; c < sum.length; c++) {
      for (int i = 0; i < sum[c].length; i++) {
        for (int j = 0; j < sum[c][i].length; j++) {
          sum[c][i][j] += gain * x[c][i][j];
        }
      }
    }
  }

  private static double[] means(double[][][] x) {
    return Arrays.stream(x)
        .mapToDouble(
            plane ->
                Arrays.stream(plane).flatMapToDouble(Arrays::stream).average().orElse(Double.NaN))
        .toArray();
  }

  private double[] linear(String name, double[] x) {
    double[] w = tensor(name + ".weight");
    double[] y = tensor(name + ".bias").clone();
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += w[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private static double[][][] planes(int channels, int height, int width) {
    return new double[channels][height][width];
  }

  private double[] tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
