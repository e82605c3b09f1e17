package io.github.resnetensembles.network;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.internal.Names;
import io.github.resnetensembles.internal.io.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
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
  private final List<PlacedLayer> stemLayers;
  private final List<PlacedLayer> headLayers;
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
      throw new InvalidInputException("an architecture needs a name");
    }
    String unused = Names.require("the name of an architecture", name, LONGEST_NAME);
    if (specs.isEmpty()) {
      throw new InvalidInputException("architecture " + name + " has no block");
    }
    if (!(batchNormEpsilon > 0) || !Double.isFinite(batchNormEpsilon)) {
      throw new InvalidInputException(
          "BatchNorm's epsilon must be positive, got " + batchNormEpsilon);
    }
    this.name = name;
    this.input = input;
    this.stem = stem;
    this.head = head;
    this.batchNormEpsilon = batchNormEpsilon;
    this.specs = ImmutableList.copyOf(specs);
    this.opaque = specs.get(0) instanceof BlockSpec.Opaque;
    if (opaque != stem.layers().isEmpty()
        || opaque != head.layers().isEmpty()
        || specs.stream().anyMatch(spec -> (spec instanceof BlockSpec.Opaque) != opaque)) {
      throw new InvalidInputException(
          "stem, head and blocks of " + name + " must all be opaque, or none of them");
    }
    FeatureShape padded = input.paddedShape();
    this.stemLayers = PlacedLayer.place("stem", stem.layers(), padded);
    this.stemOutput =
        specs.get(0) instanceof BlockSpec.Opaque first
            ? first.input()
            : PlacedLayer.output(stemLayers, padded);
    this.blocks = describeBlocks();
    this.headLayers = PlacedLayer.place(PlacedLayer.HEAD, head.layers(), finalOutput());
    this.stages = findStages();
    this.parameters =
        layers().flatMap(layer -> layer.parameters().stream()).collect(toImmutableList());
    this.parameterCount =
        parameters.stream()
            .filter(parameter -> parameter.role().trainable())
            .mapToLong(ParameterSpec::count)
            .sum();
    this.multiplyAccumulates = layers().mapToLong(PlacedLayer::multiplyAccumulates).sum();
    checkNames();
  }

  @Override
  public Stream<PlacedLayer> layers() {
    return Stream.of(
            stemLayers.stream(),
            blocks.stream().flatMap(block -> block.layers().all()),
            headLayers.stream())
        .flatMap(part -> part);
  }

  private void checkNames() {
    Set<String> names = new HashSet<>();
    for (ParameterSpec parameter : parameters) {
      if (!names.add(parameter.name())) {
        throw new InvalidInputException(
            "two layers of " + name + " have a tensor named " + parameter.name());
      }
    }
  }

  private ImmutableList<Block> describeBlocks() {
    ImmutableList.Builder<Block> result = ImmutableList.builder();
    FeatureShape shape = stemOutput;
    int stage = 1;
    for (int number = 1; number <= specs.size(); number++) {
      BlockSpec spec = specs.get(number - 1);
      Block described =
          spec instanceof BlockSpec.Opaque own
              ? opaqueBlock(number, own, shape, stage)
              : layeredBlock(number, (BlockSpec.Layered) spec, shape, stage);
      result.add(described);
      shape = described.output();
      stage = described.stage();
    }
    return result.build();
  }

  private static Block opaqueBlock(
      int number, BlockSpec.Opaque own, FeatureShape input, int stage) {
    if (!own.input().equals(input)) {
      throw new InvalidInputException(
          "block " + number + " takes " + own.input() + " but its predecessor gives " + input);
    }
    return block(number, own, stage, input, own.output(), own.output(), BlockLayers.UNKNOWN);
  }

  private static Block layeredBlock(
      int number, BlockSpec.Layered spec, FeatureShape input, int stage) {
    String part = "blocks." + number;
    List<PlacedLayer> lead = PlacedLayer.place(part, spec.lead(), input);
    FeatureShape led = PlacedLayer.output(lead, input);
    List<PlacedLayer> branch = PlacedLayer.place(part, spec.branch(), led);
    List<PlacedLayer> skip = PlacedLayer.place(part, spec.skip(), led);
    FeatureShape sum = PlacedLayer.output(branch, led);
    FeatureShape skipped = PlacedLayer.output(skip, led);
    if (!sum.equals(skipped)) {
      throw new InvalidInputException(
          "block %s maps %s to %s".formatted(number, led, sum)
              + (skip.isEmpty()
                  ? ", so its shortcut cannot be IDENTITY: use zero-padding or PROJECTION"
                  : " but its skip connection gives " + skipped));
    }
    if (spec.plain() && skip.stream().anyMatch(layer -> !layer.layer().name().isEmpty())) {
      throw new InvalidInputException(
          ("block %s is plain and has no projection: its stand-in when deleted is the"
                  + " identity or zero-padding")
              .formatted(number));
    }
    List<PlacedLayer> post = PlacedLayer.place(part, spec.post(), sum);
    if (post.stream().anyMatch(layer -> !layer.parameters().isEmpty())) {
      throw new InvalidInputException(
          ("block %s has parameters behind its sum, which belong to neither side: put such"
                  + " layers into the next block's lead, or into the head")
              .formatted(number));
    }
    return block(
        number,
        spec,
        stage,
        input,
        sum,
        PlacedLayer.output(post, sum),
        new BlockLayers(lead, branch, skip, post));
  }

  /** A block, which begins the next stage if it is a transition and not the first. */
  private static Block block(
      int number,
      BlockSpec spec,
      int stage,
      FeatureShape input,
      FeatureShape sum,
      FeatureShape output,
      BlockLayers layers) {
    boolean transition = !output.equals(input);
    int own = transition && number > 1 ? stage + 1 : stage;
    return new Block(number, spec, own, transition, input, sum, output, layers);
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
  public List<PlacedLayer> stemLayers() {
    return stemLayers;
  }

  @Override
  public List<PlacedLayer> headLayers() {
    return headLayers;
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
}
