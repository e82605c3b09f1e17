package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import java.util.Arrays;
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
      double[][][] x = stem(image(pixels, n));
      for (Block block : architecture.blocks()) {
        x = block(block, (BlockSpec.Layered) block.spec(), x);
      }
      System.arraycopy(head(x), 0, logits, n * classes, classes);
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

  private double[][][] stem(double[][][] x) {
    StemSpec stem = architecture.stem();
    boolean large = stem.kind() == StemSpec.Kind.CONV_7X7_MAX_POOL;
    double[][][] y = large ? conv("stem.conv", 7, 2, x) : conv("stem.conv", 3, 1, x);
    if (stem.batchNorm()) {
      y = normRelu("stem.bn", y);
    }
    return large ? maxPool(3, 1, y) : y;
  }

  private double[][][] block(Block block, BlockSpec.Layered spec, double[][][] x) {
    String p = "blocks." + block.number() + ".";
    double[][][] activated =
        spec.kind().preActivation() && spec.leadingNorm() ? normRelu(p + "bn1", x) : x;
    double[][][] sum =
        planes(spec.width(), strided(x[0].length, spec), strided(x[0][0].length, spec));
    if (!spec.plain()) {
      boolean raw = spec.shortcutInput() == ShortcutInput.RAW;
      add(sum, 1, shortcut(p, spec, raw ? x : activated));
    }
    if (spec.gain() != 0) {
      add(sum, spec.gain(), branch(p, spec, activated));
    }
    if (spec.maxPool()) {
      return maxPool(2, 0, sum);
    }
    boolean relu = spec.kind() == BlockKind.BASIC || spec.kind() == BlockKind.BOTTLENECK;
    return relu ? relu(sum) : sum;
  }

  private double[][][] branch(String p, BlockSpec.Layered spec, double[][][] x) {
    int stride = spec.stride();
    return switch (spec.kind()) {
      case CONV -> normRelu(p + "bn1", conv(p + "conv1", 3, stride, x));
      case BASIC -> {
        double[][][] h = normRelu(p + "bn1", conv(p + "conv1", 3, stride, x));
        yield norm(p + "bn2", conv(p + "conv2", 3, 1, h));
      }
      case BOTTLENECK -> {
        double[][][] h = normRelu(p + "bn1", conv(p + "conv1", 1, 1, x));
        h = normRelu(p + "bn2", conv(p + "conv2", 3, stride, h));
        yield norm(p + "bn3", conv(p + "conv3", 1, 1, h));
      }
      case PRE_BASIC -> {
        double[][][] h = normRelu(p + "bn2", conv(p + "conv1", 3, stride, x));
        yield conv(p + "conv2", 3, 1, h);
      }
      case PRE_BOTTLENECK -> {
        double[][][] h = normRelu(p + "bn2", conv(p + "conv1", 1, 1, x));
        h = normRelu(p + "bn3", conv(p + "conv2", 3, stride, h));
        yield conv(p + "conv3", 1, 1, h);
      }
    };
  }

  private double[][][] shortcut(String p, BlockSpec.Layered spec, double[][][] x) {
    if (spec.shortcut() == Shortcut.IDENTITY) {
      return x;
    }
    if (spec.shortcut() == Shortcut.PROJECTION) {
      return norm(p + "shortcut.bn", conv(p + "shortcut.conv", 1, spec.stride(), x));
    }
    int before = spec.shortcut() == Shortcut.ZERO_PAD_EVEN ? (spec.width() - x.length) / 2 : 0;
    double[][][] y =
        planes(spec.width(), strided(x[0].length, spec), strided(x[0][0].length, spec));
    for (int c = 0; c < x.length; c++) {
      for (int i = 0; i < y[0].length; i++) {
        for (int j = 0; j < y[0][0].length; j++) {
          y[before + c][i][j] = x[c][i * spec.stride()][j * spec.stride()];
        }
      }
    }
    return y;
  }

  private double[] head(double[][][] x) {
    HeadSpec head = architecture.head();
    if (head.kind() == HeadSpec.Kind.HIDDEN_LINEAR) {
      double[] flat =
          Arrays.stream(x).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray();
      double[] hidden = linear("head.linear1", flat);
      double[][][] pixels = planes(hidden.length, 1, 1);
      for (int c = 0; c < hidden.length; c++) {
        pixels[c][0][0] = hidden[c];
      }
      return linear("head.linear2", means(normRelu("head.bn", pixels)));
    }
    boolean normed = head.kind() == HeadSpec.Kind.NORM_POOL_LINEAR;
    return linear("head.linear", means(normed ? normRelu("head.bn", x) : x));
  }

  private double[][][] conv(String name, int kernel, int stride, double[][][] x) {
    double[] w = tensor(name + ".weight");
    int in = x.length;
    int out = w.length / (in * kernel * kernel);
    int height = x[0].length;
    int width = x[0][0].length;
    double[][][] y = planes(out, (height + stride - 1) / stride, (width + stride - 1) / stride);
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < y[o].length; i++) {
        for (int j = 0; j < y[o][i].length; j++) {
          double sum = 0;
          for (int c = 0; c < in; c++) {
            for (int u = 0; u < kernel; u++) {
              for (int v = 0; v < kernel; v++) {
                int row = i * stride + u - kernel / 2;
                int column = j * stride + v - kernel / 2;
                if (row >= 0 && row < height && column >= 0 && column < width) {
                  sum += w[((o * in + c) * kernel + u) * kernel + v] * x[c][row][column];
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

  private double[][][] normRelu(String name, double[][][] x) {
    return relu(norm(name, x));
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

  private static double[][][] maxPool(int kernel, int padding, double[][][] x) {
    double[][][] y = planes(x.length, (x[0].length + 1) / 2, (x[0][0].length + 1) / 2);
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
              int row = 2 * i + u - padding;
              int column = 2 * j + v - padding;
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

  private static int strided(int size, BlockSpec.Layered spec) {
    return (size + spec.stride() - 1) / spec.stride();
  }

  private static double[][][] planes(int channels, int height, int width) {
    return new double[channels][height][width];
  }

  private double[] tensor(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}
