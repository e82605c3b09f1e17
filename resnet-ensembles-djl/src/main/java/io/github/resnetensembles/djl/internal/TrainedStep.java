package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Pulls.Pull;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One part of a network in training: an engine call runs it forward and updates BatchNorm's
 * statistics, another pulls a cotangent back and gives the gradients of its parameters, from what
 * the first one saved.
 */
final class TrainedStep {
  private final Scripts scripts;
  private final Tensors tensors;
  private final StepChains chains;
  private final Map<StepForm, Scripts.Call<List<NDArray>>> forwards = new ConcurrentHashMap<>();
  private final Map<BackwardForm, Backward> backwards = new ConcurrentHashMap<>();
  private final Map<StepForm, Scripts.Call<List<NDArray>>> pullBacks = new ConcurrentHashMap<>();

  TrainedStep(Scripts scripts, Tensors tensors, StepChains chains) {
    this.scripts = scripts;
    this.tensors = tensors;
    this.chains = chains;
  }

  /** Which sides of a step a cotangent goes through. */
  enum Sides {
    SKIP,
    BRANCH,
    BOTH
  }

  private record BackwardForm(StepForm form, Sides sides) {
    boolean throughSkip() {
      return sides != Sides.BRANCH && form.hasSkip();
    }

    boolean throughBranch() {
      return sides != Sides.SKIP && form.hasBranch();
    }
  }

  /** The results of a script: the cotangent at the input, then gradients in this order. */
  private record Backward(Scripts.Call<List<NDArray>> call, List<String> names) {}

  /**
   * What a cotangent gives.
   *
   * @param atInput shaped like the input
   * @param gradients of the parameters, by tensor name; nobody else has them
   */
  record Result(NDArray atInput, Map<String, NDArray> gradients) {}

  /**
   * Runs the part.
   *
   * @param further the arrays that its layers are given beside x
   */
  Run forward(Gain skip, Gain branch, NDArray x, List<NDArray> further) {
    StepForm form = StepForm.of(skip.form(), branch.form());
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(x));
    skip.addTo(arguments, tensors);
    branch.addTo(arguments, tensors);
    further.stream().map(Argument::of).forEach(arguments::add);
    return new Run(
        form, skip, branch, x, forwards.computeIfAbsent(form, this::writeForward).run(arguments));
  }

  /** A forward pass; its arrays are the output and what the layers saved. */
  final class Run {
    private final StepForm form;
    private final Gain skip;
    private final Gain branch;
    private final NDArray x;
    private final List<NDArray> arrays;

    private Run(StepForm form, Gain skip, Gain branch, NDArray x, List<NDArray> arrays) {
      this.form = form;
      this.skip = skip;
      this.branch = branch;
      this.x = x;
      this.arrays = arrays;
    }

    /** {@return the output, then what the layers saved} */
    List<NDArray> arrays() {
      return arrays;
    }

    Result backward(NDArray cotangent, Sides sides) {
      BackwardForm backward = new BackwardForm(form, sides);
      if (!backward.throughSkip() && !backward.throughBranch()) {
        return new Result(x.zerosLike(), Map.of());
      }
      List<Argument> arguments = new ArrayList<>();
      arguments.add(Argument.of(cotangent));
      skip.addTo(arguments, tensors);
      branch.addTo(arguments, tensors);
      addSaved(arguments);
      Backward script = backwards.computeIfAbsent(backward, wanted -> writeBackward(wanted));
      List<NDArray> results = script.call().run(arguments);
      Map<String, NDArray> gradients = new LinkedHashMap<>();
      for (int i = 0; i < script.names().size(); i++) {
        gradients.put(script.names().get(i), results.get(i + 1));
      }
      return new Result(results.get(0), gradients);
    }

    /** Pulls back without any gradient; a side that was not run gives nothing. */
    List<NDArray> pullBack(Pulls given) {
      List<NDArray> scaled = new ArrayList<>();
      List<Pull> pulls = new ArrayList<>();
      for (Pull pull : given.pulls()) {
        int atSkip = add(scaled, given.array(pull.skip()), skip);
        int atBranch = add(scaled, given.array(pull.branch()), branch);
        pulls.add(new Pull(atSkip, pull.skipWeight(), atBranch, pull.branchWeight()));
      }
      List<Pull> computed = pulls.stream().filter(pull -> !pull.empty()).toList();
      List<Argument> arguments = new ArrayList<>(new Pulls(scaled, computed).arguments());
      addSaved(arguments);
      Iterator<NDArray> results =
          computed.isEmpty()
              ? Collections.emptyIterator()
              : pullBacks
                  .computeIfAbsent(form, TrainedStep.this::writePullBack)
                  .run(arguments)
                  .iterator();
      return pulls.stream().map(pull -> pull.empty() ? x.zerosLike() : results.next()).toList();
    }

    private void addSaved(List<Argument> arguments) {
      arrays.stream().skip(1).map(Argument::of).forEach(arguments::add);
    }

    /** The side's gain goes with its cotangent: the rest of the side is linear. */
    private int add(List<NDArray> to, @Nullable NDArray cotangent, Gain gain) {
      if (cotangent == null || gain.form() == Gain.Form.ABSENT) {
        return Pulls.NONE;
      }
      to.add(gain.form() == Gain.Form.ONE ? cotangent : cotangent.mul(gain.array(tensors)));
      return to.size() - 1;
    }
  }

  private Scripts.Call<List<NDArray>> writeForward(StepForm form) {
    return chains.forwardCall(scripts, form, form.needsSkip());
  }

  private Backward writeBackward(BackwardForm wanted) {
    StepForm form = wanted.form();
    ScriptText text = new ScriptText();
    Value g = Value.shared(text.argument("g"));
    String skipGain = form.skip().declare(text, "skip_gain");
    String branchGain = form.branch().declare(text, "branch_gain");
    LayerChain skipChain = form.needsSkip() ? chains.skip() : null;
    List<String> lead = text.saved(chains.lead());
    List<String> branch = text.saved(form.hasBranch() ? chains.branch() : LayerChain.IDENTITY);
    List<String> skip = text.saved(skipChain == null ? LayerChain.IDENTITY : skipChain);
    List<String> post = text.saved(chains.post());
    Map<String, String> gradients = new LinkedHashMap<>();
    Value d = Value.shared(chains.post().pullBack(text, g, post).name());
    Value sum = null;
    if (wanted.throughBranch()) {
      Value scaled = form.branch().scaled(text, d, branchGain);
      sum = chains.branch().pullBack(text, scaled, branch, gradients);
    }
    if (wanted.throughSkip() && skipChain != null) {
      Value scaled = form.skip().scaled(text, d, skipGain);
      Value result = skipChain.pullBack(text, scaled, skip, gradients);
      sum = sum == null ? result : sum.plus(text, result);
    }
    if (sum == null) {
      throw new IllegalStateException("a backward pass through neither side");
    }
    sum = chains.lead().pullBack(text, sum, lead, gradients);
    List<String> results = new ArrayList<>(List.of(sum.name()));
    results.addAll(gradients.values());
    return new Backward(
        scripts.listCall(text, "[" + String.join(", ", results) + "]"),
        List.copyOf(gradients.keySet()));
  }

  private Scripts.Call<List<NDArray>> writePullBack(StepForm form) {
    StepChains run = form.hasSkip() ? chains : chains.withoutSkip();
    return new PullBackWriter(run, form.hasBranch(), form.needsSkip()).write(scripts);
  }
}
