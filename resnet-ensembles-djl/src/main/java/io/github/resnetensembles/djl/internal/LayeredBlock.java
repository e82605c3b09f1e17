package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.EngineNetwork.Input;
import io.github.resnetensembles.djl.internal.EngineNetwork.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One block in the engine. Each form of a step is one script, written and compiled when first
 * needed.
 *
 * <p>In a script only values that it has made itself are changed in place.
 */
final class LayeredBlock {
  private final StepChains chains;
  private final LayerChain skip;
  private final Scripts scripts;
  private final DoubleFunction<NDArray> scalars;
  private final ConcurrentHashMap<StepForm, Scripts.Call<NDArray>> calls =
      new ConcurrentHashMap<>();

  /**
   * Creates the block.
   *
   * @param chains its layers, which have a skip connection
   * @param scalars brings a gain into the engine
   */
  LayeredBlock(StepChains chains, Scripts scripts, DoubleFunction<NDArray> scalars) {
    this.chains = chains;
    this.skip = Objects.requireNonNull(chains.skip());
    this.scripts = scripts;
    this.scalars = scalars;
  }

  Output step(double skipGain, double branchGain, Input x, @Nullable NDArray given) {
    Gain.Form branchForm = Gain.Form.of(branchGain, Gain.Form.ARRAY);
    boolean usesGiven = given != null && branchForm != Gain.Form.ABSENT;
    return run(
        new StepForm(Gain.Form.of(skipGain, Gain.Form.ARRAY), branchForm, usesGiven, true),
        x,
        usesGiven ? given : null,
        skipGain,
        branchGain);
  }

  Output skip(Input x) {
    return run(StepForm.SKIP, x, null, 1, 0);
  }

  Output branch(Input x) {
    return run(StepForm.BRANCH, x, null, 0, 1);
  }

  Output post(Input sum) {
    LayerChain post = chains.post();
    boolean nonNegative = post.nonNegative(sum.nonNegative());
    if (post.identity() || (post.relu() && sum.nonNegative())) {
      return new Output(sum.array(), nonNegative);
    }
    ScriptText text = new ScriptText();
    Value x = Value.shared(text.argument("x"));
    return new Output(
        scripts.call(text, post.forward(text, x, new ArrayList<>()).name()).run(sum.array()),
        nonNegative);
  }

  private Output run(
      StepForm form, Input x, @Nullable NDArray given, double skipGain, double branchGain) {
    boolean skipAlone = !form.hasBranch() && form.skip() == Gain.Form.ONE;
    boolean nonNegative = skipAlone && skip.nonNegative(chains.lead().nonNegative(x.nonNegative()));
    if (skipAlone && skip.identity() && chains.lead().identity()) {
      // s(x) is x itself: nothing is computed but post.
      return form.post() ? post(x) : new Output(x.array(), x.nonNegative());
    }
    boolean postNeeded = form.post() && !(nonNegative && chains.post().relu());
    StepForm needed = new StepForm(form.skip(), form.branch(), form.given(), postNeeded);
    List<NDArray> arguments = new ArrayList<>();
    arguments.add(x.array());
    if (given != null) {
      arguments.add(given);
    }
    if (form.skip() == Gain.Form.ARRAY) {
      arguments.add(scalars.apply(skipGain));
    }
    if (form.branch() == Gain.Form.ARRAY) {
      arguments.add(scalars.apply(branchGain));
    }
    NDArray result =
        calls.computeIfAbsent(needed, this::write).run(arguments.toArray(new NDArray[0]));
    return new Output(result, form.post() ? chains.post().nonNegative(nonNegative) : nonNegative);
  }

  private Scripts.Call<NDArray> write(StepForm form) {
    ScriptText text = new ScriptText();
    return scripts.call(text, chains.forward(text, form, form.hasSkip(), new ArrayList<>()));
  }
}
