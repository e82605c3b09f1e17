package io.github.resnetensembles.network;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The builder behind {@link Architecture#builder} and {@link Architecture#toBuilder()}. */
final class ArchitectureBuilder implements Architecture.Builder {
  private static final int SMALLEST_INPUT = 32;
  private static final List<Double> GREY_MEAN = List.of(0.1307);
  private static final List<Double> GREY_STD = List.of(0.3081);
  private static final InputSpec COLOUR = Presets.CIFAR_INPUT;
  private static final List<Layer> LEADING = List.of(new Layer.BatchNorm("bn1"), new Layer.Relu());

  private final String name;
  private final InputSpec input;
  private final StemSpec stem;
  private final List<BlockSpec> blocks;
  private final HeadSpec head;
  private final double batchNormEpsilon;

  ArchitectureBuilder(
      String name,
      InputSpec input,
      StemSpec stem,
      List<BlockSpec> blocks,
      HeadSpec head,
      double batchNormEpsilon) {
    this.name = name;
    this.input = input;
    this.stem = stem;
    this.blocks = List.copyOf(blocks);
    this.head = head;
    this.batchNormEpsilon = batchNormEpsilon;
  }

  static ArchitectureBuilder create(String name) {
    return new ArchitectureBuilder(
        name, Presets.CIFAR_INPUT, StemSpec.conv3x3(16), List.of(), HeadSpec.poolLinear(10), 1e-5);
  }

  @Override
  public ArchitectureBuilder name(String name) {
    return new ArchitectureBuilder(name, input, stem, blocks, head, batchNormEpsilon);
  }

  @Override
  public ArchitectureBuilder input(InputSpec input) {
    return new ArchitectureBuilder(name, input, stem, blocks, head, batchNormEpsilon);
  }

  @Override
  public ArchitectureBuilder normalisation(List<Double> mean, List<Double> std) {
    return input(input.withNormalisation(mean, std));
  }

  @Override
  public ArchitectureBuilder fitting(ImageSet images) {
    FeatureShape shape = images.shape();
    int smaller = Math.min(shape.height(), shape.width());
    int padding = Math.max(0, (SMALLEST_INPUT - smaller + 1) / 2);
    boolean same = shape.channels() == input.channels();
    List<Double> mean = same ? input.mean() : shape.channels() == 1 ? GREY_MEAN : COLOUR.mean();
    List<Double> std = same ? input.std() : shape.channels() == 1 ? GREY_STD : COLOUR.std();
    return input(new InputSpec(shape.channels(), shape.height(), shape.width(), padding, mean, std))
        .classes(images.classes());
  }

  @Override
  public ArchitectureBuilder stem(StemSpec stem) {
    return new ArchitectureBuilder(name, input, stem, blocks, head, batchNormEpsilon);
  }

  @Override
  public ArchitectureBuilder blocks(List<? extends BlockSpec> blocks) {
    return new ArchitectureBuilder(name, input, stem, List.copyOf(blocks), head, batchNormEpsilon);
  }

  @Override
  public ArchitectureBuilder mapBlocks(UnaryOperator<BlockSpec> change) {
    return blocks(blocks.stream().map(change).toList());
  }

  @Override
  public ArchitectureBuilder zeroPadding(Shortcut shortcut) {
    if (!shortcut.zeroPadding()) {
      throw new InvalidInputException(shortcut + " is not a kind of zero-padding");
    }
    boolean even = shortcut == Shortcut.ZERO_PAD_EVEN;
    return mapLayered(
        block ->
            new BlockSpec.Layered(
                block.lead(),
                block.branch(),
                block.skip().stream()
                    .map(
                        layer ->
                            layer instanceof Layer.ZeroPadding padding
                                ? new Layer.ZeroPadding(padding.channels(), padding.stride(), even)
                                : layer)
                    .toList(),
                block.post(),
                block.plain(),
                block.gain()));
  }

  @Override
  public ArchitectureBuilder shortcutInput(ShortcutInput shortcutInput) {
    boolean activated = shortcutInput == ShortcutInput.ACTIVATED;
    return mapLayered(
        block ->
            block.preActivation() && beginsWithNorm(block) && !block.skip().isEmpty()
                ? leading(block, LEADING, activated)
                : block);
  }

  @Override
  public ArchitectureBuilder plain(boolean plain) {
    return mapBlocks(spec -> spec.withPlain(plain));
  }

  @Override
  public ArchitectureBuilder firstBlock(Architecture.FirstBlock variant) {
    List<BlockSpec> changed = new ArrayList<>(blocks);
    if (changed.isEmpty()
        || !(changed.get(0) instanceof BlockSpec.Layered first)
        || !first.preActivation()) {
      throw new InvalidInputException(
          "only a pre-activation network has variants of its first block, and %s is none"
              .formatted(name));
    }
    boolean leading = variant != Architecture.FirstBlock.STEM_ONLY;
    changed.set(
        0, leading(first, leading ? LEADING : List.of(), leading && !first.lead().isEmpty()));
    return stem(stem.withBatchNorm(variant != Architecture.FirstBlock.BLOCK_ONLY)).blocks(changed);
  }

  private ArchitectureBuilder mapLayered(UnaryOperator<BlockSpec.Layered> change) {
    return mapBlocks(spec -> spec instanceof BlockSpec.Layered block ? change.apply(block) : spec);
  }

  private static boolean beginsWithNorm(BlockSpec.Layered block) {
    return !block.lead().isEmpty() || block.branch().get(0) instanceof Layer.BatchNorm;
  }

  /**
   * A pre-activation block with other layers before its first convolution.
   *
   * @param layers BatchNorm and ReLU, or nothing
   * @param seenBySkip whether the skip connection sees what they give
   */
  private static BlockSpec.Layered leading(
      BlockSpec.Layered block, List<Layer> layers, boolean seenBySkip) {
    boolean inBranch = block.lead().isEmpty() && beginsWithNorm(block);
    List<Layer> branch = new ArrayList<>(seenBySkip ? List.of() : layers);
    branch.addAll(block.branch().subList(inBranch ? LEADING.size() : 0, block.branch().size()));
    return new BlockSpec.Layered(
        seenBySkip ? layers : List.of(),
        branch,
        block.skip(),
        block.post(),
        block.plain(),
        block.gain());
  }

  @Override
  public ArchitectureBuilder head(HeadSpec head) {
    return new ArchitectureBuilder(name, input, stem, blocks, head, batchNormEpsilon);
  }

  @Override
  public ArchitectureBuilder classes(int classes) {
    return head(head.withClasses(classes));
  }

  @Override
  public ArchitectureBuilder batchNormEpsilon(double epsilon) {
    return new ArchitectureBuilder(name, input, stem, blocks, head, epsilon);
  }

  @Override
  public ArchitectureBuilder gains(List<Double> gains) {
    if (gains.size() != blocks.size()) {
      throw new InvalidInputException(
          name + " has " + blocks.size() + " blocks but " + gains.size() + " gains were given");
    }
    List<BlockSpec> changed = new ArrayList<>();
    for (int i = 0; i < gains.size(); i++) {
      changed.add(blocks.get(i).withGain(gains.get(i)));
    }
    return blocks(changed);
  }

  @Override
  public Architecture build() {
    return new DescribedArchitecture(name, input, stem, blocks, head, batchNormEpsilon);
  }
}
