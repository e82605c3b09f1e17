package io.github.resnetensembles.internal.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Layer;
import org.junit.jupiter.api.Test;

/** Layers against numbers worked out by hand. */
final class ReferenceLayersTest {
  private static final double NAN = Double.NaN;

  @Test
  void pointwiseConvolutionMixesChannels() {
    Features x = features(1, 2, 1, 2, 1, 2, 10, 20);

    Features y = convolution(new double[] {3, 4, -1, 0.5}, 2, 1, 1).apply(x);

    assertThat(y.shape()).isEqualTo(new FeatureShape(2, 1, 2));
    assertThat(y.values()).containsExactly(3 + 40, 6 + 80, -1 + 5, -2 + 10);
  }

  @Test
  void convolutionIsACorrelationPaddedWithZeros() {
    Features x = features(1, 1, 2, 3, 1, 2, 3, 4, 5, 6);
    double[] digits = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};

    Features y = convolution(digits, 1, 3, 1).apply(x);

    assertThat(y.values())
        .containsExactly(
            2e5 + 1e4 + 4e7 + 5e8,
            1e3 + 2e4 + 3e5 + 4e6 + 5e7 + 6e8,
            2e3 + 3e4 + 5e6 + 6e7,
            4e4 + 5e5 + 10 + 200,
            4e3 + 5e4 + 6e5 + 1 + 20 + 300,
            5e3 + 6e4 + 2 + 30);
  }

  @Test
  void stridedConvolutionKeepsEveryOtherPlace() {
    Features x = features(1, 1, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    double[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1};

    assertThat(convolution(ones, 1, 3, 2).apply(x).values())
        .containsExactly(1 + 2 + 4 + 5, 2 + 3 + 5 + 6, 4 + 5 + 7 + 8, 5 + 6 + 8 + 9);
    assertThat(convolution(new double[] {2}, 1, 1, 2).apply(x).values())
        .containsExactly(2, 6, 14, 18);
  }

  @Test
  void largeKernelReachesBeyondASmallInput() {
    double[] kernel = new double[49];
    kernel[3 * 7 + 3] = 5;
    kernel[3 * 7 + 6] = 100;
    Features x = features(1, 1, 1, 4, 1, 2, 3, 4);

    assertThat(convolution(kernel, 1, 7, 2).apply(x).values()).containsExactly(5 + 400, 15);
  }

  @Test
  void batchNormUsesTheStoredStatistics() {
    BatchNorm norm =
        new BatchNorm(
            "bn",
            new double[] {2, -1},
            new double[] {0.5, 3},
            new double[] {1, 10},
            new double[] {3.75, 0},
            0.25);

    assertThat(norm.apply(features(2, 2, 1, 1, 5, 10, 1, 11)).values())
        .containsExactly(2 * 4 / 2.0 + 0.5, 3, 0.5, -1 / 0.5 + 3);
  }

  @Test
  void batchNormInTrainModeUsesTheBatchesStatistics() {
    BatchNorm norm =
        new BatchNorm(
            "bn",
            new double[] {2, -1},
            new double[] {0.5, 3},
            new double[] {70, 80},
            new double[] {90, 100},
            0.25);
    // Channel 1: 1, 3, 1, 3 with mean 2 and biased variance 1; channel 2: constant.
    Features x = features(2, 2, 1, 2, 1, 3, 7, 7, 1, 3, 7, 7);
    LayerTrace trace = norm.trace(x, BatchNormMode.TRAIN);
    double deviation = Math.sqrt(1.25);

    assertThat(trace.output().values())
        .containsExactly(
            -2 / deviation + 0.5,
            2 / deviation + 0.5,
            3,
            3,
            -2 / deviation + 0.5,
            2 / deviation + 0.5,
            3,
            3);
    // A cotangent that is the same for all values of a channel changes the mean only: nothing is
    // left.
    assertThat(trace.pullBack(features(2, 2, 1, 2, 5, 5, 4, 4, 5, 5, 4, 4)).values())
        .containsOnly(0, -0.0);
  }

  @Test
  void maxPoolingPassesItsDerivativeToTheFirstMaximum() {
    LayerTrace trace =
        layer(new Layer.MaxPool(2, 2, 0, true))
            .trace(features(1, 1, 2, 2, 3, 7, 7, 7), BatchNormMode.EVAL);

    assertThat(trace.pullBack(features(1, 1, 1, 1, 5)).values()).containsExactly(0, 5, 0, 0);
  }

  @Test
  void reluPassesNothingAtZero() {
    assertThat(
            Layers.relu(features(1, 1, 1, 3, -1, 0, 2))
                .pullBack(features(1, 1, 1, 3, 5, 6, 7))
                .values())
        .containsExactly(0, 0, 7);
  }

  @Test
  void zeroPaddingPutsTheSmallerHalfInFront() {
    Features x =
        features(1, 2, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    double[] kept = {1, 3, 7, 9, 11, 13, 17, 19};

    assertThat(layer(new Layer.ZeroPadding(5, 2, true)).apply(x).values())
        .startsWith(0, 0, 0, 0)
        .containsSequence(kept)
        .endsWith(0, 0, 0, 0, 0, 0, 0, 0)
        .hasSize(20);
    assertThat(layer(new Layer.ZeroPadding(5, 2, false)).apply(x).values())
        .startsWith(kept)
        .hasSize(20);
  }

  @Test
  void maxPoolingRoundsUpAndPassesNaN() {
    Features x = features(1, 1, 3, 3, -1, -2, -3, -4, -5, -6, -7, -8, -9);

    assertThat(layer(new Layer.MaxPool(2, 2, 0, true)).apply(x).values())
        .containsExactly(-1, -3, -7, -9);
    assertThat(layer(new Layer.MaxPool(3, 2, 1, false)).apply(x).values())
        .containsExactly(-1, -2, -4, -5);
    assertThat(
            layer(new Layer.MaxPool(2, 2, 0, true)).apply(features(1, 1, 1, 3, NAN, 1, 2)).values())
        .containsExactly(NAN, 2);
  }

  @Test
  void reluKeepsNaN() {
    assertThat(Layers.relu(features(1, 1, 1, 4, -1, 0, 2, NAN)).output().values())
        .containsExactly(0, 0, 2, NAN);
  }

  @Test
  void averageAndLinearWorkImageByImage() {
    Features x = features(2, 2, 1, 2, 1, 3, 10, 20, -1, 1, 0, 7);

    assertThat(Layers.globalAverage(x).output().values()).containsExactly(2, 15, 0, 3.5);
    assertThat(
            new Linear("linear", new double[] {1, 0, 0, 1, 0, 1, 1, 0}, new double[] {100, -1})
                .apply(x)
                .values())
        .containsExactly(121, 12, 106, 0);
  }

  private static Operation layer(Layer.MaxPool layer) {
    return (x, mode) -> Layers.maxPool(x, layer);
  }

  private static Operation layer(Layer.ZeroPadding layer) {
    return (x, mode) -> Layers.zeroPadding(x, layer);
  }

  private static Features features(
      int images, int channels, int height, int width, double... values) {
    return new Features(images, new FeatureShape(channels, height, width), values);
  }

  private static Convolution convolution(double[] weight, int channels, int kernel, int stride) {
    return new Convolution(
        "conv", new Layer.Convolution("conv", channels, kernel, stride), weight, null);
  }
}
