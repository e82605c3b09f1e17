package io.github.resnetensembles.weights;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The mean square of what every BatchNorm of an untrained network is fed with, in expectation over
 * the draws of the weights, for images of mean 0 and variance 1. Behind a convolution it is exact
 * given the mean square before (zeros at borders counted), since kernels have mean 0. What enters a
 * ReLU is taken as normal: exact behind a convolution, whose outputs are symmetric, an
 * approximation for sums of skip and branch. Max-pooling multiplies by {@link #POOLING}.
 */
final class SignalMoments {
  /** As for the larger of two independent rectified normal values. */
  private static final double POOLING = 1.82;

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

  private void walk(Architecture architecture) {
    FeatureShape image = architecture.input().paddedShape();
    StemSpec stem = architecture.stem();
    boolean imageNet = stem.kind() == StemSpec.Kind.CONV_7X7_MAX_POOL;
    List<Moments> y = Collections.nCopies(image.channels(), new Moments(0, 1));
    y = convolved(y, image, stem.width(), imageNet ? 7 : 3, imageNet ? 2 : 1);
    if (stem.batchNorm()) {
      y = rectified(normalised("stem.bn", y));
    }
    y = imageNet ? pooled(y) : y;
    for (Block block : architecture.blocks()) {
      y = step(block, (BlockSpec.Layered) block.spec(), y);
    }
    HeadSpec head = architecture.head();
    if (head.kind() == HeadSpec.Kind.NORM_POOL_LINEAR) {
      normalised("head.bn", y);
    } else if (head.kind() == HeadSpec.Kind.HIDDEN_LINEAR) {
      // Weights uniform in ±1/sqrt(in) have the variance 1/(3·in).
      double square = y.stream().mapToDouble(Moments::square).average().orElseThrow() / 3;
      normalised("head.bn", Collections.nCopies(head.hidden(), new Moments(0, square)));
    }
  }

  private List<Moments> step(Block block, BlockSpec.Layered spec, List<Moments> y) {
    String prefix = "blocks." + block.number() + ".";
    BlockKind kind = spec.kind();
    boolean bottleneck = kind.expansion() > 1;
    int layers = kind == BlockKind.CONV ? 1 : bottleneck ? 3 : 2;
    int inner = spec.width() / kind.expansion();
    FeatureShape place = block.input();
    List<Moments> f = y;
    List<Moments> activated = y;
    for (int layer = 1; layer <= layers; layer++) {
      String norm = prefix + "bn" + layer;
      if (kind.preActivation() && (layer > 1 || spec.leadingNorm())) {
        f = rectified(normalised(norm, f));
        activated = layer == 1 ? f : activated;
      }
      int stride = layer == (bottleneck ? 2 : 1) ? spec.stride() : 1;
      int size = bottleneck && layer != 2 ? 1 : 3;
      f = convolved(f, place, layer == layers ? spec.width() : inner, size, stride);
      place = strided(place, stride);
      if (!kind.preActivation()) {
        f = normalised(norm, f);
        f = layer < layers || kind == BlockKind.CONV ? rectified(f) : f;
      }
    }
    List<Moments> seen = spec.shortcutInput() == ShortcutInput.ACTIVATED ? activated : y;
    List<Moments> skip = shortcut(prefix, spec, seen, block.input());
    List<Moments> sum = new ArrayList<>();
    for (int c = 0; c < f.size(); c++) {
      sum.add(spec.plain() ? f.get(c) : skip.get(c).plus(f.get(c).times(spec.gain())));
    }
    if (kind == BlockKind.CONV) {
      return spec.maxPool() ? pooled(sum) : sum;
    }
    return kind.preActivation() ? sum : rectified(sum);
  }

  private List<Moments> shortcut(
      String prefix, BlockSpec.Layered spec, List<Moments> seen, FeatureShape place) {
    return switch (spec.shortcut()) {
      case IDENTITY -> seen;
      case PROJECTION ->
          normalised(
              prefix + "shortcut.bn", convolved(seen, place, spec.width(), 1, spec.stride()));
      case ZERO_PAD_EVEN, ZERO_PAD_END -> {
        int added = spec.width() - seen.size();
        int before = spec.shortcut() == Shortcut.ZERO_PAD_EVEN ? added / 2 : 0;
        List<Moments> padded = new ArrayList<>(Collections.nCopies(before, Moments.ZERO));
        padded.addAll(seen);
        padded.addAll(Collections.nCopies(added - before, Moments.ZERO));
        yield padded;
      }
    };
  }

  private static FeatureShape strided(FeatureShape shape, int stride) {
    return new FeatureShape(
        shape.channels(), (shape.height() - 1) / stride + 1, (shape.width() - 1) / stride + 1);
  }

  /** Kernels have the variance 2/(size²·outputs). */
  private static List<Moments> convolved(
      List<Moments> in, FeatureShape place, int outputs, int size, int stride) {
    double inside = inside(place.height(), size, stride) * inside(place.width(), size, stride);
    double sum = in.stream().mapToDouble(Moments::square).sum();
    return Collections.nCopies(outputs, new Moments(0, 2.0 / outputs * inside * sum));
  }

  /** The share of an axis' kernel taps that see the image, not the zeros around it. */
  private static double inside(int length, int size, int stride) {
    long taps = 0;
    long places = 0;
    for (int place = 0; place < length; place += stride) {
      int first = place - size / 2;
      taps += Math.min(length, first + size) - Math.max(0, first);
      places++;
    }
    return (double) taps / (places * size);
  }

  @CanIgnoreReturnValue
  private List<Moments> normalised(String layer, List<Moments> in) {
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
