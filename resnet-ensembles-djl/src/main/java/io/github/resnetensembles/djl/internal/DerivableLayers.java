package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.Layers.Convolution;
import io.github.resnetensembles.djl.internal.Layers.Linear;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Layers whose Jacobian is fixed by their weights and by what the forward pass saves. BatchNorm has
 * its running statistics. Parameters have no gradients here: {@link LiteralLayers} have.
 */
final class DerivableLayers {
  private DerivableLayers() {}

  /**
   * A convolution with BatchNorm folded in. Its transpose, at stride 1, is the convolution with the
   * kernel turned around and its channel axes exchanged, which is prepared once; that is faster
   * than the engine's own. At stride 2 that holds for a 1x1 kernel, with zeros between the pixels.
   *
   * @param input the shape of the input
   * @param transposed the kernel of the transpose
   */
  record FoldedConvolution(
      Convolution convolution, FeatureShape input, Supplier<NDArray> transposed)
      implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.own(convolution.writeConvolution(text, x.name()));
    }

    @Override
    public int savedCount() {
      return 0;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      int stride = convolution.stride();
      int padding = convolution.padding();
      if (stride == 1 || convolution.pointwise()) {
        // Kernels are odd, padded by half: so is the transpose.
        String pixels =
            text.let(Layers.convolve(text, cotangent.name(), transposed.get(), null, 1, padding));
        return Value.own(stride == 1 ? pixels : Layers.spread(text, pixels, input));
      }
      return Value.own(
          Layers.stridedTranspose(
              text, cotangent.name(), transposed.get(), stride, padding, input));
    }
  }

  /**
   * BatchNorm on its own.
   *
   * @param scale what it multiplies each channel by, (C, 1, 1); null where the layer after it has
   *     that in its transpose
   */
  record FixedNorm(Norm norm, @Nullable Supplier<NDArray> scale) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.own(norm.write(text, x.name()));
    }

    @Override
    public int savedCount() {
      return 0;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return scale == null ? cotangent : cotangent.scaled(text, text.weight(scale.get()));
    }
  }

  /** Brings its input into the memory format that convolutions are fastest in. */
  record Arrange() implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.shared(text.let(Layers.channelsLast(x.name())));
    }

    @Override
    public int savedCount() {
      return 0;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return cotangent;
    }
  }

  /** ReLU; its output tells where its derivative is 0. */
  record Relu() implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String y = text.let((x.own() ? "torch.relu_(" : "torch.relu(") + x.name() + ")");
      saved.add(y);
      return Value.shared(y);
    }

    @Override
    public int savedCount() {
      return 1;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String result = cotangent.own() ? ", grad_input=" + cotangent.name() : "";
      return Value.own(
          text.let(
              "torch.threshold_backward("
                  + cotangent.name()
                  + ", "
                  + saved.get(0)
                  + ", 0"
                  + result
                  + ")"));
    }
  }

  /** Max-pooling of stride 2. */
  record MaxPool(int kernel, int padding, boolean roundUp) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      List<String> both =
          text.let(
              2,
              "torch.max_pool2d_with_indices("
                  + x.name()
                  + Layers.poolSizes(kernel, padding, roundUp)
                  + ")");
      saved.add(x.name());
      saved.add(both.get(1));
      return Value.own(both.get(0));
    }

    @Override
    public int savedCount() {
      return 2;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(
          text.let(
              "torch.max_pool2d_with_indices_backward("
                  + cotangent.name()
                  + ", "
                  + saved.get(0)
                  + Layers.poolSizes(kernel, padding, roundUp)
                  + ", "
                  + saved.get(1)
                  + ")"));
    }
  }

  /**
   * Every second pixel at stride 2, with channels of zeros around.
   *
   * @param input the shape of the input
   */
  record ZeroPadding(FeatureShape input, int stride, int before, int after)
      implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String kept = stride == 1 ? x.name() : Layers.everySecondPixel(x.name());
      if (before + after > 0) {
        kept = Layers.padChannels(kept, before, after);
      }
      // Padding and copying make a new array; without padding only the copy does.
      return new Value(text.let(Layers.channelsLast(kept)), before + after > 0);
    }

    @Override
    public int savedCount() {
      return 0;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String kept =
          text.let(
              "torch.slice(%s, 1, %s, %s, 1)"
                  .formatted(cotangent.name(), before, before + input.channels()));
      if (stride == 1) {
        return new Value(text.let(Layers.channelsLast(kept)), before + after > 0);
      }
      return Value.own(Layers.spread(text, kept, input));
    }
  }

  /** The mean over all pixels. */
  record MeanPool(FeatureShape input) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.own(text.let("torch.mean(" + x.name() + ", [2, 3], False, dtype=None)"));
    }

    @Override
    public int savedCount() {
      return 0;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      int height = input.height();
      int width = input.width();
      String each =
          "torch.div(torch.reshape(%s, [-1, %s, 1, 1]), %s)"
              .formatted(cotangent.name(), input.channels(), height * width);
      String spread = "torch.expand(%s, [-1, -1, %s, %s])".formatted(each, height, width);
      return Value.shared(text.let(Layers.channelsLast(spread)));
    }
  }

  /** All features of an image in one row. */
  record Flatten(FeatureShape input) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.shared(text.let("torch.flatten(" + x.name() + ", 1, -1)"));
    }

    @Override
    public int savedCount() {
      return 0;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String shaped =
          "torch.reshape(%s, [-1, %s, %s, %s])"
              .formatted(cotangent.name(), input.channels(), input.height(), input.width());
      return Value.shared(text.let(Layers.channelsLast(shaped)));
    }
  }

  /** A linear layer with BatchNorm folded in. */
  record FoldedLinear(Linear linear) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.own(linear.write(text, x.name()));
    }

    @Override
    public int savedCount() {
      return 0;
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(
          text.let("torch.matmul(" + cotangent.name() + ", " + text.weight(linear.weight()) + ")"));
    }
  }
}
