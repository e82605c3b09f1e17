package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.network.BlockLayers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one step: y = post(skip(lead(x)) + branch(lead(x))).
 *
 * @param skip the skip connection, or null if there is none
 */
record StepChains(LayerChain lead, LayerChain branch, @Nullable LayerChain skip, LayerChain post) {

  /** A part of the network that is no block: a branch alone. */
  static StepChains of(LayerChain chain) {
    return new StepChains(LayerChain.IDENTITY, chain, null, LayerChain.IDENTITY);
  }

  static StepChains of(BlockLayers layers, LayerForm form) {
    return new StepChains(
        form.chain(layers.lead()),
        form.chain(layers.branch()),
        form.chain(layers.skip()),
        form.chain(layers.post()));
  }

  StepChains withoutSkip() {
    return new StepChains(lead, branch, null, post);
  }

  /**
   * Writes the step forward.
   *
   * @param runsSkip whether the skip connection is run, if only for what it saves
   * @param saved gets what the layers save: those of lead, branch, skip and post
   * @return the output's name
   */
  String forward(ScriptText text, StepForm form, boolean runsSkip, List<String> saved) {
    Value x = Value.shared(text.argument("x"));
    String given = form.given() ? text.argument("given") : "";
    String skipGain = form.skip().declare(text, "skip_gain");
    String branchGain = form.branch().declare(text, "branch_gain");
    branch.arguments().forEach(text::argument);
    Value led = x;
    if (runsSkip || (form.hasBranch() && !form.given())) {
      led = Value.shared(lead.forward(text, x, saved).name());
    }
    Value sum = null;
    if (form.hasBranch()) {
      Value term =
          form.given() ? repeated(text, x.name(), given) : branch.forward(text, led, saved);
      sum = form.branch().scaled(text, term, branchGain);
    }
    if (runsSkip && skip != null) {
      Value term = skip.forward(text, led, saved);
      if (form.hasSkip()) {
        Value scaled = form.skip().scaled(text, term, skipGain);
        sum = sum == null ? scaled : sum.plus(text, scaled);
      } else if (sum == null) {
        sum = Value.own(text.let("torch.zeros_like(" + term.name() + ")"));
      }
    }
    if (sum == null) {
      throw new IllegalStateException("a step of neither skip nor branch");
    }
    return (form.post() ? post.forward(text, sum, saved) : sum).name();
  }

  /** One image's worth of a branch output is repeated for every image. */
  private static Value repeated(ScriptText text, String x, String given) {
    String repeated = "torch.expand(" + given + ", [torch.size(" + x + ", 0), -1, -1, -1])";
    return Value.shared(text.let(Layers.channelsLast(repeated)));
  }

  /** The script of {@link #forward} that gives the output and all that was saved. */
  Scripts.Call<List<NDArray>> forwardCall(Scripts scripts, StepForm form, boolean runsSkip) {
    ScriptText text = new ScriptText();
    List<String> results = new ArrayList<>();
    results.add(0, forward(text, form, runsSkip, results));
    return scripts.listCall(text, "[" + String.join(", ", results) + "]");
  }
}
