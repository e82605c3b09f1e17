package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockLayers;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.statistics.distribution.NormalDistribution;

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
    FeatureShape shape = architecture.input().paddedShape();
    int first = n * shape.size();
    return values(shape, (c, i, j) -> pixels[first + (c * shape.height() + i) * shape.width() + j]);
  }

  private double[][][] block(Block block, double[][][] x) {
    BlockLayers layers = block.layers();
    double gain = block.spec().gain();
    double[][][] led = through(layers.lead(), x);
    double[][][] zeros = values(block.sum(), (c, i, j) -> 0);
    double[][][] skip = block.spec().plain() ? zeros : through(layers.skip(), led);
    double[][][] branch = gain == 0 ? zeros : through(layers.branch(), led);
    return through(
        layers.post(), values(block.sum(), (c, i, j) -> skip[c][i][j] + gain * branch[c][i][j]));
  }

  private double[][][] through(List<PlacedLayer> layers, double[][][] x) {
    double[][][] y = x;
    for (PlacedLayer layer : layers) {
      y = layer(layer, y);
    }
    return y;
  }

  private double[][][] layer(PlacedLayer placed, double[][][] x) {
    FeatureShape shape = placed.output();
    if (placed.layer() instanceof Layer.Convolution convolution) {
      return conv(placed.name(), convolution, x);
    }
    if (placed.layer() instanceof Layer.BatchNorm norm) {
      double epsilon = norm.epsilon().orElse(architecture.batchNormEpsilon());
      return norm(placed.name(), epsilon, shape, x);
    }
    if (placed.layer() instanceof Layer.Relu) {
      return values(shape, (c, i, j) -> x[c][i][j] < 0 ? 0 : x[c][i][j]);
    }
    if (placed.layer() instanceof Layer.ActivationFunction activation) {
      return values(shape, (c, i, j) -> function(activation.function(), x[c][i][j]));
    }
    if (placed.layer() instanceof Layer.LeakyRelu leaky) {
      return values(shape, (c, i, j) -> Math.max(x[c][i][j], leaky.slope() * x[c][i][j]));
    }
    if (placed.layer() instanceof Layer.SqueezeExcitation excitation) {
      return gated(x, excited(placed.name(), excitation, means(x)));
    }
    if (placed.layer() instanceof Layer.ChannelAttention) {
      return gated(x, attended(tensor(placed.name() + ".conv.weight"), means(x)));
    }
    if (placed.layer() instanceof Layer.LayerScale) {
      return gated(x, tensor(placed.name() + ".weight"));
    }
    if (placed.layer() instanceof Layer.GroupNorm norm) {
      return groupNorm(placed.name(), norm, x);
    }
    if (placed.layer() instanceof Layer.LayerNorm norm) {
      return layerNorm(placed.name(), norm.epsilon(), x);
    }
    if (placed.layer() instanceof Layer.GlobalMaxPool) {
      return column(
          Arrays.stream(x)
              .mapToDouble(
                  plane ->
                      Arrays.stream(plane)
                          .flatMapToDouble(Arrays::stream)
                          .reduce(Math::max)
                          .orElse(0))
              .toArray());
    }
    if (placed.layer() instanceof Layer.FirstChannels) {
      return values(shape, (c, i, j) -> x[c][i][j]);
    }
    if (placed.layer() instanceof Layer.Tokens) {
      int width = x[0][0].length;
      return values(shape, (c, token, one) -> x[c][token / width][token % width]);
    }
    if (placed.layer() instanceof Layer.ClassToken) {
      double[] token = tensor(placed.name() + ".weight");
      return values(shape, (c, i, j) -> i == 0 ? token[c] : x[c][i - 1][j]);
    }
    if (placed.layer() instanceof Layer.PositionEmbedding) {
      double[] added = tensor(placed.name() + ".weight");
      return values(
          shape, (c, i, j) -> x[c][i][j] + added[(i * shape.width() + j) * shape.channels() + c]);
    }
    if (placed.layer() instanceof Layer.TokenSelection selection) {
      return values(shape, (c, i, j) -> x[c][selection.first() + i][j]);
    }
    if (placed.layer() instanceof Layer.SelfAttention attention) {
      return attention(placed.name(), attention, shape, x);
    }
    if (placed.layer() instanceof Layer.AveragePool pool) {
      return averagePool(pool, shape, x);
    }
    if (placed.layer() instanceof Layer.BlurPool pool) {
      return blurPool(pool, shape, x);
    }
    if (placed.layer() instanceof Layer.MaxPool pool) {
      return maxPool(pool, shape, x);
    }
    if (placed.layer() instanceof Layer.GlobalAveragePool) {
      return column(means(x));
    }
    if (placed.layer() instanceof Layer.Flatten) {
      return column(flat(x));
    }
    if (placed.layer() instanceof Layer.Dropout) {
      return x;
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
    int height = (x[0].length + step - 1) / step;
    int width = (x[0][0].length + step - 1) / step;
    return values(
        new FeatureShape(layer.channels(), height, width),
        (c, i, j) -> c < before || c >= before + x.length ? 0 : x[c - before][i * step][j * step]);
  }

  private static double[] flat(double[][][] x) {
    return Arrays.stream(x).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[][][] column(double[] values) {
    return values(new FeatureShape(values.length, 1, 1), (c, i, j) -> values[c]);
  }

  /** Output (o, i, j) is the sum of w(o, c, u, v) · x(c, s·i + d·u - p, s·j + d·v - p). */
  private double[][][] conv(String name, Layer.Convolution layer, double[][][] x) {
    double[] w = tensor(name + ".weight");
    int kernel = layer.kernel();
    int seen = x.length / layer.groups();
    int reach = 2 * layer.padding() - layer.dilation() * (kernel - 1) - 1;
    int height = (x[0].length + reach) / layer.stride() + 1;
    int width = (x[0][0].length + reach) / layer.stride() + 1;
    return values(
        new FeatureShape(layer.channels(), height, width),
        (o, i, j) -> {
          int first = o / (layer.channels() / layer.groups()) * seen;
          double sum = layer.bias() ? tensor(name + ".bias")[o] : 0;
          for (int c = 0; c < seen; c++) {
            for (int u = 0; u < kernel; u++) {
              for (int v = 0; v < kernel; v++) {
                int row = i * layer.stride() + u * layer.dilation() - layer.padding();
                int column = j * layer.stride() + v * layer.dilation() - layer.padding();
                if (inside(x[first + c], row, column)) {
                  sum += w[((o * seen + c) * kernel + u) * kernel + v] * x[first + c][row][column];
                }
              }
            }
          }
          return sum;
        });
  }

  private static boolean inside(double[][] plane, int row, int column) {
    return row >= 0 && row < plane.length && column >= 0 && column < plane[0].length;
  }

  private double[][][] norm(String name, double epsilon, FeatureShape shape, double[][][] x) {
    double[] gamma = tensor(name + ".weight");
    double[] beta = tensor(name + ".bias");
    double[] mean = tensor(name + ".running_mean");
    double[] variance = tensor(name + ".running_var");
    return values(
        shape,
        (c, i, j) ->
            gamma[c] / Math.sqrt(variance[c] + epsilon) * (x[c][i][j] - mean[c]) + beta[c]);
  }

  private static double[][][] maxPool(Layer.MaxPool layer, FeatureShape shape, double[][][] x) {
    return values(
        shape,
        (c, i, j) -> {
          double largest = Double.NEGATIVE_INFINITY;
          for (int u = 0; u < layer.kernel(); u++) {
            for (int v = 0; v < layer.kernel(); v++) {
              int row = layer.stride() * i + u - layer.padding();
              int column = layer.stride() * j + v - layer.padding();
              if (inside(x[c], row, column)) {
                largest = Math.max(largest, x[c][row][column]);
              }
            }
          }
          return largest;
        });
  }

  private static double function(Layer.Function function, double x) {
    double sigmoid = 1 / (1 + Math.exp(-x));
    double hard = Math.max(0, Math.min(1, x / 6 + 0.5));
    return switch (function) {
      case RELU -> x < 0 ? 0 : x;
      case RELU6 -> x < 0 ? 0 : x > 6 ? 6 : x;
      case SILU -> x * sigmoid;
      case GELU -> x * (1 - NormalDistribution.of(0, 1).survivalProbability(x));
      case GELU_TANH ->
          x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3))));
      case HARD_SWISH -> x * hard;
      case HARD_SIGMOID -> hard;
      case SIGMOID -> sigmoid;
    };
  }

  private static double[][][] gated(double[][][] x, double[] gate) {
    return values(
        new FeatureShape(x.length, x[0].length, x[0][0].length), (c, i, j) -> gate[c] * x[c][i][j]);
  }

  private double[] excited(String name, Layer.SqueezeExcitation layer, double[] means) {
    double[] hidden =
        Arrays.stream(linear(name + ".fc1", means)).map(h -> function(layer.inner(), h)).toArray();
    return Arrays.stream(linear(name + ".fc2", hidden))
        .map(z -> function(layer.gate(), z))
        .toArray();
  }

  private static double[] attended(double[] w, double[] means) {
    double[] gate = new double[means.length];
    for (int c = 0; c < gate.length; c++) {
      double sum = 0;
      for (int other = 0; other < means.length; other++) {
        int tap = other - c + (w.length - 1) / 2;
        sum += tap >= 0 && tap < w.length ? w[tap] * means[other] : 0;
      }
      gate[c] = function(Layer.Function.SIGMOID, sum);
    }
    return gate;
  }

  private double[][][] groupNorm(String name, Layer.GroupNorm layer, double[][][] x) {
    double[][][] y = new double[x.length][][];
    int size = x.length / layer.groups();
    for (int c = 0; c < x.length; c++) {
      int first = c / size * size;
      double[] group = flat(Arrays.copyOfRange(x, first, first + size));
      double gamma = tensor(name + ".weight")[c];
      double beta = tensor(name + ".bias")[c];
      y[c] =
          Arrays.stream(x[c])
              .map(
                  row ->
                      Arrays.stream(row)
                          .map(v -> gamma * standardised(v, group, layer.epsilon()) + beta)
                          .toArray())
              .toArray(double[][]::new);
    }
    return y;
  }

  private double[][][] layerNorm(String name, double epsilon, double[][][] x) {
    double[] gamma = tensor(name + ".weight");
    double[] beta = tensor(name + ".bias");
    return values(
        new FeatureShape(x.length, x[0].length, x[0][0].length),
        (c, i, j) -> {
          double[] pixel = Arrays.stream(x).mapToDouble(plane -> plane[i][j]).toArray();
          return gamma[c] * standardised(x[c][i][j], pixel, epsilon) + beta[c];
        });
  }

  private static double standardised(double value, double[] of, double epsilon) {
    double mean = Arrays.stream(of).average().orElseThrow();
    double variance = Arrays.stream(of).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return (value - mean) / Math.sqrt(variance + epsilon);
  }

  /** Token t sees token u in the share exp(q_t · k_u / sqrt(d)), divided by the sum over all u. */
  private double[][][] attention(
      String name, Layer.SelfAttention layer, FeatureShape shape, double[][][] x) {
    int channels = shape.channels();
    int tokens = shape.height() * shape.width();
    int width = channels / layer.heads();
    double[][] qkv = new double[tokens][];
    double[] flat = flat(x);
    for (int t = 0; t < tokens; t++) {
      double[] token = new double[channels];
      for (int c = 0; c < channels; c++) {
        token[c] = flat[c * tokens + t];
      }
      double[] none = new double[3 * channels];
      double[] bias = layer.bias() ? tensor(name + ".qkv.bias") : none;
      qkv[t] = linear(tensor(name + ".qkv.weight"), bias, token);
    }
    double[][] outputs = new double[tokens][];
    for (int t = 0; t < tokens; t++) {
      double[] seen = new double[channels];
      for (int head = 0; head < layer.heads(); head++) {
        double total = 0;
        for (int u = 0; u < tokens; u++) {
          double product = 0;
          for (int i = head * width; i < (head + 1) * width; i++) {
            product += qkv[t][i] * qkv[u][channels + i];
          }
          double share = Math.exp(product / Math.sqrt(width));
          total += share;
          for (int i = head * width; i < (head + 1) * width; i++) {
            seen[i] += share * qkv[u][2 * channels + i];
          }
        }
        for (int i = head * width; i < (head + 1) * width; i++) {
          seen[i] /= total;
        }
      }
      outputs[t] = linear(tensor(name + ".proj.weight"), tensor(name + ".proj.bias"), seen);
    }
    return values(shape, (c, i, j) -> outputs[i * shape.width() + j][c]);
  }

  /** The mean over the pixels of a window, or over those and the zeros of the padding. */
  private static double[][][] averagePool(
      Layer.AveragePool layer, FeatureShape shape, double[][][] x) {
    return values(
        shape,
        (c, i, j) -> {
          double sum = 0;
          int count = 0;
          for (int u = 0; u < layer.kernel(); u++) {
            for (int v = 0; v < layer.kernel(); v++) {
              int row = layer.stride() * i + u - layer.padding();
              int column = layer.stride() * j + v - layer.padding();
              boolean pixel = inside(x[c], row, column);
              boolean padding =
                  row < x[c].length + layer.padding() && column < x[c][0].length + layer.padding();
              sum += pixel ? x[c][row][column] : 0;
              count += pixel || (layer.countPadding() && padding) ? 1 : 0;
            }
          }
          return sum / count;
        });
  }

  private static double[][][] blurPool(Layer.BlurPool layer, FeatureShape shape, double[][][] x) {
    return values(
        shape,
        (c, i, j) -> {
          double sum = 0;
          for (int u = -1; u <= 1; u++) {
            for (int v = -1; v <= 1; v++) {
              int row = Math.abs(layer.stride() * i + u);
              int column = Math.abs(layer.stride() * j + v);
              row = Math.min(row, 2 * (x[c].length - 1) - row);
              column = Math.min(column, 2 * (x[c][0].length - 1) - column);
              sum += (2 - Math.abs(u)) * (2 - Math.abs(v)) * x[c][row][column] / 16;
            }
          }
          return sum;
        });
  }

  private static double[] means(double[][][] x) {
    return Arrays.stream(x)
        .mapToDouble(
            plane ->
                Arrays.stream(plane).flatMapToDouble(Arrays::stream).average().orElse(Double.NaN))
        .toArray();
  }

  private double[] linear(String name, double[] x) {
    return linear(tensor(name + ".weight"), tensor(name + ".bias"), x);
  }

  private static double[] linear(double[] w, double[] bias, double[] x) {
    double[] y = bias.clone();
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += w[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private static double[][][] values(FeatureShape shape, Formula formula) {
    double[][][] y = new double[shape.channels()][shape.height()][shape.width()];
    for (int c = 0; c < shape.channels(); c++) {
      for (int i = 0; i < shape.height(); i++) {
        for (int j = 0; j < shape.width(); j++) {
          y[c][i][j] = formula.at(c, i, j);
        }
      }
    }
    return y;
  }

  /** The value of a layer's output at a channel, row and column. */
  private interface Formula {
    double at(int c, int i, int j);
  }

  private double[] tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
