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

  private TransformerInference(Tensors tensors, Assumptions assumptions, String usualEpsilon) {
    this.tensors = tensors;
    this.width = tensors.shape("stem.patches.weight", 4).get(0);
    this.heads = heads(assumptions);
    this.activation = assumptions.activation("gelu");
    this.epsilon =
        assumptions.real(Assumption.EPS, usualEpsilon.isEmpty() ? EPSILON : usualEpsilon);
  }

  static Architecture build(Tensors tensors, Assumptions assumptions, String usualEpsilon) {
    return new TransformerInference(tensors, assumptions, usualEpsilon).build();
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
    int tokens = tensors.shape("stem.position.weight", 3).get(1) - (classToken ? 1 : 0);
    int side = (int) Math.round(Math.sqrt(tokens));
    if (side * side != tokens) {
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
    if (classToken) {
      stem.add(new Layer.ClassToken("class"));
    }
    stem.add(new Layer.PositionEmbedding("position"));
    List<Layer> head = new ArrayList<>();
    head.add(new Layer.LayerNorm("norm", epsilon));
    head.add(classToken ? new Layer.TokenSelection(0, 1) : new Layer.GlobalAveragePool());
    if (classToken) {
      head.add(new Layer.Flatten());
    }
    head.add(new Layer.Linear("linear", classes));
    return Architecture.builder("inferred")
        .input(Architecture.of("convnext-tiny").input().withSize(side * patch))
        .stem(new StemSpec(stem))
        .blocks(blocks())
        .head(new HeadSpec(head, classes))
        .build();
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
