package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import java.util.Arrays;
import java.util.List;

/** The mean cross-entropy of a batch with smoothed labels, and its gradient, inside the engine. */
final class ClassificationLoss {
  private final Tensors tensors;
  private final int classes;
  private final Scripts.Call<List<NDArray>> call;

  ClassificationLoss(Scripts scripts, Tensors tensors, int classes) {
    this.tensors = tensors;
    this.classes = classes;
    ScriptText text = new ScriptText();
    String logits = text.argument("logits");
    String targets = text.argument("targets");
    String images = "torch.size(" + logits + ", 0)";
    String logs = text.let("torch.log_softmax(" + logits + ", 1)");
    String sum = text.let("torch.sum(torch.mul(" + logs + ", " + targets + "), dtype=None)");
    String loss = text.let("torch.neg(torch.div(" + sum + ", " + images + "))");
    String gradient =
        text.let("torch.div(torch.sub(torch.exp(" + logs + "), " + targets + "), " + images + ")");
    this.call = scripts.listCall(text, "[" + loss + ", " + gradient + "]");
  }

  /** The loss, and its gradient with respect to the logits. */
  record Result(NDArray loss, NDArray gradient) {}

  Result of(NDArray logits, int[] labels, double labelSmoothing) {
    double[] targets = new double[labels.length * classes];
    Arrays.fill(targets, labelSmoothing / classes);
    for (int i = 0; i < labels.length; i++) {
      targets[i * classes + labels[i]] += 1 - labelSmoothing;
    }
    NDArray array = tensors.of(targets, labels.length, classes);
    List<NDArray> results = call.run(List.of(Argument.of(logits), Argument.of(array)));
    return new Result(results.get(0), results.get(1));
  }
}
