package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import com.google.common.collect.ImmutableMap;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Layers whose Jacobian is fixed by their weights and by what the forward pass saves. BatchNorm has
 * its running statistics. Parameters have no gradients here: {@link LiteralLayers} have.
 */
final class DerivableLayers {
  /** How the kinds are written that have one form, BatchNorm folded or not. */
  private static final ImmutableMap<Class<? extends Layer>, Maker> MAKERS =
      ImmutableMap.<Class<? extends Layer>, Maker>builder()
          .put(Layer.Relu.class, (placed, arrays) -> new Relu())
          .put(
              Layer.ActivationFunction.class,
              (p, arrays) -> Elementwise.of(((Layer.ActivationFunction) p.layer()).function()))
          .put(
              Layer.LeakyRelu.class,
              (p, arrays) -> Elementwise.leaky(((Layer.LeakyRelu) p.layer()).slope()))
          .put(
              Layer.AveragePool.class,
              (p, arrays) -> new PoolingLayers.Average((Layer.AveragePool) p.layer()))
          .put(
              Layer.BlurPool.class,
              (p, arrays) -> new PoolingLayers.Blur((Layer.BlurPool) p.layer(), p.input()))
          .put(Layer.MaxPool.class, (p, arrays) -> new MaxPool((Layer.MaxPool) p.layer()))
          .put(
              Layer.SqueezeExcitation.class,
              (p, arrays) -> ChannelGates.SqueezeExcitation.of(p, arrays))
          .put(Layer.ChannelAttention.class, (p, arrays) -> ChannelGates.Attention.of(p, arrays))
          .put(
              Layer.LayerScale.class,
              (p, arrays) -> new OwnNorms.Scale(p, arrays.apply(p.tensor("weight"))))
          .put(Layer.GroupNorm.class, (p, arrays) -> OwnNorms.Group.of(p, arrays))
          .put(Layer.LayerNorm.class, (p, arrays) -> OwnNorms.Channels.of(p, arrays))
          .put(Layer.GlobalMaxPool.class, (p, arrays) -> new PoolingLayers.Maximum(p.input()))
          .put(Layer.GlobalAveragePool.class, (p, arrays) -> new MeanPool(p.input()))
          .put(
              Layer.FirstChannels.class,
              (p, arrays) -> new FirstChannels((Layer.FirstChannels) p.layer(), p.input()))
          .put(Layer.Tokens.class, (p, arrays) -> new TokenLayers.Tokens(p.input()))
          .put(
              Layer.ClassToken.class,
              (p, arrays) -> new TokenLayers.ClassToken(p, arrays.apply(p.tensor("weight"))))
          .put(
              Layer.PositionEmbedding.class,
              (p, arrays) -> new TokenLayers.Positions(p, arrays.apply(p.tensor("weight"))))
          .put(
              Layer.TokenSelection.class,
              (p, arrays) -> new TokenLayers.Selection((Layer.TokenSelection) p.layer(), p.input()))
          .put(Layer.SelfAttention.class, (p, arrays) -> SelfAttention.of(p, arrays))
          .put(Layer.Flatten.class, (p, arrays) -> new Flatten(p.input()))
          .put(Layer.Dropout.class, (p, arrays) -> LayerChain.IDENTITY)
          .put(
              Layer.ZeroPadding.class,
              (p, arrays) ->
                  p.input().equals(p.output())
                      ? LayerChain.IDENTITY
                      : new ZeroPadding((Layer.ZeroPadding) p.layer(), p.input()))
          .build();

  private DerivableLayers() {}

  private interface Maker {
    DerivableLayer make(PlacedLayer placed, Function<String, NDArray> arrays);
  }

  /**
   * A layer that has one form, BatchNorm folded or not.
   *
   * @param arrays the network's tensors, by name
   */
  static DerivableLayer of(PlacedLayer placed, Function<String, NDArray> arrays) {
    Maker maker = MAKERS.get(placed.layer().getClass());
    if (maker == null) {
      throw new IllegalStateException("nothing computes " + placed.layer());
    }
    return maker.make(placed, arrays);
  }

  /** {@return whether what follows this layer is one row for each image, (N, C)} */
  static boolean givesRows(Layer layer) {
    return layer instanceof Layer.GlobalAveragePool
        || layer instanceof Layer.GlobalMaxPool
        || layer instanceof Layer.Flatten;
  }

  /** {@return whether a layer takes rows, (N, C), as well as images of one pixel} */
  static boolean takesRows(Layer layer) {
    return layer instanceof Layer.Relu
        || layer instanceof Layer.ActivationFunction
        || layer instanceof Layer.LeakyRelu
        || layer instanceof Layer.LayerNorm
        || layer instanceof Layer.Dropout
        || layer instanceof Layer.Linear
        || layer instanceof Layer.Flatten;
  }

  /** A layer of images among layers of rows. */
  record OnRows(PlacedLayer placed, DerivableLayer layer) implements DerivableLayer {
    private static Value image(ScriptText text, Value rows, FeatureShape shape) {
      String shaped = "torch.reshape(%s, [-1, %s, 1, 1])".formatted(rows.name(), shape.channels());
      return new Value(text.let(Layers.channelsLast(shaped)), rows.own());
    }

    private static Value row(ScriptText text, Value image) {
      return new Value(text.let("torch.flatten(" + image.name() + ", 1, -1)"), image.own());
    }

    @Override
    public boolean nonNegative(boolean input) {
      return layer.nonNegative(input);
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return row(text, layer.forward(text, image(text, x, placed.input()), saved));
    }

