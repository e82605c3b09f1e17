package io.github.resnetensembles.weights;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.List;

/** Infers AlexNet and VGG networks, whose blocks are single convolutions. */
final class PlainInference {
  /** AlexNet's first kernel, which says what its stride and its pools are. */
  private static final int ALEXNET_KERNEL = 11;

  private static final int USUAL_SIZE = 224;

  private final Tensors tensors;
  private final Assumptions assumptions;
  private final Layer activation;
  private final double epsilon;
  private final boolean alexnet;

  private PlainInference(Tensors tensors, Assumptions assumptions) {
    this.tensors = tensors;
    this.assumptions = assumptions;
    this.alexnet = tensors.shape("stem.conv.weight", 4).get(2) == ALEXNET_KERNEL;
    this.activation = assumptions.activation("relu");
    this.epsilon = tensors.hasLayer("stem.bn") ? assumptions.real(Assumption.EPS, "1e-5") : 1e-5;
  }

  static Architecture build(Tensors tensors, Assumptions assumptions) {
    return new PlainInference(tensors, assumptions).build();
  }

  private Architecture build() {
    int stride = assumptions.number(Assumption.STEM_STRIDE, alexnet ? 4 : 1);
    List<Layer> stem = convolution("stem.", stride);
    stem.addAll(pool(0));
    List<BlockSpec> blocks = new ArrayList<>();
    int channels = tensors.shape("stem.conv.weight", 4).get(0);
    for (int number = 1; tensors.hasLayer("blocks." + number + ".conv"); number++) {
      String prefix = "blocks." + number + ".";
      int width = tensors.shape(prefix + "conv.weight", 4).get(0);
      blocks.add(
          new BlockSpec.Layered(
              List.of(), convolution(prefix, 1), standIn(channels, width), pool(number), true, 1));
      channels = width;
    }
    List<Layer> head = new ArrayList<>(List.of(new Layer.Flatten()));
    // AlexNet drops inputs of its hidden linear layers, VGG what comes out of their activations.
    List<Layer> dropout = tensors.hasLayer("head.linear2") ? assumptions.dropout("0.5") : List.of();
    int outputs = 0;
    for (int number = 1; tensors.hasLayer("head.linear" + number); number++) {
      if (number > 1) {
        head.add(activation);
      }
      boolean hidden = tensors.hasLayer("head.linear" + (number + 1));
      if (alexnet ? hidden : number > 1) {
        head.addAll(dropout);
      }
      outputs = tensors.outputs("head.linear" + number + ".weight");
      head.add(new Layer.Linear("linear" + number, outputs));
    }
    return Architecture.builder("inferred")
        .input(
            Architecture.of("imagenet-resnet-18")
                .input()
                .withSize(assumptions.number(Assumption.IMAGE_SIZE, usualSize(channels))))
        .stem(new StemSpec(stem))
        .blocks(blocks)
        .head(new HeadSpec(head, outputs))
        .batchNormEpsilon(epsilon)
        .build();
  }

  /** What remains of the image before the first linear layer tells its size. */
  private int usualSize(int channels) {
    double inputs = tensors.inputs("head.linear1.weight");
    int side = (int) Math.round(Math.sqrt(inputs / channels));
    return side == 1 ? 1 << tensors.pooled().size() : USUAL_SIZE;
  }

  private List<Layer> convolution(String prefix, int stride) {
    List<Integer> shape = tensors.shape(prefix + "conv.weight", 4);
    int kernel = shape.get(2);
    List<Layer> layers = new ArrayList<>();
    layers.add(
        new Layer.Convolution(
            "conv",
            shape.get(0),
            kernel,
            stride,
            kernel == ALEXNET_KERNEL ? 2 : kernel / 2,
            1,
            1,
            tensors.has(prefix + "conv.bias")));
    if (tensors.hasLayer(prefix + "bn")) {
      layers.add(new Layer.BatchNorm("bn"));
    }
    layers.add(activation);
    return layers;
  }

  private List<Layer> pool(int number) {
    return tensors.pooled().contains(number)
        ? List.of(new Layer.MaxPool(alexnet ? 3 : 2, 2, 0, false))
        : List.of();
  }

  /** A deleted block leaves the channels that its output shares with its input. */
  private static List<Layer> standIn(int before, int after) {
    return before == after
        ? List.of()
        : after > before
            ? List.of(new Layer.ZeroPadding(after, 1, false))
            : List.of(new Layer.FirstChannels(after));
  }
}
