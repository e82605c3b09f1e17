package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Infers networks of inverted residuals: MobileNet-V2 and V3 (Sandler et al. 2018, Howard et al.
 * 2019), EfficientNets (Tan and Le 2019, 2021) and their kin.
 */
final class InvertedInference {
  /** From units of this reduction on MobileNet-V3 has its own activation. */
  private static final int LATE = 16;

  private static final int B5_STEM = 48;

  private final Tensors tensors;
  private final List<Integer> firstOfStage;
  private final Assumptions assumptions;

  /** Whether the last convolution stands behind the pool, as MobileNet-V3 has it. */
  private final boolean hidden;

  private final Layer activation;
  private final Layer earlyActivation;
  private final Layer.Function gate;
  private final List<Integer> strides;

  /** Which unit is next, and by how much images are smaller before it. */
  private int unit = 1;

  private int reduction;

  private InvertedInference(TensorNames.Recognised file, Tensors tensors, Assumptions assumptions) {
    this.tensors = tensors;
    this.firstOfStage = file.firstOfStage();
    this.assumptions = assumptions;
    this.hidden =
        tensors.hasLayer("head.hidden")
            || (tensors.hasLayer("head.conv") && !tensors.hasLayer("head.bn"));
    boolean excites = tensors.byName().keySet().stream().anyMatch(name -> name.contains("se.fc1."));
    this.activation = assumptions.activation(hidden ? "hard-swish" : excites ? "silu" : "relu6");
    this.earlyActivation = hidden ? assumptions.earlyActivation("relu") : activation;
    this.gate =
        excites ? assumptions.gate(hidden ? "hard-sigmoid" : "sigmoid") : Layer.Function.SIGMOID;
    if (file.scheme().equals(NamingScheme.INVERTED)) {
      String unused = assumptions.word(Assumption.PADDING, "symmetric");
    }
    this.strides = assumptions.numbersSaid(Assumption.STAGE_STRIDES);
  }

  static Architecture build(TensorNames.Recognised file, Tensors tensors, Assumptions assumptions) {
    double epsilon = assumptions.real(Assumption.EPS, usualEpsilon(file.scheme(), tensors));
    return new InvertedInference(file, tensors, assumptions).build(epsilon);
  }

  /** torchvision has another for EfficientNets from B5 on and for EfficientNet-V2. */
  private static String usualEpsilon(NamingScheme scheme, Tensors tensors) {
    boolean large = tensors.shape("stem.conv.weight", 4).get(0) >= B5_STEM;
    boolean fused =
        tensors.hasLayer("blocks.1.expand.conv") && !tensors.hasLayer("blocks.1.depthwise.conv");
    return scheme.equals(NamingScheme.TORCHVISION_EFFICIENTNET) && (large || fused)
        ? "1e-3"
        : "1e-5";
  }

  private Architecture build(double epsilon) {
    StemSpec stem = stem();
    List<BlockSpec> blocks = new ArrayList<>();
    while (isUnit("blocks." + (blocks.size() + 1) + ".")) {
      String prefix = "blocks." + (blocks.size() + 1) + ".";
      List<Layer> lead = lead(prefix);
      blocks.add(new BlockSpec.Layered(lead, unit(prefix, ""), List.of(), List.of(), false, 1));
    }
    int classes = tensors.outputs("head.linear.weight");
    List<Layer> head = lead("head.");
    head.addAll(pool());
    head.addAll(assumptions.dropout("0.2"));
    head.add(new Layer.Linear("linear", classes));
    return Architecture.builder("inferred")
        .input(
            Architecture.of("efficientnet-b0")
                .input()
                .withSize(assumptions.number(Assumption.IMAGE_SIZE, 224)))
        .stem(stem)
        .blocks(blocks)
        .head(new HeadSpec(head, classes))
        .batchNormEpsilon(epsilon)
        .build();
  }

