package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.djl.internal.Torch.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The compiled scripts of one network, one for each distinct text. Their number is bounded by the
 * network's distinct block descriptions times the forms of a step: gains are inputs, not text.
 */
final class Scripts {
  private final NDManager modules;
  private final NDManager results;
  private final ConcurrentHashMap<String, Script> compiled = new ConcurrentHashMap<>();

  /**
   * Creates an empty collection.
   *
   * @param modules manager of the compiled modules
   * @param results manager of what they return
   */
  Scripts(NDManager modules, NDManager results) {
    this.modules = modules;
    this.results = results;
  }

  /** {@return a call of this text, which gives one array, on its own weights} */
  Call<NDArray> call(ScriptText text, String result) {
    Script script = script(text.source(ScriptType.TENSOR, result));
    return new Call<>(text.weights(), inputs -> script.run(results, inputs));
  }

  /** {@return a call of this text, which gives a list of arrays, on its own weights} */
  Call<List<NDArray>> listCall(ScriptText text, String result) {
    Script script = script(text.source(ScriptType.TENSORS, result));
    return new Call<>(text.weights(), inputs -> script.runList(results, inputs));
  }

  private Script script(String source) {
    return compiled.computeIfAbsent(
        source, text -> Torch.compile(modules, ScriptText.archive(text)));
  }

  int size() {
    return compiled.size();
  }

  void close() {
    compiled.values().forEach(Script::close);
  }

  /** A script with its weights. */
  record Call<T>(List<NDArray> weights, Function<List<Argument>, T> script) {
    T run(NDArray... arguments) {
      return run(Arrays.stream(arguments).map(Argument::of).toList());
    }

    T run(List<Argument> arguments) {
      List<Argument> all = new ArrayList<>(arguments);
      weights.forEach(weight -> all.add(Argument.of(weight)));
      return script.apply(all);
    }
  }
}
