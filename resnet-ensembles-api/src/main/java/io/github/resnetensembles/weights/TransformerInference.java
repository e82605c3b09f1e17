package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.List;

/** Infers vision transformers (Dosovitskiy et al. 2021): each layer is two blocks. */
final class TransformerInference {
  /** The usual width of a head. */
  private static final int HEAD_WIDTH = 64;

  private static final String EPSILON = "1e-6";

  private final Tensors tensors;
  private final int width;
  private final int heads;
  private final Layer activation;
  private final double epsilon;

  private TransformerInference(Tensors tensors, Assumptions assumptions) {
    this.tensors = tensors;
    this.width = tensors.shape("stem.patches.weight", 4).get(0);
    this.heads = heads(assumptions);
    this.activation = assumptions.activation("gelu");
    this.epsilon = assumptions.real(Assumption.EPS, EPSILON);
  }

  static Architecture build(Tensors tensors, Assumptions assumptions) {
    return new TransformerInference(tensors, assumptions).build();
  }

  private int heads(Assumptions assumptions) {
    if (!assumptions.isGiven(Assumption.HEADS) && width % HEAD_WIDTH != 0) {
      throw new InvalidWeightsException(
          "heads are usually %s channels wide, which does not divide the width %s: say how many"
                  .formatted(HEAD_WIDTH, width)
              + " there are with heads=NUMBER, a divisor of "
              + width);
    }
    return assumptions.number(Assumption.HEADS, Math.max(1, width / HEAD_WIDTH));
  }

  private Architecture build() {
    int patch = tensors.shape("stem.patches.weight", 4).get(2);
    boolean classToken = tensors.hasLayer("stem.class");
    if (tensors.hasLayer("stem.distillation")) {
      throw new InvalidWeightsException(
          "there is a distillation token beside the class token, which no architecture here has; "
              + Tensors.PARTS);
    }
    int positions = tensors.shape("stem.position.weight", 3).get(1);
    boolean placed = classToken && !square(positions);
    int tokens = positions - (placed ? 1 : 0);
    int side = (int) Math.round(Math.sqrt(tokens));
    if (!square(tokens)) {
      throw new InvalidWeightsException(
          "there are positions for %s patches, which are no square%s"
              .formatted(tokens, Tensors.REMEDY));
    }
    int classes = tensors.outputs("head.linear.weight");
    List<Layer> stem = new ArrayList<>();
    stem.add(
        new Layer.Convolution(
            "patches", width, patch, patch, 0, 1, 1, tensors.has("stem.patches.bias")));
    stem.add(new Layer.Tokens());
    stem.add(new Layer.PositionEmbedding("position"));
    if (classToken) {
      stem.add(placed ? stem.size() - 1 : stem.size(), new Layer.ClassToken("class"));
    }
    List<Layer> head = pool(classToken, tokens);
    head.add(new Layer.Linear("linear", classes));
    return Architecture.builder("inferred")
        .input(Architecture.of("convnext-tiny").input().withSize(side * patch))
        .stem(new StemSpec(stem))
        .blocks(blocks())
        .head(new HeadSpec(head, classes))
        .build();
  }

  private static boolean square(int number) {
    int root = (int) Math.round(Math.sqrt(number));
    return root * root == number;
  }

  /** A norm behind the pool is a sign that the pool is a mean, which leaves out the class token. */
  private List<Layer> pool(boolean classToken, int tokens) {
    List<Layer> layers = new ArrayList<>();
    if (tensors.hasLayer("head.pooled")) {
      if (classToken) {
        layers.add(new Layer.TokenSelection(1, tokens));
      }
      layers.add(new Layer.GlobalAveragePool());
      layers.add(new Layer.LayerNorm("pooled", epsilon));
      return layers;
    }
    layers.add(new Layer.LayerNorm("norm", epsilon));
    if (classToken) {
      layers.add(new Layer.TokenSelection(0, 1));
      layers.add(new Layer.Flatten());
    } else {
      layers.add(new Layer.GlobalAveragePool());
    }
    return layers;
  }

  private List<BlockSpec> blocks() {
    List<BlockSpec> blocks = new ArrayList<>();
    for (int number = 1; tensors.hasLayer("blocks." + number + ".norm"); number++) {
      String prefix = "blocks." + number + ".";
      List<Layer> branch = new ArrayList<>();
      branch.add(new Layer.LayerNorm("norm", epsilon));
      if (tensors.hasLayer(prefix + "attention.qkv")) {
        branch.add(
            new Layer.SelfAttention(
                "attention", heads, tensors.has(prefix + "attention.qkv.bias")));
      } else {
        branch.add(pointwise(prefix, "fc1"));
        branch.add(activation);
        branch.add(pointwise(prefix, "fc2"));
      }
      if (tensors.hasLayer(prefix + "scale")) {
        branch.add(new Layer.LayerScale("scale"));
      }
      blocks.add(new BlockSpec.Layered(List.of(), branch, List.of(), List.of(), false, 1));
    }
    return blocks;
  }

  private Layer pointwise(String prefix, String name) {
    return new Layer.Convolution(
        name, tensors.outputs(prefix + name + ".weight"), 1, 1, 0, 1, 1, true);
  }
}
