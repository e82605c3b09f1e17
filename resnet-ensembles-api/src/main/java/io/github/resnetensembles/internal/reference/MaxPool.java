package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.Layer;

/** Max-pooling; NaN wins, else the first of the largest. */
final class MaxPool implements Operation {
  private final Layer.MaxPool layer;

  MaxPool(Layer.MaxPool layer) {
    this.layer = layer;
  }

  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    FeatureShape in = input.shape();
    FeatureShape out = layer.output(in);
    int stride = layer.stride();
    int padding = layer.padding();
    Features output = Features.zeros(input.images(), out);
    int[] winners = new int[output.values().length];
    int target = 0;
    for (int plane = 0; plane < input.images() * in.channels(); plane++) {
      int source = plane * in.height() * in.width();
      for (int y = 0; y < out.height(); y++) {
        for (int x = 0; x < out.width(); x++) {
          int winner =
              winner(input.values(), source, in, stride * y - padding, stride * x - padding);
          winners[target] = winner;
          output.values()[target++] = input.values()[winner];
        }
      }
    }
    return new LayerTrace() {
      @Override
      public Features output() {
        return output;
      }

      @Override
      public Features pullBack(Features cotangent) {
        Features result = Features.zeros(input.images(), in);
        for (int i = 0; i < winners.length; i++) {
          result.values()[winners[i]] += cotangent.values()[i];
        }
        return result;
      }
    };
  }

  private int winner(double[] values, int source, FeatureShape in, int top, int left) {
    int winner = -1;
    for (int y = Math.max(0, top); y < Math.min(in.height(), top + layer.kernel()); y++) {
      for (int x = Math.max(0, left); x < Math.min(in.width(), left + layer.kernel()); x++) {
        int i = source + y * in.width() + x;
        if (winner < 0
            || values[i] > values[winner]
            || (Double.isNaN(values[i]) && !Double.isNaN(values[winner]))) {
          winner = i;
        }
      }
    }
    return winner;
  }
}
