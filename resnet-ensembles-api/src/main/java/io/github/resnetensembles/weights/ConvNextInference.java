package io.github.resnetensembles.weights;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.List;

/** Infers ConvNeXts (Liu et al. 2022). */
final class ConvNextInference {
  private final Tensors tensors;
  private final List<Integer> firstOfStage;
  private final Layer activation;
  private final double epsilon;

  private ConvNextInference(
      Tensors tensors, List<Integer> firstOfStage, Layer activation, double epsilon) {
    this.tensors = tensors;
    this.firstOfStage = firstOfStage;
    this.activation = activation;
    this.epsilon = epsilon;
  }

  static Architecture build(TensorNames.Recognised file, Tensors tensors, Assumptions assumptions) {
    Layer activation = assumptions.activation("gelu");
    double epsilon = assumptions.real(Assumption.EPS, "1e-6");
    double last =
        file.scheme().usual().containsKey(Assumption.HEAD_EPS)
            ? assumptions.real(Assumption.HEAD_EPS, "")
            : epsilon;
    ConvNextInference inference =
        new ConvNextInference(tensors, file.firstOfStage(), activation, epsilon);
    int classes = tensors.outputs("head.linear.weight");
    List<Integer> stem = tensors.shape("stem.conv.weight", 4);
    Architecture usual = Architecture.of("convnext-tiny");
    return Architecture.builder("inferred")
        .input(usual.input().withSize(assumptions.number(Assumption.IMAGE_SIZE, 224)))
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution(
                        "conv", stem.get(0), stem.get(2), stem.get(2), 0, 1, 1, true),
                    new Layer.LayerNorm("norm", epsilon))))
        .blocks(inference.blocks())
        .head(
            new HeadSpec(
                List.of(
                    new Layer.GlobalAveragePool(),
                    new Layer.LayerNorm("norm", last),
                    new Layer.Linear("linear", classes)),
                classes))
        .build();
  }

  private List<BlockSpec> blocks() {
    List<BlockSpec> blocks = new ArrayList<>();
    while (tensors.hasLayer("blocks." + (blocks.size() + 1) + ".conv")) {
      blocks.add(block(blocks.size() + 1));
    }
    return blocks;
  }

  private BlockSpec block(int number) {
    String prefix = "blocks." + number + ".";
    List<Integer> depthwise = tensors.shape(prefix + "conv.weight", 4);
    int width = depthwise.get(0);
    int kernel = depthwise.get(2);
    List<Layer> lead = new ArrayList<>();
    if (number > 1 && firstOfStage.contains(number)) {
      lead.add(new Layer.LayerNorm("down.norm", epsilon));
      int patch = tensors.shape(prefix + "down.conv.weight", 4).get(2);
      lead.add(new Layer.Convolution("down.conv", width, patch, patch, 0, 1, 1, true));
    }
    List<Layer> branch = new ArrayList<>();
    branch.add(new Layer.Convolution("conv", width, kernel, 1, kernel / 2, 1, width, true));
    branch.add(new Layer.LayerNorm("norm", epsilon));
    branch.add(pointwise(prefix, "fc1"));
    branch.add(activation);
    branch.add(pointwise(prefix, "fc2"));
    if (tensors.hasLayer(prefix + "scale")) {
      branch.add(new Layer.LayerScale("scale"));
    }
    return new BlockSpec.Layered(lead, branch, List.of(), List.of(), false, 1);
  }

  private Layer pointwise(String prefix, String name) {
    return new Layer.Convolution(
        name, tensors.outputs(prefix + name + ".weight"), 1, 1, 0, 1, 1, true);
  }
}
