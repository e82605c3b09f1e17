package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.ParameterUpdate;
import java.util.ArrayList;
import java.util.List;

/**
 * The scripts that change parameters, what is remembered of them, and gradients in place, as {@link
 * Optimizer} says; on a GPU all of them at once.
 */
final class UpdateScripts {
  private final Scripts.Call<NDArray> plain;
  private final Scripts.Call<NDArray> nesterov;
  private final Scripts.Call<NDArray> adamW;

  UpdateScripts(Scripts scripts) {
    plain = sgd(scripts, false);
    nesterov = sgd(scripts, true);
    adamW = adamW(scripts);
  }

  /**
   * What goes through one call.
   *
   * @param decays whether the weight decay applies
   * @param updates by AdamW, this one included
   */
  record Kind(boolean decays, long updates) {}

  /** The arrays of some parameters, in one order; squares are for AdamW alone. */
  record Group(
      List<NDArray> parameters,
      List<NDArray> gradients,
      List<NDArray> momenta,
      List<NDArray> squares) {
    Group() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  private static Scripts.Call<NDArray> sgd(Scripts scripts, boolean nesterov) {
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

  private static Scripts.Call<NDArray> adamW(Scripts scripts) {
    ScriptText text = new ScriptText();
    String w = text.argument("w", ScriptType.TENSORS);
    String g = text.argument("g", ScriptType.TENSORS);
    String m = text.argument("m", ScriptType.TENSORS);
    String v = text.argument("v", ScriptType.TENSORS);
    String scale = text.argument("scale", ScriptType.NUMBER);
    String kept = text.argument("kept", ScriptType.NUMBER);
    String beta1 = text.argument("beta1", ScriptType.NUMBER);
    String beta2 = text.argument("beta2", ScriptType.NUMBER);
    String rest1 = text.argument("rest1", ScriptType.NUMBER);
    String rest2 = text.argument("rest2", ScriptType.NUMBER);
    String root = text.argument("root", ScriptType.NUMBER);
    String epsilon = text.argument("epsilon", ScriptType.NUMBER);
    String rate = text.argument("minus_rate", ScriptType.NUMBER);
    text.statement("torch._foreach_mul_(%s, %s)".formatted(g, scale));
    text.statement("torch._foreach_mul_(%s, %s)".formatted(w, kept));
    text.statement("torch._foreach_mul_(%s, %s)".formatted(m, beta1));
    text.statement("torch._foreach_add_(%s, %s, alpha=%s)".formatted(m, g, rest1));
    text.statement("torch._foreach_mul_(%s, %s)".formatted(v, beta2));
    text.statement("torch._foreach_addcmul_(%s, %s, %s, %s)".formatted(v, g, g, rest2));
    String divisor = text.let("torch._foreach_sqrt(" + v + ")");
    text.statement("torch._foreach_div_(%s, %s)".formatted(divisor, root));
    text.statement("torch._foreach_add_(%s, %s)".formatted(divisor, epsilon));
    text.statement("torch._foreach_addcdiv_(%s, %s, %s, %s)".formatted(w, m, divisor, rate));
    return scripts.call(text, w + "[0]");
  }

  /** Changes arrays in place; gradients are of no use afterwards. */
  void run(ParameterUpdate update, double scale, Kind kind, Group group) {
    double decay = kind.decays() ? update.optimizer().weightDecay() : 0;
    double rate = update.learningRate();
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(group.parameters()));
    arguments.add(Argument.of(group.gradients()));
    arguments.add(Argument.of(group.momenta()));
    if (update.optimizer() instanceof Optimizer.Sgd sgd) {
      add(arguments, -rate, sgd.momentum(), decay, scale);
      NDArray unused = (sgd.nesterov() ? nesterov : plain).run(arguments);
    } else {
      Optimizer.AdamW rule = (Optimizer.AdamW) update.optimizer();
      arguments.add(Argument.of(group.squares()));
      double first = 1 - StrictMath.pow(rule.beta1(), (double) kind.updates());
      double second = 1 - StrictMath.pow(rule.beta2(), (double) kind.updates());
      add(arguments, scale, 1 - rate * decay);
      add(arguments, rule.beta1(), rule.beta2(), 1 - rule.beta1(), 1 - rule.beta2());
      add(arguments, Math.sqrt(second), rule.epsilon(), -rate / first);
      NDArray unused = adamW.run(arguments);
    }
  }

  private static void add(List<Argument> arguments, double... numbers) {
    for (double number : numbers) {
      arguments.add(Argument.of(number));
    }
  }
}
