package io.github.resnetensembles.weights;

import com.google.common.collect.Iterables;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockLayers;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * The mean square of what every BatchNorm of an untrained network is fed with, in expectation over
 * the draws of the weights, for images of mean 0 and variance 1. Behind a convolution it is exact
 * given the mean square before (zeros at borders counted), since kernels have mean 0. What enters a
 * ReLU is taken as normal: exact behind a convolution, whose outputs are symmetric, an
 * approximation for sums of skip and branch; the moments behind other functions are integrals over
 * the same normal distribution. Max-pooling multiplies by {@link #POOLING}.
 */
final class SignalMoments {
  /** As for the larger of two independent rectified normal values. */
  private static final double POOLING = 1.82;

  /** Steps of an integral for each standard deviation. */
  private static final int STEPS = 16;

  private final double epsilon;
  private final Map<String, List<Double>> found = new HashMap<>();

  /** Mean and variance of one channel. */
  private record Moments(double mean, double variance) {
    static final Moments ZERO = new Moments(0, 0);

    double square() {
      return mean * mean + variance;
    }

    Moments plus(Moments other) {
      return new Moments(mean + other.mean, variance + other.variance);
    }

    Moments times(double gain) {
      return new Moments(gain * mean, gain * gain * variance);
    }

    /** The moments of f(x) for a normal x, by the trapezoidal rule over 8 deviations. */
    Moments through(DoubleUnaryOperator f) {
      double sum = 0;
      double squares = 0;
      double weights = 0;
      for (int i = -8 * STEPS; i <= 8 * STEPS; i++) {
        double z = (double) i / STEPS;
        double value = f.applyAsDouble(mean + Math.sqrt(variance) * z);
        double weight = normalDensity(z);
        sum += weight * value;
        squares += weight * value * value;
        weights += weight;
      }
      double expected = sum / weights;
      return new Moments(expected, Math.max(0, squares / weights - expected * expected));
    }

    /** The moments of max(0, x) for a normal x. */
    Moments rectified() {
      if (variance == 0) {
        return new Moments(Math.max(0, mean), 0);
      }
      double deviation = Math.sqrt(variance);
      // Beyond 40 deviations the normal distribution is 0 or 1 to every digit.
      double a = Math.max(-40, Math.min(40, mean / deviation));
      double share = normalDistribution(a);
      double density = normalDensity(a);
      double cut = mean * share + deviation * density;
      double square = square() * share + mean * deviation * density;
      return new Moments(cut, Math.max(0, square - cut * cut));
    }
  }

  private SignalMoments(double epsilon) {
    this.epsilon = epsilon;
  }

  /** The expected mean squares by the name of the BatchNorm layer, one for each channel. */
  static Map<String, List<Double>> of(Architecture architecture) {
    SignalMoments moments = new SignalMoments(architecture.batchNormEpsilon());
    moments.walk(architecture);
    return moments.found;
  }

  /**
   * Whether the mean squares are expectations, and each network's own are near them: no BatchNorm
   * comes behind what multiplies, averages or attends by what is in the image, nor behind a
   * depthwise convolution, whose channels are each the sum of few products.
   */
  static boolean known(Architecture architecture) {
    List<Layer> layers =
        architecture.layers().filter(SignalMoments::unknownOrNorm).map(PlacedLayer::layer).toList();
    int unknown = Iterables.indexOf(layers, layer -> !(layer instanceof Layer.BatchNorm));
    return unknown < 0
        || layers.subList(unknown, layers.size()).stream()
            .noneMatch(Layer.BatchNorm.class::isInstance);
  }

  private static boolean unknownOrNorm(PlacedLayer placed) {
    Layer layer = placed.layer();
    return layer instanceof Layer.BatchNorm
        || layer instanceof Layer.SqueezeExcitation
        || layer instanceof Layer.ChannelAttention
        || layer instanceof Layer.SelfAttention
        || layer instanceof Layer.AveragePool
        || layer instanceof Layer.BlurPool
        || layer instanceof Layer.GlobalAveragePool
        || layer instanceof Layer.GlobalMaxPool
        || (layer instanceof Layer.Convolution convolution
            && convolution.groups() == placed.input().channels()
            && convolution.groups() > 1);
  }

  private void walk(Architecture architecture) {
    List<Moments> y = Collections.nCopies(architecture.input().channels(), new Moments(0, 1));
    y = through(architecture.stemLayers(), y);
    for (Block block : architecture.blocks()) {
      y = through(block, y);
    }
    through(architecture.headLayers(), y);
  }

  private List<Moments> through(Block block, List<Moments> y) {
    BlockSpec spec = block.spec();
    BlockLayers layers = block.layers();
    List<Moments> led = through(layers.lead(), y);
    List<Moments> f = through(layers.branch(), led);
    List<Moments> skip = through(layers.skip(), led);
    List<Moments> sum = new ArrayList<>();
    for (int c = 0; c < f.size(); c++) {
      sum.add(spec.plain() ? f.get(c) : skip.get(c).plus(f.get(c).times(spec.gain())));
    }
    return through(layers.post(), sum);
  }

  @CanIgnoreReturnValue
  private List<Moments> through(List<PlacedLayer> layers, List<Moments> in) {
    List<Moments> moments = in;
    for (PlacedLayer layer : layers) {
      moments = after(layer, moments);
    }
    return moments;
  }

  private List<Moments> after(PlacedLayer placed, List<Moments> in) {
    if (placed.layer() instanceof Layer.Convolution convolution) {
      return convolved(in, placed.input(), convolution);
    }
    if (placed.layer() instanceof Layer.BatchNorm norm) {
      return normalised(placed.name(), norm.epsilon().orElse(epsilon), in);
    }
    if (placed.layer() instanceof Layer.Relu) {
      return rectified(in);
    }
    if (placed.layer() instanceof Layer.ActivationFunction activation) {
      return in.stream().map(m -> m.through(activation.function()::at)).toList();
    }
    if (placed.layer() instanceof Layer.LeakyRelu leaky) {
      return in.stream().map(m -> m.through(x -> Math.max(x, leaky.slope() * x))).toList();
    }
    if (placed.layer() instanceof Layer.MaxPool) {
      return pooled(in);
    }
    if (placed.layer() instanceof Layer.ZeroPadding padding) {
      return padded(in, padding.before(placed.input()), padding.channels());
    }
    if (placed.layer() instanceof Layer.FirstChannels first) {
      return in.subList(0, first.channels());
    }
    if (placed.layer() instanceof Layer.Linear linear) {
      // Weights uniform in ±1/sqrt(in) have the variance 1/(3·in).
      double square = in.stream().mapToDouble(Moments::square).average().orElseThrow() / 3;
      return Collections.nCopies(linear.outputs(), new Moments(0, square));
    }
    if (placed.layer() instanceof Layer.LayerNorm || placed.layer() instanceof Layer.GroupNorm) {
      return Collections.nCopies(in.size(), new Moments(0, 1));
    }
    if (placed.layer() instanceof Layer.SqueezeExcitation excitation) {
      // The gate at 0, about which untrained ones lie.
      return in.stream().map(m -> m.times(excitation.gate().at(0))).toList();
    }
    if (placed.layer() instanceof Layer.ChannelAttention) {
      return in.stream().map(m -> m.times(Layer.Function.SIGMOID.at(0))).toList();
    }
    if (placed.layer() instanceof Layer.SelfAttention) {
      // Two linear layers, if every token attended to itself alone.
      double square = in.stream().mapToDouble(Moments::square).average().orElseThrow() / 9;
      return Collections.nCopies(in.size(), new Moments(0, square));
    }
    // Dropout, which is the identity; flattened, or averaged over pixels, whose correlations nobody
    // knows: as one pixel is.
    return in;
  }

  private static List<Moments> padded(List<Moments> in, int before, int channels) {
    List<Moments> padded = new ArrayList<>(Collections.nCopies(before, Moments.ZERO));
    padded.addAll(in);
    padded.addAll(Collections.nCopies(channels - padded.size(), Moments.ZERO));
    return padded;
  }

  /** Kernels have the variance 2/(size²·outputs). */
  private static List<Moments> convolved(
      List<Moments> in, FeatureShape place, Layer.Convolution convolution) {
    double inside = inside(place.height(), convolution) * inside(place.width(), convolution);
    int groups = convolution.groups();
    int seen = in.size() / groups;
    int outputs = convolution.channels();
    List<Moments> moments = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      double sum =
          in.subList(group * seen, (group + 1) * seen).stream().mapToDouble(Moments::square).sum();
      moments.addAll(
          Collections.nCopies(outputs / groups, new Moments(0, 2.0 / outputs * inside * sum)));
    }
    return moments;
  }

  /** The share of an axis' kernel taps that see the image, not the zeros around it. */
  private static double inside(int length, Layer.Convolution convolution) {
    long taps = 0;
    long places = 0;
    int end = length + convolution.padding() - convolution.dilation() * (convolution.kernel() - 1);
    for (int place = -convolution.padding(); place < end; place += convolution.stride()) {
      for (int tap = 0; tap < convolution.kernel(); tap++) {
        int pixel = place + tap * convolution.dilation();
        taps += pixel >= 0 && pixel < length ? 1 : 0;
      }
      places++;
    }
    return (double) taps / (places * convolution.kernel());
  }

  private List<Moments> normalised(String layer, double epsilon, List<Moments> in) {
    found.put(layer, in.stream().map(Moments::square).toList());
    return in.stream().map(m -> m.times(1 / Math.sqrt(m.square() + epsilon))).toList();
  }

  private static List<Moments> rectified(List<Moments> in) {
    return in.stream().map(Moments::rectified).toList();
  }

  private static List<Moments> pooled(List<Moments> in) {
    return in.stream().map(m -> m.times(Math.sqrt(POOLING))).toList();
  }

  private static double normalDensity(double x) {
    return StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Abramowitz and Stegun 26.2.17, absolute error below 7.5e-8. */
  private static double normalDistribution(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double series = -1.821255978 + t * 1.330274429;
    series = 0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * series));
    double tail = normalDensity(x) * t * series;
    return x > 0 ? 1 - tail : tail;
  }
}
