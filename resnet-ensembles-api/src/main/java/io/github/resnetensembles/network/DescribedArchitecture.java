package io.github.resnetensembles.network;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.RefusedValueException;
import io.github.resnetensembles.internal.io.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The only architecture: a checked description with all that follows from it. */
final class DescribedArchitecture implements Architecture {
  private static final int LONGEST_NAME = 200;

  private final String name;
  private final InputSpec input;
  private final StemSpec stem;
  private final HeadSpec head;
  private final double batchNormEpsilon;
  private final ImmutableList<BlockSpec> specs;
  private final FeatureShape stemOutput;
  private final ImmutableList<Block> blocks;
  private final ImmutableList<List<Integer>> stages;
  private final boolean opaque;
  private final ImmutableList<ParameterSpec> parameters;
  private final long parameterCount;
  private final long multiplyAccumulates;

  DescribedArchitecture(
      String name,
      InputSpec input,
      StemSpec stem,
      List<BlockSpec> specs,
      HeadSpec head,
      double batchNormEpsilon) {
    if (name.isBlank()) {
      throw new RefusedValueException("an architecture needs a name");
    }
    String unused = Names.require("the name of an architecture", name, LONGEST_NAME);
    if (specs.isEmpty()) {
      throw new RefusedValueException("architecture " + name + " has no block");
    }
    if (!(batchNormEpsilon > 0) || !Double.isFinite(batchNormEpsilon)) {
      throw new RefusedValueException(
          "BatchNorm's epsilon must be positive, got " + batchNormEpsilon);
    }
    this.name = name;
    this.input = input;
    this.stem = stem;
    this.head = head;
    this.batchNormEpsilon = batchNormEpsilon;
    this.specs = ImmutableList.copyOf(specs);
    this.opaque = stem.kind() == StemSpec.Kind.OPAQUE;
    if (opaque != (head.kind() == HeadSpec.Kind.OPAQUE)
        || specs.stream().anyMatch(spec -> (spec instanceof BlockSpec.Opaque) != opaque)) {
      throw new RefusedValueException(
          "stem, head and blocks of " + name + " must all be opaque, or none of them");
    }

    LayerCounter counter = new LayerCounter();
    this.stemOutput = stemShape(counter);
    this.blocks = describeBlocks(counter);
    describeHead(counter);
    this.stages = findStages();
    this.parameters = opaque ? ImmutableList.of() : ImmutableList.copyOf(counter.parameters);
    this.parameterCount = opaque ? 0 : counter.trainable;
    this.multiplyAccumulates = opaque ? 0 : counter.multiplyAccumulates;
  }

  private FeatureShape stemShape(LayerCounter counter) {
    if (specs.get(0) instanceof BlockSpec.Opaque first) {
      return first.input();
    }
    FeatureShape padded = input.paddedShape();
    FeatureShape output;
    if (stem.kind() == StemSpec.Kind.CONV_3X3) {
      output = counter.convolution("stem.conv", padded, stem.width(), 3, 1);
    } else {
      output = half(counter.convolution("stem.conv", padded, stem.width(), 7, 2));
    }
    if (stem.batchNorm()) {
      counter.norm("stem.bn", stem.width());
    }
    return output;
  }

  private ImmutableList<Block> describeBlocks(LayerCounter counter) {
    ImmutableList.Builder<Block> result = ImmutableList.builder();
    FeatureShape shape = stemOutput;
    int stage = 1;
    for (int i = 0; i < specs.size(); i++) {
      int number = i + 1;
      long parametersBefore = counter.trainable;
      long macsBefore = counter.multiplyAccumulates;
      FeatureShape output = blockOutput(number, specs.get(i), shape, counter);
      boolean transition = !output.equals(shape);
      if (transition && i > 0) {
        stage++;
      }
      result.add(
          new Block(
              number,
              specs.get(i),
              stage,
              transition,
              shape,
              output,
              counter.trainable - parametersBefore,
              counter.multiplyAccumulates - macsBefore));
      shape = output;
    }
    return result.build();
  }

