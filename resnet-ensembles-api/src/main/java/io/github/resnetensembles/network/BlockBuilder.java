package io.github.resnetensembles.network;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.internal.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The usual blocks: the one place that knows which layers they have. Its fields change only before
 * anybody else sees it.
 */
final class BlockBuilder implements BlockSpec.Builder {
  /** The inner width is what follows from the width. */
  private static final int USUAL = 0;

  private final BlockKind kind;
  private final int width;
  private int stride = 1;
  private Shortcut shortcut = Shortcut.IDENTITY;
  private ShortcutInput shortcutInput = ShortcutInput.RAW;
  private boolean projectionNorm = true;
  private boolean leadingNorm = true;
  private int innerWidth = USUAL;
  private int groups = 1;
  private int dilation = 1;
  private boolean bias;
  private boolean maxPool;
  private boolean plain;
  private double gain = 1;

  private BlockBuilder(BlockKind kind, int width) {
    this.kind = kind;
    this.width = width;
  }

  static BlockBuilder create(BlockKind kind, int width) {
    Require.present("kind", kind);
    return new BlockBuilder(kind, width);
  }

  private BlockBuilder with(Consumer<BlockBuilder> change) {
    BlockBuilder copy = new BlockBuilder(kind, width);
    copy.stride = stride;
    copy.shortcut = shortcut;
    copy.shortcutInput = shortcutInput;
    copy.projectionNorm = projectionNorm;
    copy.leadingNorm = leadingNorm;
    copy.innerWidth = innerWidth;
    copy.groups = groups;
    copy.dilation = dilation;
    copy.bias = bias;
    copy.maxPool = maxPool;
    copy.plain = plain;
    copy.gain = gain;
    change.accept(copy);
    return copy;
  }

  @Override
  public BlockBuilder stride(int stride) {
    return with(copy -> copy.stride = stride);
  }

  @Override
  public BlockBuilder shortcut(Shortcut shortcut) {
    Require.present("shortcut", shortcut);
    return with(copy -> copy.shortcut = shortcut);
  }

  @Override
  public BlockBuilder shortcutInput(ShortcutInput shortcutInput) {
    Require.present("shortcutInput", shortcutInput);
    return with(copy -> copy.shortcutInput = shortcutInput);
  }

  @Override
  public BlockBuilder projectionNorm(boolean projectionNorm) {
    return with(copy -> copy.projectionNorm = projectionNorm);
  }

  @Override
  public BlockBuilder leadingNorm(boolean leadingNorm) {
    return with(copy -> copy.leadingNorm = leadingNorm);
  }

  @Override
  public BlockBuilder innerWidth(int innerWidth) {
    Require.atLeast(1, "innerWidth", innerWidth);
    return with(copy -> copy.innerWidth = innerWidth);
  }

  @Override
  public BlockBuilder groups(int groups) {
    return with(copy -> copy.groups = groups);
  }

  @Override
  public BlockBuilder dilation(int dilation) {
    Require.atLeast(1, "dilation", dilation);
    return with(copy -> copy.dilation = dilation);
  }

  @Override
  public BlockBuilder bias(boolean bias) {
    return with(copy -> copy.bias = bias);
  }

  @Override
  public BlockBuilder maxPool(boolean maxPool) {
    return with(copy -> copy.maxPool = maxPool);
  }

  @Override
  public BlockBuilder plain(boolean plain) {
    return with(copy -> copy.plain = plain);
  }

  @Override
  public BlockBuilder gain(double gain) {
    return with(copy -> copy.gain = gain);
  }

  @Override
  public BlockSpec.Layered build() {
    check();
    List<Layer> branch = branch();
    List<Layer> lead = List.of();
    if (shortcutInput == ShortcutInput.ACTIVATED) {
      lead = branch.subList(0, 2);
      branch = branch.subList(2, branch.size());
    }
    return new BlockSpec.Layered(lead, branch, skip(), post(), plain, gain);
  }

  private void check() {
    if (width < 1 || (innerWidth == USUAL && width % kind.expansion() != 0)) {
      throw new InvalidInputException(
          "the width of a %s block is a positive multiple of %s, got %s"
              .formatted(kind, kind.expansion(), width));
    }
    if (stride < 1) {
      throw new InvalidInputException("a block's stride is at least 1, got " + stride);
    }
    if (shortcutInput == ShortcutInput.ACTIVATED && !(kind.preActivation() && leadingNorm)) {
      throw new InvalidInputException(
          ("only a pre-activation block that begins with BatchNorm has an activated"
                  + " shortcut input, got %s")
              .formatted(kind));
    }
    if (!leadingNorm && !kind.preActivation()) {
      throw new InvalidInputException(
          "only a pre-activation block can lack its leading BatchNorm, got " + kind);
    }
    if (maxPool && kind != BlockKind.CONV) {
      throw new InvalidInputException("only a CONV block ends in max-pooling, got " + kind);
    }
    if (groups != 1 && kind.kernels().size() != 3) {
      throw new InvalidInputException(
          "only the 3x3 convolution of a bottleneck has groups, got " + groups + " for " + kind);
    }
  }

  private List<Layer> branch() {
    List<Integer> kernels = kind.kernels();
    int inner = innerWidth == USUAL ? width / kind.expansion() : innerWidth;
    int strided = kernels.size() == 3 ? 1 : 0;
    boolean pre = kind.preActivation();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < kernels.size(); i++) {
      boolean last = i == kernels.size() - 1;
      Layer norm = new Layer.BatchNorm("bn" + (i + 1));
      if (pre && (i > 0 || leadingNorm)) {
        layers.add(norm);
        layers.add(new Layer.Relu());
      }
      int kernel = kernels.get(i);
      layers.add(
          new Layer.Convolution(
              "conv" + (i + 1),
              last ? width : inner,
              kernel,
              i == strided ? stride : 1,
              kernel == 1 ? 0 : dilation,
              kernel == 1 ? 1 : dilation,
              kernel == 1 ? 1 : groups,
              bias));
      if (!pre) {
        layers.add(norm);
        // A VGG unit ends in a ReLU; the branches of residual blocks do not, their sum does.
        if (!last || kind == BlockKind.CONV) {
          layers.add(new Layer.Relu());
        }
      }
    }
    return layers;
  }

  private List<Layer> skip() {
    return switch (shortcut) {
      case IDENTITY -> List.of();
      case ZERO_PAD_EVEN, ZERO_PAD_END ->
          List.of(new Layer.ZeroPadding(width, stride, shortcut == Shortcut.ZERO_PAD_EVEN));
      case PROJECTION -> {
        Layer convolution = new Layer.Convolution("shortcut.conv", width, 1, stride, 0, 1, 1, bias);
        yield projectionNorm
            ? List.of(convolution, new Layer.BatchNorm("shortcut.bn"))
            : List.of(convolution);
      }
    };
  }

  private List<Layer> post() {
    if (kind == BlockKind.CONV) {
      return maxPool ? List.of(new Layer.MaxPool(2, 2, 0, true)) : List.of();
    }
    return kind.preActivation() ? List.of() : List.of(new Layer.Relu());
  }
}
