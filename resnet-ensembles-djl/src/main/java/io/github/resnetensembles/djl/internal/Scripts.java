package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.djl.internal.Torch.Script;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

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
  Call call(ScriptText text, String result) {
    return new Call(results, script(text.source(ScriptType.TENSOR, result)), text.weights());
  }

  /** {@return a call of this text, which gives a list of arrays, on its own weights} */
  ListCall listCall(ScriptText text, String result) {
    return new ListCall(results, script(text.source(ScriptType.TENSORS, result)), text.weights());
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

  /** A script with its weights that gives one array. */
  static final class Call {
    private final NDManager manager;
    private final Script script;
    private final List<NDArray> weights;

    private Call(NDManager manager, Script script, List<NDArray> weights) {
      this.manager = manager;
      this.script = script;
      this.weights = weights;
    }

    NDArray run(NDArray... arguments) {
      return run(Arrays.stream(arguments).map(Argument::of).toList());
    }

    NDArray run(List<Argument> arguments) {
      return script.run(manager, withWeights(arguments, weights));
    }
  }

  /** A script with its weights that gives a list of arrays. */
  static final class ListCall {
    private final NDManager manager;
    private final Script script;
    private final List<NDArray> weights;

    private ListCall(NDManager manager, Script script, List<NDArray> weights) {
      this.manager = manager;
      this.script = script;
      this.weights = weights;
    }

    List<NDArray> run(List<Argument> arguments) {
      return script.runList(manager, withWeights(arguments, weights));
    }
  }

  private static List<Argument> withWeights(List<Argument> arguments, List<NDArray> weights) {
    List<Argument> all = new ArrayList<>(arguments);
    weights.forEach(weight -> all.add(Argument.of(weight)));
    return all;
  }
}