  private StemSpec stem() {
    List<Integer> shape = tensors.shape("stem.conv.weight", 4);
    reduction = assumptions.number(Assumption.STEM_STRIDE, 2);
    return new StemSpec(
        List.of(
            new Layer.Convolution("conv", shape.get(0), shape.get(2), reduction),
            new Layer.BatchNorm("bn"),
            activation));
  }

  private List<Layer> pool() {
    List<Layer> layers = new ArrayList<>();
    boolean average = assumptions.word(Assumption.GLOBAL_POOL, "avg").equals("avg");
    Layer pool = average ? new Layer.GlobalAveragePool() : new Layer.GlobalMaxPool();
    boolean convolution = tensors.hasLayer("head.conv");
    boolean norm = tensors.hasLayer("head.bn");
    if (!norm) {
      layers.add(pool);
    }
    if (convolution) {
      layers.add(
          new Layer.Convolution(
              "conv",
              tensors.outputs("head.conv.weight"),
              1,
              1,
              0,
              1,
              1,
              tensors.has("head.conv.bias")));
      if (norm) {
        layers.add(new Layer.BatchNorm("bn"));
      }
      layers.add(activation);
    }
    if (norm) {
      layers.add(pool);
    }
    if (tensors.hasLayer("head.hidden")) {
      layers.add(new Layer.Linear("hidden", tensors.outputs("head.hidden.weight")));
      layers.add(activation);
    }
    return layers;
  }

  private boolean isUnit(String prefix) {
    return tensors.hasLayer(prefix + "expand.conv")
        || tensors.hasLayer(prefix + "depthwise.conv")
        || tensors.hasLayer(prefix + "down1.expand.conv")
        || tensors.hasLayer(prefix + "down1.depthwise.conv");
  }

  /** The units without skip connections before a block, or in the head. */
  private List<Layer> lead(String prefix) {
    List<Layer> layers = new ArrayList<>();
    for (int down = 1; isUnit(prefix + "down" + down + "."); down++) {
      layers.addAll(unit(prefix, "down" + down + "."));
    }
    return layers;
  }

  /** The first kernel of more than one pixel has the stride. */
  private List<Layer> unit(String prefix, String name) {
    int stage = firstOfStage.indexOf(unit);
    int stride = stage < 0 ? 1 : strides.get(stage);
    unit++;
    reduction *= stride;
    Layer after = reduction < LATE ? earlyActivation : activation;
    List<Layer> layers = new ArrayList<>();
    for (String role : List.of("expand", "depthwise", "project")) {
      String layer = name + role;
      if (tensors.hasLayer(prefix + layer + ".conv")) {
        List<Integer> shape = tensors.shape(prefix + layer + ".conv.weight", 4);
        boolean depthwise = role.equals("depthwise");
        boolean pixels = shape.get(2) == 1;
        layers.add(
            new Layer.Convolution(
                layer + ".conv",
                shape.get(0),
                shape.get(2),
                pixels && !depthwise ? 1 : stride,
                shape.get(2) / 2,
                1,
                depthwise ? shape.get(0) : 1,
                tensors.has(prefix + layer + ".conv.bias")));
        layers.add(new Layer.BatchNorm(layer + ".bn"));
        if (!role.equals("project")) {
          layers.add(after);
        }
      }
      if (role.equals("depthwise") && tensors.hasLayer(prefix + name + "se.fc1")) {
        layers.add(
            new Layer.SqueezeExcitation(
                name + "se",
                tensors.outputs(prefix + name + "se.fc1.weight"),
                hidden ? Layer.Function.RELU : function(after),
                gate));
      }
    }
    return layers;
  }

  private static Layer.Function function(Layer activation) {
    if (activation instanceof Layer.ActivationFunction function) {
      return function.function();
    }
    if (activation instanceof Layer.Relu) {
      return Layer.Function.RELU;
    }
    throw new InvalidWeightsException(
        "squeeze-and-excitation has no leaky ReLU between its layers; assume another activation");
  }
}
