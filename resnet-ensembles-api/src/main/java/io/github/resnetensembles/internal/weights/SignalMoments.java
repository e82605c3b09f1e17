package io.github.resnetensembles.internal.weights;

import io.github.resnetensembles.Architecture;
import io.github.resnetensembles.Block;
import io.github.resnetensembles.BlockKind;
import io.github.resnetensembles.BlockSpec;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.HeadSpec;
import io.github.resnetensembles.Shortcut;
import io.github.resnetensembles.ShortcutInput;
import io.github.resnetensembles.StemSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the mean and the variance of every channel through an untrained network and writes what
 * its BatchNorm layers would count into their running statistics. Signals are taken as normal
 * before each ReLU, and pixels, channels, skip and branch as uncorrelated; the input as mean 0 and
 * variance 1; max-pooling as leaving both as they are. The drawn kernels and the zeros at borders
 * are taken as they are.
 */
final class SignalMoments {
  private final Map<String, float[]> values;
  private final Map<String, List<Integer>> shapes = new HashMap<>();

  /** Mean and variance of each channel. */
  private record Signal(List<Double> mean, List<Double> variance) {
    Signal plus(Signal other) {
      return new Signal(sum(mean, other.mean), sum(variance, other.variance));
    }

    Signal times(double gain) {
      return new Signal(
          mean.stream().map(m -> gain * m).toList(),
          variance.stream().map(v -> gain * gain * v).toList());
    }

    private static List<Double> sum(List<Double> a, List<Double> b) {
      List<Double> sum = new ArrayList<>();
      for (int i = 0; i < a.size(); i++) {
        sum.add(a.get(i) + b.get(i));
      }
      return sum;
    }
  }

  /** How many output places of one axis see the kernel's taps {@code from} to {@code to - 1}. */
  private record Reach(int from, int to) {}

  private SignalMoments(Architecture architecture, Map<String, float[]> values) {
    this.values = values;
    architecture.parameters().forEach(spec -> shapes.put(spec.name(), spec.shape()));
  }

  /** Overwrites the values of every running mean and variance. */
  static void fillRunningStatistics(Architecture architecture, Map<String, float[]> values) {
    new SignalMoments(architecture, values).walk(architecture);
  }

  private void walk(Architecture architecture) {
    double epsilon = architecture.batchNormEpsilon();
    FeatureShape image = architecture.input().paddedShape();
    Signal y = standard(image.channels());
    StemSpec stem = architecture.stem();
    boolean imageNet = stem.kind() == StemSpec.Kind.CONV_7X7_MAX_POOL;
    y = convolve("stem.conv", y, image, imageNet ? 2 : 1);
    if (stem.batchNorm()) {
      y = rectify(normalise("stem.bn", y, epsilon));
    }
    for (Block block : architecture.blocks()) {
      y = step(block, (BlockSpec.Layered) block.spec(), y, epsilon);
    }
    if (architecture.head().kind() == HeadSpec.Kind.NORM_POOL_LINEAR) {
      normalise("head.bn", y, epsilon);
    } else if (architecture.head().kind() == HeadSpec.Kind.HIDDEN_LINEAR) {
      normalise("head.bn", multiply("head.linear1", y), epsilon);
    }
  }

  private Signal step(Block block, BlockSpec.Layered spec, Signal y, double epsilon) {
    String prefix = "blocks." + block.number() + ".";
    boolean pre = spec.kind().preActivation();
    boolean bottleneck = spec.kind().expansion() > 1;
    int layers = spec.kind() == BlockKind.CONV ? 1 : bottleneck ? 3 : 2;
    int strided = bottleneck ? 2 : 1;
    FeatureShape place = block.input();
    Signal f = y;
    Signal activated = y;
    for (int layer = 1; layer <= layers; layer++) {
      String norm = prefix + "bn" + layer;
      if (pre && (layer > 1 || spec.leadingNorm())) {
        f = rectify(normalise(norm, f, epsilon));
        activated = layer == 1 ? f : activated;
      }
      int stride = layer == strided ? spec.stride() : 1;
      f = convolve(prefix + "conv" + layer, f, place, stride);
      place = strided(place, stride);
      if (!pre) {
        f = normalise(norm, f, epsilon);
        f = layer < layers || spec.kind() == BlockKind.CONV ? rectify(f) : f;
      }
    }
    Signal seen = spec.shortcutInput() == ShortcutInput.ACTIVATED ? activated : y;
    Signal skip = shortcut(prefix, spec, seen, block.input(), epsilon);
    Signal sum = spec.plain() ? f : skip.plus(f.times(spec.gain()));
    return pre || spec.kind() == BlockKind.CONV ? sum : rectify(sum);
  }

  private Signal shortcut(
      String prefix, BlockSpec.Layered spec, Signal seen, FeatureShape place, double epsilon) {
    return switch (spec.shortcut()) {
      case IDENTITY -> seen;
      case PROJECTION ->
          normalise(
              prefix + "shortcut.bn",
              convolve(prefix + "shortcut.conv", seen, place, spec.stride()),
              epsilon);
      case ZERO_PAD_EVEN, ZERO_PAD_END -> {
        int added = spec.width() - seen.mean.size();
        int before = spec.shortcut() == Shortcut.ZERO_PAD_EVEN ? added / 2 : 0;
        yield new Signal(
            padded(seen.mean, before, added - before),
            padded(seen.variance, before, added - before));
      }
    };
  }

