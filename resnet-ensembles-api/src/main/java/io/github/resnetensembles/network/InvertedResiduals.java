package io.github.resnetensembles.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Networks of inverted residuals: what widens, a depthwise convolution, what narrows. Those that
 * change the shape have no skip connection and stand in the lead of the next block that has one, or
 * in the head.
 */
final class InvertedResiduals {
  private static final int CLASSES = 1000;

  private final Layer activation;
  private final boolean excites;
  private final List<BlockSpec> blocks = new ArrayList<>();
  private final List<Layer> waiting = new ArrayList<>();
  private int waitingUnits;
  private int channels;

  /**
   * Some units of one shape.
   *
   * @param factor how much wider the depthwise convolution is than the input
   * @param stride of the first
   */
  private record Units(int factor, int channels, int count, int stride, int kernel) {}

  private InvertedResiduals(Layer activation, boolean excites, int channels) {
    this.activation = activation;
    this.excites = excites;
    this.channels = channels;
  }

  /** Sandler et al. 2018, as in torchvision. */
  static Architecture mobileNetV2(String name) {
    return new InvertedResiduals(new Layer.ActivationFunction(Layer.Function.RELU6), false, 32)
        .network(
            name,
            List.of(
                new Units(1, 16, 1, 1, 3),
                new Units(6, 24, 2, 2, 3),
                new Units(6, 32, 3, 2, 3),
                new Units(6, 64, 4, 2, 3),
                new Units(6, 96, 3, 1, 3),
                new Units(6, 160, 3, 2, 3),
                new Units(6, 320, 1, 1, 3)));
  }

  /** Tan and Le 2019, as in torchvision. */
  static Architecture efficientNetB0(String name) {
    return new InvertedResiduals(new Layer.ActivationFunction(Layer.Function.SILU), true, 32)
        .network(
            name,
            List.of(
                new Units(1, 16, 1, 1, 3),
                new Units(6, 24, 2, 2, 3),
                new Units(6, 40, 2, 2, 5),
                new Units(6, 80, 3, 2, 3),
                new Units(6, 112, 3, 1, 5),
                new Units(6, 192, 4, 2, 5),
                new Units(6, 320, 1, 1, 3)));
  }

  private Architecture network(String name, List<Units> all) {
    StemSpec stem =
        new StemSpec(
            List.of(
                new Layer.Convolution("conv", channels, 3, 2),
                new Layer.BatchNorm("bn"),
                activation));
    for (Units units : all) {
      for (int i = 0; i < units.count(); i++) {
        add(units, i == 0 ? units.stride() : 1);
      }
    }
    List<Layer> head = new ArrayList<>(waiting);
    head.addAll(
        List.of(
            new Layer.Convolution("conv", 1280, 1, 1),
            new Layer.BatchNorm("bn"),
            activation,
            new Layer.GlobalAveragePool(),
            new Layer.Dropout(0.2),
            new Layer.Linear("linear", CLASSES)));
    return Architecture.builder(name)
        .input(Presets.IMAGENET_INPUT)
        .stem(stem)
        .blocks(blocks)
        .head(new HeadSpec(head, CLASSES))
        .build();
  }

  private void add(Units units, int stride) {
    boolean residual = stride == 1 && units.channels() == channels;
    if (residual) {
      blocks.add(
          new BlockSpec.Layered(
              List.copyOf(waiting), unit("", units, 1), List.of(), List.of(), false, 1));
      waiting.clear();
      waitingUnits = 0;
    } else {
      waitingUnits++;
      waiting.addAll(unit("down" + waitingUnits + ".", units, stride));
    }
    channels = units.channels();
  }

  private List<Layer> unit(String prefix, Units units, int stride) {
    int inner = channels * units.factor();
    List<Layer> layers = new ArrayList<>();
    if (units.factor() > 1) {
      layers.add(new Layer.Convolution(prefix + "expand.conv", inner, 1, 1));
      layers.add(new Layer.BatchNorm(prefix + "expand.bn"));
      layers.add(activation);
    }
    layers.add(
        new Layer.Convolution(
            prefix + "depthwise.conv",
            inner,
            units.kernel(),
            stride,
            units.kernel() / 2,
            1,
            inner,
            false));
    layers.add(new Layer.BatchNorm(prefix + "depthwise.bn"));
    layers.add(activation);
    if (excites) {
      layers.add(
          new Layer.SqueezeExcitation(
              prefix + "se", channels / 4, Layer.Function.SILU, Layer.Function.SIGMOID));
    }
    layers.add(new Layer.Convolution(prefix + "project.conv", units.channels(), 1, 1));
    layers.add(new Layer.BatchNorm(prefix + "project.bn"));
    return layers;
  }
}
