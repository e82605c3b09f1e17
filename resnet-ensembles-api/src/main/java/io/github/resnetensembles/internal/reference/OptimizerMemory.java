package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.spi.ParameterUpdate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Updates of parameters, and what they leave behind for the next ones. */
final class OptimizerMemory {
  private final List<ParameterSpec> trained;
  private final Map<String, double[]> momenta;
  private final Map<String, double[]> squares;

  /** Of stem and head, then of each block. */
  private final long[] updates;

  OptimizerMemory(Architecture architecture) {
    trained = architecture.parameters().stream().filter(p -> p.role().trainable()).toList();
    momenta = new ParameterGradient(architecture, "").values();
    squares = new ParameterGradient(architecture, "").values();
    updates = new long[architecture.size() + 1];
  }

  /** Changes tensors along a gradient; both are by name. */
  void apply(
      ParameterUpdate update, Map<String, double[]> tensors, Map<String, double[]> gradient) {
    double clip = Math.min(1, update.clipNorm() / (norm(gradient) + 1e-6));
    if (update.optimizer() instanceof Optimizer.AdamW) {
      for (int block = 0; block < updates.length; block++) {
        updates[block] += update.restingBlocks().contains(block) ? 0 : 1;
      }
    }
    for (ParameterSpec parameter : trained) {
      if (!update.restingBlocks().contains(parameter.block())) {
        double[] w = of(tensors, parameter);
        double[] g = Arrays.stream(of(gradient, parameter)).map(value -> clip * value).toArray();
        double decay =
            update.optimizer().decays(parameter.role()) ? update.optimizer().weightDecay() : 0;
        if (update.optimizer() instanceof Optimizer.Sgd sgd) {
          move(sgd, update.learningRate(), decay, w, g, of(momenta, parameter));
        } else {
          Optimizer.AdamW adamW = (Optimizer.AdamW) update.optimizer();
          double[] m = of(momenta, parameter);
          double[] v = of(squares, parameter);
          move(adamW, update.learningRate(), decay, updates[parameter.block()], w, g, m, v);
        }
      }
    }
  }

  private static double[] of(Map<String, double[]> arrays, ParameterSpec parameter) {
    return Objects.requireNonNull(arrays.get(parameter.name()), parameter.name());
  }

  private static double norm(Map<String, double[]> gradient) {
    double squares = 0;
    for (double[] values : gradient.values()) {
      for (double value : values) {
        squares += value * value;
      }
    }
    return Math.sqrt(squares);
  }

  private static void move(
      Optimizer.Sgd sgd, double rate, double decay, double[] w, double[] g, double[] v) {
    for (int i = 0; i < w.length; i++) {
      double d = g[i] + decay * w[i];
      v[i] = sgd.momentum() * v[i] + d;
      w[i] -= rate * (sgd.nesterov() ? d + sgd.momentum() * v[i] : v[i]);
    }
  }

  private static void move(
      Optimizer.AdamW adamW,
      double rate,
      double decay,
      long update,
      double[] w,
      double[] g,
      double[] m,
      double[] v) {
    double first = 1 - StrictMath.pow(adamW.beta1(), (double) update);
    double second = 1 - StrictMath.pow(adamW.beta2(), (double) update);
    for (int i = 0; i < w.length; i++) {
      w[i] -= rate * decay * w[i];
      m[i] = adamW.beta1() * m[i] + (1 - adamW.beta1()) * g[i];
      v[i] = adamW.beta2() * v[i] + (1 - adamW.beta2()) * g[i] * g[i];
      w[i] -= rate * (m[i] / first) / (Math.sqrt(v[i] / second) + adamW.epsilon());
    }
  }

  OptimizerState state() {
    boolean counted = Arrays.stream(updates).anyMatch(count -> count > 0);
    return new OptimizerState(
        copy(momenta),
        counted ? copy(squares) : Map.of(),
        counted ? Arrays.stream(updates).boxed().toList() : List.of());
  }

  private static Map<String, double[]> copy(Map<String, double[]> arrays) {
    Map<String, double[]> copy = new LinkedHashMap<>();
    arrays.forEach((name, values) -> copy.put(name, values.clone()));
    return copy;
  }

  /** Takes over a state that fits the network. */
  void restore(OptimizerState state) {
    momenta.putAll(copy(state.momenta()));
    squares.values().forEach(values -> Arrays.fill(values, 0));
    squares.putAll(copy(state.squares()));
    for (int block = 0; block < updates.length; block++) {
      updates[block] = state.updates().isEmpty() ? 0 : state.updates().get(block);
    }
  }
}