    @Override
    public int savedCount() {
      return layer.savedCount();
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return row(text, layer.pullBack(text, image(text, cotangent, placed.output()), saved));
    }

    @Override
    public Value pullBack(
        ScriptText text, Value cotangent, List<String> saved, Map<String, String> gradients) {
      Value image = image(text, cotangent, placed.output());
      return row(text, layer.pullBack(text, image, saved, gradients));
    }
  }

  /**
   * A convolution with BatchNorm folded in. Its transpose, at stride 1, is the convolution with the
   * kernel turned around and its channel axes exchanged, which is prepared once; that is faster
   * than the engine's own. At a stride that holds for a 1x1 kernel, with zeros between the pixels.
   *
   * @param input the shape of the input
   * @param kernel what the forward pass multiplies by
   * @param bias (out), or null
   * @param transposed the kernel of the transpose
   */
  record FoldedConvolution(
      Layer.Convolution layer,
      FeatureShape input,
      Kernel kernel,
      @Nullable NDArray bias,
      Supplier<NDArray> transposed)
      implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.own(kernel.convolve(text, x.name(), layer, bias));
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String v = cotangent.name();
      NDArray kernel = transposed.get();
      return Value.own(
          Layers.turns(layer)
              ? Layers.pulledBack(text, v, layer, kernel, input)
              : Layers.stridedTranspose(text, v, layer, Layers.Weight.of(text, kernel), input));
    }
  }

  /**
   * BatchNorm on its own.
   *
   * @param scale what it multiplies each channel by, (C, 1, 1)
   * @param shift what it adds then, (C, 1, 1)
   * @param taken whether the layer after it has the scale in its transpose
   */
  record FixedNorm(NDArray scale, NDArray shift, boolean taken) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.own(
          text.let(
              "torch.addcmul(%s, %s, %s, value=1)"
                  .formatted(text.weight(shift), x.name(), text.weight(scale))));
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return taken ? cotangent : cotangent.scaled(text, text.weight(scale));
    }
  }

  /** Brings its input into the memory format that convolutions are fastest in. */
  record Arrange() implements DerivableLayer {
    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.shared(text.let(Layers.channelsLast(x.name())));
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return cotangent;
    }
  }

  /** ReLU; its output tells where its derivative is 0. */
  record Relu() implements DerivableLayer {
    @Override
    public boolean nonNegative(boolean input) {
      return true;
    }

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
              "torch.threshold_backward(%s, %s, 0%s)"
                  .formatted(cotangent.name(), saved.get(0), result)));
    }
  }

  /** Max-pooling. */
  record MaxPool(Layer.MaxPool layer) implements DerivableLayer {
    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      List<String> both =
          text.let(2, "torch.max_pool2d_with_indices(" + x.name() + Layers.poolSizes(layer) + ")");
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
              "torch.max_pool2d_with_indices_backward(%s, %s%s, %s)"
                  .formatted(
                      cotangent.name(), saved.get(0), Layers.poolSizes(layer), saved.get(1))));
    }
  }

  /**
   * Every stride-th pixel, with channels of zeros around.
   *
   * @param input the shape of the input
   */
  record ZeroPadding(Layer.ZeroPadding layer, FeatureShape input) implements DerivableLayer {
    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    private int before() {
      return layer.before(input);
    }

    private int added() {
      return layer.channels() - input.channels();
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      int stride = layer.stride();
      String kept = stride == 1 ? x.name() : Layers.everyPixel(x.name(), stride);
      if (added() > 0) {
        kept = Layers.padChannels(kept, before(), added() - before());
      }
      // Padding and copying make a new array; without padding only the copy does.
      return new Value(text.let(Layers.channelsLast(kept)), added() > 0);
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String kept =
          text.let(
              "torch.slice(%s, 1, %s, %s, 1)"
                  .formatted(cotangent.name(), before(), before() + input.channels()));
      if (layer.stride() == 1) {
        return new Value(text.let(Layers.channelsLast(kept)), added() > 0);
      }
      return Value.own(Layers.spread(text, kept, layer.stride(), input));
    }
  }

  /** The first channels. */
  record FirstChannels(Layer.FirstChannels layer, FeatureShape input) implements DerivableLayer {
    @Override
    public boolean nonNegative(boolean nonNegative) {
      return nonNegative;
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      String kept = "torch.slice(%s, 1, 0, %s, 1)".formatted(x.name(), layer.channels());
      return Value.shared(text.let(Layers.channelsLast(kept)));
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String all = Layers.padChannels(cotangent.name(), 0, input.channels() - layer.channels());
      // Without a channel to add, padding copies all the same.
      return Value.own(text.let(Layers.channelsLast(all)));
    }
  }

  /** The mean over all pixels. */
  record MeanPool(FeatureShape input) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.own(text.let("torch.mean(" + x.name() + ", [2, 3], False, dtype=None)"));
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
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      String shaped =
          "torch.reshape(%s, [-1, %s, %s, %s])"
              .formatted(cotangent.name(), input.channels(), input.height(), input.width());
      return Value.shared(text.let(Layers.channelsLast(shaped)));
    }
  }

  /**
   * A linear layer with BatchNorm folded in.
   *
   * @param weight (out, in)
   * @param bias (out)
   */
  record FoldedLinear(NDArray weight, NDArray bias) implements DerivableLayer {
    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return Value.own(
          text.let(
              "torch.linear(%s, %s, %s)"
                  .formatted(x.name(), text.weight(weight), text.weight(bias))));
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return Value.own(
          text.let("torch.matmul(" + cotangent.name() + ", " + text.weight(weight) + ")"));
    }
  }
}