  private FeatureShape blockOutput(
      int number, BlockSpec spec, FeatureShape input, LayerCounter counter) {
    if (spec instanceof BlockSpec.Opaque own) {
      if (!own.input().equals(input)) {
        throw new RefusedValueException(
            "block " + number + " takes " + own.input() + " but its predecessor gives " + input);
      }
      return own.output();
    }
    BlockSpec.Layered block = (BlockSpec.Layered) spec;
    String prefix = "blocks." + number + ".";
    FeatureShape output = branch(prefix, block, input, counter);
    boolean same = output.equals(input);
    switch (block.shortcut()) {
      case IDENTITY -> {
        if (!same) {
          throw new RefusedValueException(
              "block "
                  + number
                  + " maps "
                  + input
                  + " to "
                  + output
                  + ", so its shortcut cannot be IDENTITY: use zero-padding or PROJECTION");
        }
      }
      case ZERO_PAD_EVEN, ZERO_PAD_END -> {
        if (output.channels() < input.channels()) {
          throw new RefusedValueException(
              "block "
                  + number
                  + " maps "
                  + input
                  + " to "
                  + output
                  + ": zero-padding cannot remove channels, use PROJECTION");
        }
      }
      case PROJECTION -> {
        FeatureShape projected =
            counter.convolution(prefix + "shortcut.conv", input, block.width(), 1, block.stride());
        counter.norm(prefix + "shortcut.bn", block.width());
        if (!projected.equals(output)) {
          throw new IllegalStateException(
              "block " + number + ": " + projected + " is not " + output);
        }
      }
    }
    return block.maxPool() ? half(output) : output;
  }

  private static FeatureShape branch(
      String prefix, BlockSpec.Layered block, FeatureShape input, LayerCounter counter) {
    int inner = block.width() / block.kind().expansion();
    int[][] convolutions = // output channels, kernel, stride
        switch (block.kind()) {
          case CONV -> new int[][] {{block.width(), 3, block.stride()}};
          case BASIC, PRE_BASIC -> new int[][] {{inner, 3, block.stride()}, {block.width(), 3, 1}};
          case BOTTLENECK, PRE_BOTTLENECK ->
              new int[][] {{inner, 1, 1}, {inner, 3, block.stride()}, {block.width(), 1, 1}};
        };
    boolean pre = block.kind().preActivation();
    FeatureShape shape = input;
    for (int i = 0; i < convolutions.length; i++) {
      String norm = prefix + "bn" + (i + 1);
      if (pre && (i > 0 || block.leadingNorm())) {
        counter.norm(norm, shape.channels());
      }
      int[] conv = convolutions[i];
      shape = counter.convolution(prefix + "conv" + (i + 1), shape, conv[0], conv[1], conv[2]);
      if (!pre) {
        counter.norm(norm, shape.channels());
      }
    }
    return shape;
  }

  private void describeHead(LayerCounter counter) {
    FeatureShape last = finalOutput();
    switch (head.kind()) {
      case POOL_LINEAR -> counter.linear("head.linear", last.channels(), head.classes());
      case NORM_POOL_LINEAR -> {
        counter.norm("head.bn", last.channels());
        counter.linear("head.linear", last.channels(), head.classes());
      }
      case OPAQUE -> {}
      case HIDDEN_LINEAR -> {
        counter.linear("head.linear1", last.size(), head.hidden());
        counter.norm("head.bn", head.hidden());
        counter.linear("head.linear2", head.hidden(), head.classes());
      }
    }
  }

  private ImmutableList<List<Integer>> findStages() {
    List<List<Integer>> found = new ArrayList<>();
    for (Block block : blocks) {
      if (block.stage() > found.size()) {
        found.add(new ArrayList<>());
      }
      found.get(block.stage() - 1).add(block.number());
    }
    return found.stream().map(ImmutableList::copyOf).collect(ImmutableList.toImmutableList());
  }

  private static FeatureShape half(FeatureShape shape) {
    return new FeatureShape(shape.channels(), halved(shape.height()), halved(shape.width()));
  }

