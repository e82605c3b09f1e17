package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.BatchNormMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a layer computes: a function of one batch that changes neither its input nor itself. */
@FunctionalInterface
interface Operation {
  /** Runs the layer and keeps what its derivatives need. */
  LayerTrace trace(Features input, BatchNormMode mode);

  /** Runs the layer in eval mode. */
  default Features apply(Features input) {
    return trace(input, BatchNormMode.EVAL).output();
  }

  /** Runs layers one after the other; none at all is the identity. */
  static Operation chain(List<? extends Operation> layers) {
    return new Chain(List.copyOf(layers));
  }

  /** Layers one after the other. */
  record Chain(List<Operation> layers) implements Operation {
    @Override
    public Features apply(Features input) {
      Features features = input;
      for (Operation layer : layers) {
        features = layer.apply(features);
      }
      return features;
    }

    @Override
    public LayerTrace trace(Features input, BatchNormMode mode) {
      List<LayerTrace> traces = new ArrayList<>();
      Features features = input;
      for (Operation layer : layers) {
        LayerTrace trace = layer.trace(features, mode);
        traces.add(trace);
        features = trace.output();
      }
      return new ChainTrace(features, traces);
    }
  }

  /** The chain rule. */
  record ChainTrace(Features output, List<LayerTrace> traces) implements LayerTrace {
    @Override
    public Features pullBack(Features cotangent) {
      Features v = cotangent;
      for (int i = traces.size() - 1; i >= 0; i--) {
        v = traces.get(i).pullBack(v);
      }
      return v;
    }

    @Override
    public void addGradient(Features cotangent, ParameterGradient gradient) {
      Features unused = backward(cotangent, gradient);
    }

    @Override
    public Features backward(Features cotangent, ParameterGradient gradient) {
      Features v = cotangent;
      for (int i = traces.size() - 1; i >= 0; i--) {
        v = traces.get(i).backward(v, gradient);
      }
      return v;
    }

    @Override
    public void updateStatistics(double momentum, Set<String> updated) {
      traces.forEach(trace -> trace.updateStatistics(momentum, updated));
    }
  }
}
