package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.resnetensembles.djl.internal.Torch.Script;
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

  /** {@return a call of this text on its own weights} */
  Call call(ScriptText text, String result) {
    Script script =
        compiled.computeIfAbsent(
            text.source(result), source -> Torch.compile(modules, ScriptText.archive(source)));
    return new Call(results, script, text.weights());
  }

  int size() {
    return compiled.size();
  }

  void close() {
    compiled.values().forEach(Script::close);
  }

  /** A script with its weights. */
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
      NDArray[] inputs = new NDArray[arguments.length + weights.size()];
      System.arraycopy(arguments, 0, inputs, 0, arguments.length);
      for (int i = 0; i < weights.size(); i++) {
        inputs[arguments.length + i] = weights.get(i);
      }
      return script.run(manager, inputs);
    }
  }
}
