package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.spi.SgdUpdate;
import java.util.List;

/** Adds gradients up and moves parameters, in place: one engine call for all of them. */
final class SgdScript {
  private final Scripts.Call add;
  private final Scripts.Call squares;
  private final Scripts.Call move;
  private final Scripts.Call clear;

  SgdScript(Scripts scripts) {
    ScriptText adding = new ScriptText();
    String sum = adding.argument("sum");
    String term = adding.argument("term");
    this.add = scripts.call(adding, "torch.add_(" + sum + ", " + term + ")");
    this.squares = squares(scripts);
    this.move = move(scripts);
    this.clear = clear(scripts);
  }

  /** The sum of the squares of all values. */
  private static Scripts.Call squares(Scripts scripts) {
    ScriptText text = new ScriptText();
    text.argument("g", ScriptType.TENSORS);
    String sum = text.let("torch.sum(torch.mul(g[0], g[0]), dtype=None)");
    text.under(
        "for i in range(1, torch.len(g)):",
        () ->
            text.statement(
                "torch.add_(" + sum + ", torch.sum(torch.mul(g[i], g[i]), dtype=None))"));
    return scripts.call(text, "torch.reshape(" + sum + ", [1])");
  }

  private static Scripts.Call move(Scripts scripts) {
    ScriptText text = new ScriptText();
    text.argument("w", ScriptType.TENSORS);
    text.argument("v", ScriptType.TENSORS);
    text.argument("g", ScriptType.TENSORS);
    text.argument("rate", ScriptType.NUMBER);
    text.argument("momentum", ScriptType.NUMBER);
    text.argument("nesterov", ScriptType.NUMBER);
    text.argument("decay", ScriptType.NUMBER);
    text.argument("clip", ScriptType.NUMBER);
    text.under(
        "for i in range(torch.len(w)):",
        () -> {
          String d = text.let("torch.add(torch.mul(g[i], clip), torch.mul(w[i], decay))");
          text.statement("torch.add_(torch.mul_(v[i], momentum), " + d + ")");
          text.under(
              "if torch.ne(nesterov, 0.):",
              () ->
                  text.statement(
                      "torch.sub_(w[i], torch.mul(torch.add(%s, torch.mul(v[i], momentum)), rate))"
                          .formatted(d)));
          text.under("else:", () -> text.statement("torch.sub_(w[i], torch.mul(v[i], rate))"));
        });
    return scripts.call(text, "w[0]");
  }

  private static Scripts.Call clear(Scripts scripts) {
    ScriptText text = new ScriptText();
    text.argument("g", ScriptType.TENSORS);
    text.under("for i in range(torch.len(g)):", () -> text.statement("torch.zero_(g[i])"));
    return scripts.call(text, "g[0]");
  }

  /** Adds to a sum. */
  void add(NDArray sum, NDArray term) {
    NDArray unused = add.run(sum, term);
  }

  /**
   * Moves parameters and clears all gradients.
   *
   * @param w the parameters that move
   * @param v their momenta
   * @param g their gradients
   * @param all the gradients of all parameters
   */
  void apply(
      SgdUpdate update, List<NDArray> w, List<NDArray> v, List<NDArray> g, List<NDArray> all) {
    double clip = 1;
    if (update.clipNorm() < Double.POSITIVE_INFINITY) {
      double norm =
          Math.sqrt(
              squares
                  .run(List.of(Argument.of(all)))
                  .toType(ai.djl.ndarray.types.DataType.FLOAT64, false)
                  .toDoubleArray()[0]);
      clip = Math.min(1, update.clipNorm() / (norm + 1e-6));
    }
    NDArray unused =
        move.run(
            List.of(
                Argument.of(w),
                Argument.of(v),
                Argument.of(g),
                Argument.of(update.learningRate()),
                Argument.of(update.momentum()),
                Argument.of(update.nesterov() ? 1.0 : 0.0),
                Argument.of(update.weightDecay()),
                Argument.of(clip)));
    NDArray unusedToo = clear.run(List.of(Argument.of(all)));
  }
}
