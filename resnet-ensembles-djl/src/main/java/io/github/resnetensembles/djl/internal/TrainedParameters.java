package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.weights.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a network in training, the gradient accumulated so far, and updates along it. */
final class TrainedParameters {
  private final Architecture architecture;
  private final Tensors tensors;
  private final List<ParameterSpec> trainable;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();
  private final UpdateScripts updateScripts;
  private final Map<String, NDArray> momenta = new LinkedHashMap<>();

  /** AdamW's second moments; none before its first update, so that SGD needs no memory for them. */
  private final Map<String, NDArray> squares = new LinkedHashMap<>();

  /** Updates by AdamW of stem and head, then of each block. */
  private final long[] updates;

  private final Map<String, NDArray> gradients = new HashMap<>();
  private final Scripts.Call<NDArray> addInPlace;
  private final Scripts.Call<NDArray> squaredNorm;

  /** Copies the weights into the engine. */
  TrainedParameters(
      Weights weights, Tensors tensors, Scripts scripts, Scripts.Call<NDArray> arrange) {
    this.architecture = weights.architecture();
    this.tensors = tensors;
    this.trainable = architecture.parameters().stream().filter(p -> p.role().trainable()).toList();
    for (ParameterSpec parameter : architecture.parameters()) {
      double[] values = of(weights.tensors(), parameter.name()).doubles();
      NDArray array = tensors.of(values, shape(parameter));
      boolean kernel = parameter.role() == ParameterSpec.Role.CONVOLUTION;
      arrays.put(parameter.name(), tensors.keep(kernel ? arrange.run(array) : array));
    }
    addZeros(momenta);
    this.updates = new long[architecture.size() + 1];
    ScriptText add = new ScriptText();
    this.addInPlace =
        scripts.call(add, "torch.add_(" + add.argument("a") + ", " + add.argument("b") + ")");
    this.squaredNorm = squaredNorm(scripts);
    this.updateScripts = new UpdateScripts(scripts);
  }

  private void addZeros(Map<String, NDArray> moments) {
    for (ParameterSpec parameter : trainable) {
      moments.put(parameter.name(), tensors.keep(array(parameter.name()).zerosLike()));
    }
  }

  private static long[] shape(ParameterSpec parameter) {
    return parameter.shape().stream().mapToLong(Integer::longValue).toArray();
  }

  private static Scripts.Call<NDArray> squaredNorm(Scripts scripts) {
    ScriptText text = new ScriptText();
    String gradients = text.argument("g", ScriptType.TENSORS);
    String squares = text.emptyList();
    text.under(
        "for i in range(torch.len(" + gradients + ")):",
        () -> {
          String wide = text.let("torch.to(" + gradients + "[i], 7)");
          text.let(
              "torch.append(%s, torch.sum(torch.mul(%s, %s), dtype=None))"
                  .formatted(squares, wide, wide));
        });
    return scripts.call(text, "torch.sum(torch.stack(" + squares + ", 0), dtype=None)");
  }

  NDArray array(String name) {
    return of(arrays, name);
  }

  private static <T> T of(Map<String, T> map, String name) {
    T value = map.get(name);
    if (value == null) {
      throw new InvalidInputException("there is no tensor " + name);
    }
    return value;
  }

  /** Adds to the gradient, taking the arrays over. */
  void add(Map<String, NDArray> more) {
    more.forEach(
        (name, array) -> {
          NDArray sum = gradients.get(name);
          if (sum == null) {
            gradients.put(name, tensors.keep(array));
          } else {
            NDArray unused = addInPlace.run(sum, array);
          }
        });
  }

  void apply(ParameterUpdate update) {
    double scale = clipScale(update.clipNorm());
    if (update.optimizer() instanceof Optimizer.AdamW) {
      if (squares.isEmpty()) {
        addZeros(squares);
      }
      for (int block = 0; block < updates.length; block++) {
        updates[block] += update.restingBlocks().contains(block) ? 0 : 1;
      }
    }
    // What differs in decay or count goes through the engine apart.
    Map<UpdateScripts.Kind, UpdateScripts.Group> kinds = new LinkedHashMap<>();
    for (ParameterSpec parameter : trainable) {
      if (!update.restingBlocks().contains(parameter.block())) {
        String name = parameter.name();
        UpdateScripts.Group group =
            kinds.computeIfAbsent(
                new UpdateScripts.Kind(
                    update.optimizer().decays(parameter.role()), updates[parameter.block()]),
                kind -> new UpdateScripts.Group());
        NDArray gradient = gradients.get(name);
        group.parameters().add(array(name));
        group.gradients().add(gradient == null ? array(name).zerosLike() : gradient);
        group.momenta().add(of(momenta, name));
        if (!squares.isEmpty()) {
          group.squares().add(of(squares, name));
        }
      }
    }
    kinds.forEach((kind, group) -> updateScripts.run(update, scale, kind, group));
    gradients.values().forEach(tensors::free);
    gradients.clear();
  }

  private double clipScale(double clipNorm) {
    if (clipNorm == Double.POSITIVE_INFINITY || gradients.isEmpty()) {
      return 1;
    }
    List<NDArray> all = List.copyOf(gradients.values());
    double norm = Math.sqrt(Tensors.readDoubles(squaredNorm.run(List.of(Argument.of(all))))[0]);
    return Math.min(1, clipNorm / (norm + 1e-6));
  }

  Map<String, double[]> gradients() {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (ParameterSpec parameter : trainable) {
      NDArray gradient = gradients.get(parameter.name());
      values.put(
          parameter.name(),
          gradient == null
              ? new double[Math.toIntExact(parameter.count())]
              : tensors.read(gradient));
    }
    return values;
  }

  Map<String, double[]> tensors() {
    return read(arrays);
  }

  OptimizerState state() {
    return new OptimizerState(
        read(momenta),
        read(squares),
        squares.isEmpty() ? List.of() : Arrays.stream(updates).boxed().toList());
  }

  private Map<String, double[]> read(Map<String, NDArray> from) {
    Map<String, double[]> values = new LinkedHashMap<>();
    from.forEach((name, array) -> values.put(name, tensors.read(array)));
    return values;
  }

  void restore(OptimizerState state) {
    Arguments.checkState(architecture, state);
    set(momenta, state.momenta());
    squares.values().forEach(tensors::free);
    squares.clear();
    if (!state.squares().isEmpty()) {
      addZeros(squares);
      set(squares, state.squares());
    }
    for (int block = 0; block < updates.length; block++) {
      updates[block] = state.updates().isEmpty() ? 0 : state.updates().get(block);
    }
  }

  private void set(Map<String, NDArray> moments, Map<String, double[]> given) {
    for (ParameterSpec parameter : trainable) {
      NDArray moment = of(moments, parameter.name());
      NDArray unusedZero = moment.muli(0);
      NDArray unused =
          addInPlace.run(moment, tensors.of(of(given, parameter.name()), shape(parameter)));
    }
  }
}
