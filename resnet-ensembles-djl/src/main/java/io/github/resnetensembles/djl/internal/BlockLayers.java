package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.DerivableLayers.MaxPool;
import io.github.resnetensembles.djl.internal.DerivableLayers.Relu;
import io.github.resnetensembles.djl.internal.DerivableLayers.ZeroPadding;
import io.github.resnetensembles.djl.internal.Layers.Convolution;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import io.github.resnetensembles.network.Block;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one block.
 *
 * @param leading BatchNorm and ReLU at the start of a pre-activation branch, or null
 * @param projection the shortcut's convolution, or null
 */
record BlockLayers(
    Block block,
    @Nullable Norm leading,
    List<Convolution> branch,
    @Nullable Convolution projection) {
  BlockLayers {
    branch = List.copyOf(branch);
  }

  BlockSpec.Layered spec() {
    return (BlockSpec.Layered) block.spec();
  }

  /** {@return the shortcut that changes the shape without a projection, or null} */
  @Nullable ZeroPadding zeroPadding() {
    BlockSpec.Layered spec = spec();
    FeatureShape input = block.input();
    int added = spec.width() - input.channels();
    boolean changesNothing = spec.stride() == 1 && added == 0;
    if (spec.shortcut() == Shortcut.IDENTITY || projection != null || changesNothing) {
      return null;
    }
    int before = spec.shortcut() == Shortcut.ZERO_PAD_EVEN ? added / 2 : 0;
    return new ZeroPadding(input, spec.stride(), before, added - before);
  }

  static boolean reluAfterSum(BlockKind kind) {
    return switch (kind) {
      case BASIC, BOTTLENECK -> true;
      case PRE_BASIC, PRE_BOTTLENECK, CONV -> false;
    };
  }

  StepChains chains(LayerForm form) {
    boolean activatedSkip = spec().shortcutInput() == ShortcutInput.ACTIVATED;
    List<DerivableLayer> lead = new ArrayList<>();
    if (leading != null) {
      lead.add(activatedSkip ? form.norm(leading) : form.normBeforeConvolution(leading));
      lead.add(new Relu());
    }
    List<DerivableLayer> convolutions = new ArrayList<>();
    Norm before = activatedSkip ? null : leading;
    for (Convolution convolution : branch) {
      // Up to the strided convolution the size is the input's; later ones do not ask for it.
      convolutions.addAll(form.convolution(convolution, block.input(), before));
      before = null;
    }
    return new StepChains(
        new LayerChain(lead), new LayerChain(convolutions), skip(form), post(), activatedSkip);
  }

  private LayerChain skip(LayerForm form) {
    if (projection != null) {
      return new LayerChain(form.convolution(projection, block.input(), null));
    }
    ZeroPadding padding = zeroPadding();
    return padding == null ? LayerChain.IDENTITY : new LayerChain(List.of(padding));
  }

  private LayerChain post() {
    if (spec().maxPool()) {
      return new LayerChain(List.of(new MaxPool(2, 0, true)));
    }
    return reluAfterSum(spec().kind()) ? new LayerChain(List.of(new Relu())) : LayerChain.IDENTITY;
  }
}
