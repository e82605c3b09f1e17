package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.BatchNormMode;
import java.util.Set;

/**
 * Each channel times a gate that is a function of the input.
 *
 * @param gate from the input to one value for each channel
 */
record ChannelGate(Operation gate) implements Operation {
  @Override
  public LayerTrace trace(Features input, BatchNormMode mode) {
    return new Trace(input, gate.trace(input, mode));
  }

  /** The product rule. */
  private record Trace(Features input, LayerTrace gate, Features output) implements LayerTrace {
    Trace(Features input, LayerTrace gate) {
      this(input, gate, gated(input, gate.output()));
    }

    private static int plane(Features features) {
      return features.shape().height() * features.shape().width();
    }

    private static Features gated(Features x, Features gate) {
      int plane = plane(x);
      return x.like(i -> x.values()[i] * gate.values()[i / plane]);
    }

    private Features atGate(Features cotangent) {
      int plane = plane(input);
      Features sums = Features.zeros(input.images(), gate.output().shape());
      for (int i = 0; i < cotangent.values().length; i++) {
        sums.values()[i / plane] += cotangent.values()[i] * input.values()[i];
      }
      return sums;
    }

    private Features sum(Features cotangent, Features throughGate) {
      Features result = gated(cotangent, gate.output());
      result.addScaled(1, throughGate);
      return result;
    }

    @Override
    public Features pullBack(Features cotangent) {
      return sum(cotangent, gate.pullBack(atGate(cotangent)));
    }

    @Override
    public void addGradient(Features cotangent, ParameterGradient gradient) {
      gate.addGradient(atGate(cotangent), gradient);
    }

    @Override
    public Features backward(Features cotangent, ParameterGradient gradient) {
      return sum(cotangent, gate.backward(atGate(cotangent), gradient));
    }

    @Override
    public void updateStatistics(double momentum, Set<String> updated) {
      gate.updateStatistics(momentum, updated);
    }
  }
}
