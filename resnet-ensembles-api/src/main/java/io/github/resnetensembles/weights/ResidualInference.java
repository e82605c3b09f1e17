package io.github.resnetensembles.weights;

import io.github.resnetensembles.InvalidWeightsException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.StemSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Infers networks of convolutions with skip connections, post- and pre-activation. What tensors do
 * not tell is assumed; normalisation and zero padding are as in the preset of the same kind.
 */
final class ResidualInference {
  /** MNIST's, for networks of one input channel. */
  private static final InputSpec GREY_INPUT =
      new InputSpec(1, 28, 28, 2, List.of(0.1307), List.of(0.3081));

  private static final int DEEP_STEM = 3;

  private final TensorNames.Recognised file;
  private final Tensors tensors;
  private final Assumptions assumptions;
  private final boolean preActivation;
  private final boolean deepStem;

  /** Whether the stem makes large images small. */
  private final boolean imageNet;

  private final int count;
  private final List<Integer> firstOfStage;
  private final Layer activation;
  private final double epsilon;
  private final boolean batchNorm;
  private final String antiAlias;
  private final List<Integer> strides;
  private final List<Integer> dilations;

  /** Whether a bottleneck's stride is that of its middle convolution. */
  private final boolean middle;

  private final boolean activated;

  private final Layer.Function gate;

  /** Whether projections stand behind pools that names do not tell of. */
  private final boolean averaged;

