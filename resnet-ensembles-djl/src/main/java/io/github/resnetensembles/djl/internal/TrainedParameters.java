package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.spi.Arguments;
import io.github.resnetensembles.spi.SgdUpdate;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a network in training, their momenta, and the gradient accumulated so far. */
final class TrainedParameters {
  private final Architecture architecture;
  private final Tensors tensors;
  private final List<ParameterSpec> trainable;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();
  private final Map<String, NDArray> momenta = new LinkedHashMap<>();
  private final Map<String, NDArray> gradients = new HashMap<>();
  private final Scripts.Call<NDArray> addInPlace;
  private final Scripts.Call<NDArray> squaredNorm;
  private final Scripts.Call<NDArray> plainUpdate;
  private final Scripts.Call<NDArray> nesterovUpdate;

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
    for (ParameterSpec parameter : trainable) {
      momenta.put(parameter.name(), tensors.keep(array(parameter.name()).zerosLike()));
    }
    ScriptText add = new ScriptText();
    this.addInPlace =
        scripts.call(add, "torch.add_(" + add.argument("a") + ", " + add.argument("b") + ")");
    this.squaredNorm = squaredNorm(scripts);
    this.plainUpdate = update(scripts, false);
    this.nesterovUpdate = update(scripts, true);
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

  /**
   * Changes parameters, momenta and gradients in place, as {@link SgdUpdate} says; on a GPU all of
   * them at once.
   */
  private static Scripts.Call<NDArray> update(Scripts scripts, boolean nesterov) {
    ScriptText text = new ScriptText();
    String w = text.argument("w", ScriptType.TENSORS);
    String g = text.argument("g", ScriptType.TENSORS);
    String v = text.argument("v", ScriptType.TENSORS);
    String rate = text.argument("minus_rate", ScriptType.NUMBER);
    String momentum = text.argument("momentum", ScriptType.NUMBER);
    String decay = text.argument("decay", ScriptType.NUMBER);
    String scale = text.argument("scale", ScriptType.NUMBER);
    text.statement("torch._foreach_mul_(%s, %s)".formatted(g, scale));
    text.statement("torch._foreach_add_(%s, %s, alpha=%s)".formatted(g, w, decay));
    text.statement("torch._foreach_mul_(%s, %s)".formatted(v, momentum));
    text.statement("torch._foreach_add_(%s, %s)".formatted(v, g));
    if (nesterov) {
      text.statement("torch._foreach_add_(%s, %s, alpha=%s)".formatted(g, v, momentum));
    }
    text.statement("torch._foreach_add_(%s, %s, alpha=%s)".formatted(w, nesterov ? g : v, rate));
    return scripts.call(text, w + "[0]");
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

  void apply(SgdUpdate update) {
    List<NDArray> w = new ArrayList<>();
    List<NDArray> g = new ArrayList<>();
    List<NDArray> v = new ArrayList<>();
    double scale = clipScale(update.clipNorm());
    for (ParameterSpec parameter : trainable) {
      String name = parameter.name();
      if (!update.restingBlocks().contains(block(name))) {
        NDArray gradient = gradients.get(name);
        w.add(array(name));
        g.add(gradient == null ? array(name).zerosLike() : gradient);
        v.add(of(momenta, name));
      }
    }
    if (!w.isEmpty()) {
      NDArray unused =
          (update.nesterov() ? nesterovUpdate : plainUpdate)
              .run(
                  List.of(
                      Argument.of(w),
                      Argument.of(g),
                      Argument.of(v),
                      Argument.of(-update.learningRate()),
                      Argument.of(update.momentum()),
                      Argument.of(update.weightDecay()),
                      Argument.of(scale)));
    }
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

  /** {@return the number of the tensor's block, 0 outside of blocks} */
  private static int block(String name) {
    return name.startsWith("blocks.")
        ? Integer.parseInt(name.substring(7, name.indexOf('.', 7)))
        : 0;
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

  Map<String, double[]> momenta() {
    return read(momenta);
  }

  private Map<String, double[]> read(Map<String, NDArray> from) {
    Map<String, double[]> values = new LinkedHashMap<>();
    from.forEach((name, array) -> values.put(name, tensors.read(array)));
    return values;
  }

  void restoreMomenta(Map<String, double[]> given) {
    Arguments.checkMomenta(architecture, given);
    for (ParameterSpec parameter : trainable) {
      NDArray momentum = of(momenta, parameter.name());
      NDArray unusedZero = momentum.muli(0);
      NDArray unused =
          addInPlace.run(momentum, tensors.of(of(given, parameter.name()), shape(parameter)));
    }
  }
}
