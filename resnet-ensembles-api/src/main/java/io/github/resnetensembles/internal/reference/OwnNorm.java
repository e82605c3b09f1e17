package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.BatchNormMode;
import java.util.function.IntUnaryOperator;

/**
 * GroupNorm and LayerNorm: (x - mean) / sqrt(variance + epsilon) · scale + shift, with mean and
 * biased variance of sets of an image's own values.
 *
 * @param set the number of the set that a value belongs to, by the value's index
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record OwnNorm(String name, double[] scale, double[] shift, double epsilon, IntUnaryOperator set)
    implements Operation {
  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    double[] mean = spread(input.values());
    Features centred = input.like(i -> input.values()[i] - mean[i]);
    double[] variance = spread(centred.like(i -> Math.pow(centred.values()[i], 2)).values());
    double[] normalised =
        input.like(i -> centred.values()[i] / Math.sqrt(variance[i] + epsilon)).values();
    return LayerTrace.of(
        input.like(i -> normalised[i] * scale[input.channel(i)] + shift[input.channel(i)]),
        v -> {
          // What changes mean or variance of a set is projected out.
          double[] scaled = input.like(i -> v.values()[i] * scale[input.channel(i)]).values();
          double[] level = spread(scaled);
          double[] along = spread(input.like(i -> scaled[i] * normalised[i]).values());
          return input.like(
              i ->
                  (scaled[i] - level[i] - normalised[i] * along[i])
                      / Math.sqrt(variance[i] + epsilon));
        },
        (v, gradient) -> {
          double[] toScale = gradient.of(name + ".weight");
          double[] toShift = gradient.of(name + ".bias");
          for (int i = 0; i < normalised.length; i++) {
            toScale[input.channel(i)] += v.values()[i] * normalised[i];
            toShift[input.channel(i)] += v.values()[i];
          }
        });
  }

  /** The mean of each value's set, at the value's index. */
  private double[] spread(double[] values) {
    double[] sums = new double[values.length];
    int[] counts = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      sums[set.applyAsInt(i)] += values[i];
      counts[set.applyAsInt(i)]++;
    }
    double[] means = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      means[i] = sums[set.applyAsInt(i)] / counts[set.applyAsInt(i)];
    }
    return means;
  }
}
