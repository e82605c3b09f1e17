package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.BatchNormMode;

/**
 * Each channel times a parameter.
 *
 * @param name of the parameter's tensor
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record LayerScale(String name, double[] scale) implements Operation {
  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    double[] x = input.values();
    return LayerTrace.of(
        input.like(i -> scale[input.channel(i)] * x[i]),
        v -> input.like(i -> scale[input.channel(i)] * v.values()[i]),
        (v, gradient) -> {
          double[] toScale = gradient.of(name);
          for (int i = 0; i < x.length; i++) {
            toScale[input.channel(i)] += v.values()[i] * x[i];
          }
        });
  }
}
