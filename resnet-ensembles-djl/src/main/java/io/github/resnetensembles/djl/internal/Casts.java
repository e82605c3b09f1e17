package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.PlacedLayer;
import java.util.List;
import java.util.Optional;

/**
 * Where the values between layers change between single precision and 16 bits: convolutions are of
 * 16 bits, and so are functions of each value where only such are between them and a convolution
 * behind them.
 */
final class Casts {
  private final Optional<NarrowFormat> format;
  private final List<PlacedLayer> layers;
  private boolean narrow;

  /**
   * Of layers one after another, which begin in single precision.
   *
   * @param format empty if all stays in the precision of the arrays
   */
  Casts(Optional<NarrowFormat> format, List<PlacedLayer> layers) {
    this.format = format;
    this.layers = layers;
  }

  /**
   * Adds the cast that a layer needs before it, if any.
   *
   * @param layer its index; their number for what comes after all of them
   * @param chain all that was written before
   */
  void before(int layer, List<DerivableLayer> chain) {
    if (format.isPresent() && narrowBefore(layer) != narrow) {
      narrow = !narrow;
      chain.add(new Cast(format.get(), narrow));
    }
  }

  private boolean narrowBefore(int at) {
    return layers.stream()
        .skip(at)
        .map(PlacedLayer::layer)
        .dropWhile(Casts::function)
        .findFirst()
        .filter(Layer.Convolution.class::isInstance)
        .isPresent();
  }

  private static boolean function(Layer layer) {
    return layer instanceof Layer.Relu
        || layer instanceof Layer.ActivationFunction
        || layer instanceof Layer.LeakyRelu;
  }

  /**
   * One cast.
   *
   * @param narrows whether it is to 16 bits, and not from them
   */
  private record Cast(NarrowFormat format, boolean narrows) implements DerivableLayer {
    private Value to(ScriptText text, Value x, boolean narrow) {
      return Value.own(
          text.let(narrow ? format.narrowed(x.name()) : NarrowFormat.widened(x.name())));
    }

    @Override
    public Value forward(ScriptText text, Value x, List<String> saved) {
      return to(text, x, narrows);
    }

    @Override
    public Value pullBack(ScriptText text, Value cotangent, List<String> saved) {
      return to(text, cotangent, !narrows);
    }

    @Override
    public boolean nonNegative(boolean input) {
      return input;
    }
  }
}