  ResidualInference(TensorNames.Recognised file, Tensors tensors, Assumptions assumptions) {
    this.file = file;
    this.tensors = tensors;
    this.assumptions = assumptions;
    this.preActivation = tensors.hasLayer("head.bn") || normsCountInputs();
    this.deepStem = tensors.hasLayer("stem.conv1");
    this.imageNet =
        deepStem
            || tensors.shape("stem.conv.weight", 4).get(2) > 3
            || file.scheme().usual().containsKey(Assumption.STEM_STRIDE);
    this.count = count();
    this.firstOfStage = file.firstOfStage().isEmpty() ? stagesByWidth() : file.firstOfStage();
    this.activation = assumptions.activation("relu");
    this.epsilon = assumptions.real(Assumption.EPS, "1e-5");
    this.batchNorm = batchNorm();
    this.antiAlias = assumptions.word(Assumption.ANTI_ALIAS, "none");
    int stages = this.firstOfStage.size();
    this.dilations = assumptions.numbers(Assumption.DILATION, Collections.nCopies(stages, 1));
    List<Integer> usual = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      usual.add(stage == 0 || dilations.get(stage) > 1 ? 1 : 2);
    }
    this.strides = assumptions.numbers(Assumption.STAGE_STRIDES, usual);
    this.middle =
        bottleneck(count) && assumptions.word(Assumption.BOTTLENECK_STRIDE, "3x3").equals("3x3");
    this.activated = shortcutsSeeActivated();
    this.gate =
        tensors.byName().keySet().stream().anyMatch(name -> name.contains(".se."))
            ? assumptions.gate("sigmoid")
            : Layer.Function.SIGMOID;
    this.averaged =
        file.scheme().equals(NamingScheme.PRE_ACTIVATION)
            && tensorsProject()
            && assumptions.word(Assumption.SHORTCUT_POOL, deepStem ? "avg" : "none").equals("avg");
  }

  Architecture build() {
    StemSpec stem = stem();
    List<BlockSpec> blocks = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      blocks.add(new BlockInference(number).spec());
    }
    return Architecture.builder("inferred")
        .input(input())
        .stem(stem)
        .blocks(blocks)
        .head(head())
        .batchNormEpsilon(epsilon)
        .build();
  }

  /** Whether shortcuts see what the leading norm and activation give, not the raw input. */
  private boolean shortcutsSeeActivated() {
    if (!preActivation || !tensorsProject()) {
      return false;
    }
    boolean usual = (imageNet && bottleneck(count)) || !projectionsHaveNorms();
    return assumptions
        .word(Assumption.SHORTCUT_INPUT, usual ? "activated" : "raw")
        .equals("activated");
  }

  private int count() {
    int count = 0;
    while (tensors.hasLayer("blocks." + (count + 1) + ".conv1")) {
      count++;
    }
    if (count == 0) {
      throw new InvalidWeightsException(
          "there is no blocks.1.conv1.weight (layer1.0.conv1)" + Tensors.REMEDY);
    }
    return count;
  }

  /** Without stages in the names, a stage begins where the width changes. */
  private List<Integer> stagesByWidth() {
    List<Integer> first = new ArrayList<>(List.of(1));
    for (int number = 2; number <= count; number++) {
      if (width(number) != width(number - 1)) {
        first.add(number);
      }
    }
    return first;
  }

  private boolean bottleneck(int number) {
    return tensors.hasLayer("blocks." + number + ".conv3");
  }

  private int width(int number) {
    return tensors
        .shape("blocks." + number + (bottleneck(number) ? ".conv3" : ".conv2") + ".weight", 4)
        .get(0);
  }

  private String lastOfStem() {
    return deepStem ? "stem.conv" + DEEP_STEM : "stem.conv";
  }

  private int channelsBefore(int number) {
    return number > 1 ? width(number - 1) : tensors.shape(lastOfStem() + ".weight", 4).get(0);
  }

  /** Norms without running statistics are of an image's own values, if anybody says so. */
  private boolean batchNorm() {
    boolean statistics =
        tensors.byName().keySet().stream().anyMatch(name -> name.endsWith(".running_mean"));
    if (!statistics && file.scheme().equals(NamingScheme.PRE_ACTIVATION)) {
      throw new InvalidWeightsException(
          "there are norms, but no running statistics (running_mean): public networks of these names"
              + " have GroupNorm and standardise their kernels, which no architecture here does; "
              + Tensors.PARTS);
    }
    if (!statistics
        && !assumptions.isGiven(Assumption.NORM_GROUPS)
        && tensors.byName().keySet().stream().anyMatch(name -> name.contains(".bn"))) {
      throw new InvalidWeightsException(
          "there are norms, but no running statistics (running_mean): if they are GroupNorm,"
              + " say so with norm-groups=NUMBER, else the file lacks what BatchNorm needs");
    }
    return statistics || !assumptions.isGiven(Assumption.NORM_GROUPS);
  }

  private Layer norm(String name) {
    return batchNorm
        ? new Layer.BatchNorm(name)
        : new Layer.GroupNorm(name, assumptions.number(Assumption.NORM_GROUPS, 1), epsilon);
  }

  private Layer.Convolution convolution(
      String prefix, String name, int inputs, int stride, int dilation) {
    List<Integer> shape = tensors.shape(prefix + name + ".weight", 4);
    int kernel = shape.get(2);
    int spread = kernel == 1 ? 1 : dilation;
    int groups = shape.get(1) < inputs && inputs % shape.get(1) == 0 ? inputs / shape.get(1) : 1;
    return new Layer.Convolution(
        name,
        shape.get(0),
        kernel,
        stride,
        spread * (kernel - 1) / 2,
        spread,
        groups,
        tensors.has(prefix + name + ".bias"));
  }

  private StemSpec stem() {
    List<Layer> layers = new ArrayList<>();
    int stride = assumptions.number(Assumption.STEM_STRIDE, imageNet ? 2 : 1);
    if (deepStem) {
      int inputs = inputChannels();
      for (int i = 1; i <= DEEP_STEM; i++) {
        Layer.Convolution convolution =
            convolution("stem.", "conv" + i, inputs, i == 1 ? stride : 1, 1);
        layers.add(convolution);
        if (!preActivation || tensors.hasLayer("stem.bn" + i)) {
          layers.addAll(List.of(norm("bn" + i), activation));
        }
        inputs = convolution.channels();
      }
    } else {
      layers.add(convolution("stem.", "conv", inputChannels(), stride, 1));
      if (stemNorm()) {
        layers.add(norm("bn"));
        layers.add(activation);
      }
    }
    if (assumptions.word(Assumption.STEM_POOL, imageNet ? "max" : "none").equals("max")) {
      boolean smooth = !antiAlias.equals("none");
      if (!antiAlias.equals("avg")) {
        layers.add(new Layer.MaxPool(3, smooth ? 1 : 2, 1, false));
      }
      if (smooth) {
        layers.add(halving());
      }
    }
    return new StemSpec(layers);
  }

  /** Missing norms of a damaged file are not taken for a variant: block 1 has one or the stem. */
  private boolean stemNorm() {
    return !preActivation || tensors.hasLayer("stem.bn") || !tensors.hasLayer("blocks.1.bn1");
  }

  /** What halves in place of a strided convolution. */
  private Layer halving() {
    return antiAlias.equals("blur")
        ? new Layer.BlurPool(2)
        : new Layer.AveragePool(2, 2, 0, false, false);
  }

  private HeadSpec head() {
    int classes = tensors.outputs("head.linear.weight");
    List<Layer> layers = new ArrayList<>();
    if (preActivation) {
      layers.add(norm("bn"));
      layers.add(activation);
    }
    boolean average = assumptions.word(Assumption.GLOBAL_POOL, "avg").equals("avg");
    layers.add(average ? new Layer.GlobalAveragePool() : new Layer.GlobalMaxPool());
    layers.add(new Layer.Linear("linear", classes));
    return new HeadSpec(layers, classes);
  }

  private boolean tensorsProject() {
    return tensors.byName().keySet().stream().anyMatch(name -> name.contains(".shortcut."));
  }

  private boolean projectionsHaveNorms() {
    return tensors.byName().keySet().stream().anyMatch(name -> name.contains(".shortcut.bn"));
  }

  /** Whether some block's first BatchNorm counts the block's input channels, not its branch's. */
  private boolean normsCountInputs() {
    for (int number = 1; ; number++) {
      StoredTensor conv = tensors.byName().get("blocks." + number + ".conv1.weight");
      StoredTensor norm = tensors.byName().get("blocks." + number + ".bn1.weight");
      if (conv == null) {
        return false;
      }
      if (norm != null && conv.shape().size() == 4 && norm.shape().size() == 1) {
        int counted = norm.shape().get(0);
        if (counted == conv.shape().get(1) && counted != conv.shape().get(0)) {
          return true;
        }
      }
    }
  }

  private int inputChannels() {
    return tensors.shape((deepStem ? "stem.conv1" : "stem.conv") + ".weight", 4).get(1);
  }

  private InputSpec input() {
    InputSpec preset =
        Architecture.of(
                imageNet ? "imagenet-resnet-18" : preActivation ? "preresnet-20" : "resnet-20")
            .input();
    int channels = inputChannels();
    if (channels != 1 && channels != 3) {
      throw new InvalidWeightsException(
          "the stem takes " + channels + " channels; 1 and 3 are known" + Tensors.REMEDY);
    }
    InputSpec usual =
        channels == 3
            ? preset
            : imageNet
                ? new InputSpec(1, 224, 224, 0, GREY_INPUT.mean(), GREY_INPUT.std())
                : GREY_INPUT;
    int size = assumptions.number(Assumption.IMAGE_SIZE, usual.height());
    return size == usual.height()
        ? usual
        : new InputSpec(channels, size, size, 0, usual.mean(), usual.std());
  }

  /** One block. */
  private final class BlockInference {
    private final int number;
    private final String prefix;
    private final int channels;
    private final int width;
    private final int stride;

    /** Of the first 3x3 convolution, which is that of the stage before in a stage's first block. */
    private final int firstDilation;

    private final int dilation;
    private final int kernels;

    BlockInference(int number) {
      this.number = number;
      this.prefix = "blocks." + number + ".";
      this.channels = channelsBefore(number);
      this.width = width(number);
      int stage = (int) firstOfStage.stream().filter(first -> first <= number).count() - 1;
      boolean first = firstOfStage.contains(number);
      this.stride = first ? strides.get(stage) : 1;
      this.dilation = dilations.get(stage);
      this.firstDilation = first && stage > 0 ? dilations.get(stage - 1) : dilation;
      this.kernels = bottleneck(number) ? 3 : 2;
    }

    BlockSpec spec() {
      List<Layer> skip = skip();
      boolean shared = activated && !skip.isEmpty() && leadingNorm();
      return new BlockSpec.Layered(
          shared ? List.of(norm("bn1"), activation) : List.of(),
          branch(shared),
          skip,
          preActivation ? List.of() : List.of(activation),
          false,
          1);
    }

    /** Without what the lead has. */
    private List<Layer> branch(boolean led) {
      List<Layer> layers = new ArrayList<>();
      int strided = kernels == 3 && middle ? 2 : 1;
      int inputs = channels;
      boolean spread = false;
      for (int i = 1; i <= kernels; i++) {
        int own = i == strided ? stride : 1;
        boolean smooth = own > 1 && !antiAlias.equals("none") && i < kernels;
        boolean wide = tensors.shape(prefix + "conv" + i + ".weight", 4).get(2) > 1;
        Layer.Convolution convolution =
            convolution(
                prefix, "conv" + i, inputs, smooth ? 1 : own, spread ? dilation : firstDilation);
        spread |= wide;
        List<Layer> after = new ArrayList<>();
        if (preActivation) {
          if (i > 1 || (leadingNorm() && !led)) {
            layers.addAll(List.of(norm("bn" + i), activation));
          }
        } else {
          after.add(norm("bn" + i));
          if (i < kernels) {
            after.add(activation);
          }
        }
        layers.add(convolution);
        layers.addAll(after);
        layers.addAll(gates("conv" + i + ".se"));
        if (smooth) {
          layers.add(halving());
        }
        inputs = convolution.channels();
      }
      layers.addAll(gates("se"));
      if (tensors.hasLayer(prefix + "eca.conv")) {
        layers.add(
            new Layer.ChannelAttention("eca", tensors.shape(prefix + "eca.conv.weight", 3).get(2)));
      }
      return layers;
    }

    private boolean leadingNorm() {
      return !prefix.equals("blocks.1.")
          || tensors.hasLayer("blocks.1.bn1")
          || !tensors.hasLayer("stem.bn");
    }

    private List<Layer> gates(String name) {
      return tensors.hasLayer(prefix + name + ".fc1")
          ? List.of(
              new Layer.SqueezeExcitation(
                  name, tensors.outputs(prefix + name + ".fc1.weight"), Layer.Function.RELU, gate))
          : List.of();
    }

    private List<Layer> skip() {
      if (!tensors.hasLayer(prefix + "shortcut.conv")) {
        return stride == 1 && width == channels
            ? List.of()
            : List.of(new Layer.ZeroPadding(width, stride, !preActivation));
      }
      List<Layer> layers = new ArrayList<>();
      boolean pooled = averaged || tensors.pooled().contains(number);
      if (pooled && stride > 1) {
        layers.add(new Layer.AveragePool(stride, stride, 0, true, false));
      }
      layers.add(convolution(prefix, "shortcut.conv", channels, pooled ? 1 : stride, 1));
      if (tensors.hasLayer(prefix + "shortcut.bn")) {
        layers.add(norm("shortcut.bn"));
      }
      return layers;
    }
  }
}