  private static List<Double> padded(List<Double> list, int before, int after) {
    List<Double> padded = new ArrayList<>(Collections.nCopies(before, 0.0));
    padded.addAll(list);
    padded.addAll(Collections.nCopies(after, 0.0));
    return padded;
  }

  private static Signal standard(int channels) {
    return new Signal(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
  }

  private static FeatureShape strided(FeatureShape shape, int stride) {
    return new FeatureShape(
        shape.channels(), (shape.height() - 1) / stride + 1, (shape.width() - 1) / stride + 1);
  }

  private float[] of(String name) {
    float @Nullable [] found = values.get(name);
    if (found == null) {
      throw new IllegalStateException("there is no " + name);
    }
    return found;
  }

  private List<Integer> shape(String name) {
    List<Integer> found = shapes.get(name);
    if (found == null) {
      throw new IllegalStateException("there is no " + name);
    }
    return found;
  }

  /** Mean over output places, and variance over images and places. */
  private Signal convolve(String layer, Signal in, FeatureShape place, int stride) {
    float[] kernel = of(layer + ".weight");
    List<Integer> shape = shape(layer + ".weight");
    int inputs = shape.get(1);
    int size = shape.get(2);
    Map<Reach, Integer> rows = reaches(place.height(), size, stride);
    Map<Reach, Integer> columns = reaches(place.width(), size, stride);
    List<Double> means = new ArrayList<>();
    List<Double> variances = new ArrayList<>();
    double[] tapMean = new double[size * size];
    double[] tapVariance = new double[size * size];
    for (int out = 0; out < shape.get(0); out++) {
      for (int tap = 0; tap < size * size; tap++) {
        tapMean[tap] = 0;
        tapVariance[tap] = 0;
        for (int i = 0; i < inputs; i++) {
          double w = kernel[(out * inputs + i) * size * size + tap];
          tapMean[tap] += w * in.mean.get(i);
          tapVariance[tap] += w * w * in.variance.get(i);
        }
      }
      double places = 0;
      double mean = 0;
      double square = 0;
      double variance = 0;
      for (Map.Entry<Reach, Integer> row : rows.entrySet()) {
        for (Map.Entry<Reach, Integer> column : columns.entrySet()) {
          double weight = (double) row.getValue() * column.getValue();
          double here = window(tapMean, size, row.getKey(), column.getKey());
          places += weight;
          mean += weight * here;
          square += weight * here * here;
          variance += weight * window(tapVariance, size, row.getKey(), column.getKey());
        }
      }
      mean /= places;
      means.add(mean);
      variances.add(variance / places + Math.max(0, square / places - mean * mean));
    }
    return new Signal(means, variances);
  }

  private static double window(double[] taps, int size, Reach rows, Reach columns) {
    double sum = 0;
    for (int r = rows.from; r < rows.to; r++) {
      for (int c = columns.from; c < columns.to; c++) {
        sum += taps[r * size + c];
      }
    }
    return sum;
  }

  private static Map<Reach, Integer> reaches(int length, int size, int stride) {
    Map<Reach, Integer> counts = new LinkedHashMap<>();
    int padding = size / 2;
    for (int place = 0; place < length; place += stride) {
      Reach reach =
          new Reach(Math.max(0, padding - place), Math.min(size, length + padding - place));
      counts.merge(reach, 1, Integer::sum);
    }
    return counts;
  }

  /** A linear layer on flattened channels, each of as many places. */
  private Signal multiply(String layer, Signal in) {
    float[] matrix = of(layer + ".weight");
    List<Integer> shape = shape(layer + ".weight");
    int places = shape.get(1) / in.mean.size();
    List<Double> means = new ArrayList<>();
    List<Double> variances = new ArrayList<>();
    for (int out = 0; out < shape.get(0); out++) {
      double mean = 0;
      double variance = 0;
      for (int i = 0; i < shape.get(1); i++) {
        double w = matrix[out * shape.get(1) + i];
        mean += w * in.mean.get(i / places);
        variance += w * w * in.variance.get(i / places);
      }
      means.add(mean);
      variances.add(variance);
    }
    return new Signal(means, variances);
  }

  private Signal normalise(String layer, Signal in, double epsilon) {
    float[] mean = of(layer + ".running_mean");
    float[] variance = of(layer + ".running_var");
    List<Double> left = new ArrayList<>();
    for (int c = 0; c < mean.length; c++) {
      mean[c] = in.mean.get(c).floatValue();
      variance[c] = in.variance.get(c).floatValue();
      left.add(in.variance.get(c) / (in.variance.get(c) + epsilon));
    }
    return new Signal(Collections.nCopies(mean.length, 0.0), left);
  }

  /** The moments of max(0, x) for a normal x. */
  private static Signal rectify(Signal in) {
    List<Double> means = new ArrayList<>();
    List<Double> variances = new ArrayList<>();
    for (int c = 0; c < in.mean.size(); c++) {
      double m = in.mean.get(c);
      double v = in.variance.get(c);
      double deviation = Math.sqrt(v);
      double a = deviation == 0 ? (m > 0 ? 40 : -40) : Math.max(-40, Math.min(40, m / deviation));
      double below = normalDistribution(a);
      double density = StrictMath.exp(-a * a / 2) / Math.sqrt(2 * Math.PI);
      double mean = m * below + deviation * density;
      double square = (m * m + v) * below + m * deviation * density;
      means.add(mean);
      variances.add(Math.max(0, square - mean * mean));
    }
    return new Signal(means, variances);
  }

  /** Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
  private static double normalDistribution(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double poly =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double tail = StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * poly;
    return x > 0 ? 1 - tail : tail;
  }
}