  private static int halved(int size) {
    return (size - 1) / 2 + 1;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public InputSpec input() {
    return input;
  }

  @Override
  public StemSpec stem() {
    return stem;
  }

  @Override
  public List<BlockSpec> blockSpecs() {
    return specs;
  }

  @Override
  public HeadSpec head() {
    return head;
  }

  @Override
  public double batchNormEpsilon() {
    return batchNormEpsilon;
  }

  @Override
  public int size() {
    return blocks.size();
  }

  @Override
  public Block block(int number) {
    if (number < 1 || number > blocks.size()) {
      throw new InvalidLesionException(
          "there is no block " + number + ": " + name + " has the blocks 1 to " + blocks.size());
    }
    return blocks.get(number - 1);
  }

  @Override
  public List<Block> blocks() {
    return blocks;
  }

  @Override
  public List<List<Integer>> stages() {
    return stages;
  }

  @Override
  public Set<Integer> transitions() {
    return blocks.stream()
        .filter(Block::transition)
        .map(Block::number)
        .collect(ImmutableSortedSet.toImmutableSortedSet(Integer::compare));
  }

  @Override
  public boolean plain() {
    return specs.stream().allMatch(BlockSpec::plain);
  }

  @Override
  public boolean opaque() {
    return opaque;
  }

  @Override
  public FeatureShape stemOutput() {
    return stemOutput;
  }

  @Override
  public FeatureShape finalOutput() {
    return blocks.get(blocks.size() - 1).output();
  }

  @Override
  public List<ParameterSpec> parameters() {
    return parameters;
  }

  @Override
  public long parameterCount() {
    return parameterCount;
  }

  @Override
  public long multiplyAccumulates() {
    return multiplyAccumulates;
  }

  @Override
  public Builder toBuilder() {
    return new ArchitectureBuilder(name, input, stem, specs, head, batchNormEpsilon);
  }

  @Override
  public String toJson() {
    return JsonNode.write(Architecture.class, this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Architecture that
        && input.equals(that.input())
        && stem.equals(that.stem())
        && specs.equals(that.blockSpecs())
        && head.equals(that.head())
        && batchNormEpsilon == that.batchNormEpsilon();
  }

  @Override
  public int hashCode() {
    return Objects.hash(input, stem, specs, head, batchNormEpsilon);
  }

  @Override
  public String toString() {
    return name + " (" + blocks.size() + " blocks)";
  }

  /** Lists the tensors of layers in the order they are asked for, and counts. */
  private static final class LayerCounter {
    final List<ParameterSpec> parameters = new ArrayList<>();
    long trainable;
    long multiplyAccumulates;

    FeatureShape convolution(String name, FeatureShape in, int channels, int kernel, int stride) {
      FeatureShape out =
          new FeatureShape(channels, (in.height() - 1) / stride + 1, (in.width() - 1) / stride + 1);
      add(
          name + ".weight",
          ParameterSpec.Role.CONVOLUTION,
          channels,
          in.channels(),
          kernel,
          kernel);
      multiplyAccumulates += (long) out.size() * in.channels() * kernel * kernel;
      return out;
    }

    void norm(String name, int channels) {
      add(name + ".weight", ParameterSpec.Role.NORM_WEIGHT, channels);
      add(name + ".bias", ParameterSpec.Role.NORM_BIAS, channels);
      add(name + ".running_mean", ParameterSpec.Role.RUNNING_MEAN, channels);
      add(name + ".running_var", ParameterSpec.Role.RUNNING_VARIANCE, channels);
    }

    void linear(String name, int in, int out) {
      add(name + ".weight", ParameterSpec.Role.LINEAR_WEIGHT, out, in);
      add(name + ".bias", ParameterSpec.Role.LINEAR_BIAS, out);
      multiplyAccumulates += (long) in * out;
    }

    private void add(String name, ParameterSpec.Role role, Integer... shape) {
      ParameterSpec parameter = new ParameterSpec(name, List.of(shape), role);
      parameters.add(parameter);
      if (role.trainable()) {
        trainable += parameter.count();
      }
    }
  }
}
