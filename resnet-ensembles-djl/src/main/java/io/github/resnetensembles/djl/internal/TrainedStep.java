package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One part of a network in training: an engine call runs it forward and updates BatchNorm's
 * statistics, another pulls a cotangent back and gives the gradients of its parameters, from what
 * the first one saved.
 */
final class TrainedStep {
  private final Scripts scripts;
  private final Tensors tensors;
  private final StepChains chains;
  private final Map<Form, Scripts.ListCall> forwards = new ConcurrentHashMap<>();
  private final Map<BackwardForm, Backward> backwards = new ConcurrentHashMap<>();
  private final Map<Form, Scripts.ListCall> pullBacks = new ConcurrentHashMap<>();

  TrainedStep(Scripts scripts, Tensors tensors, StepChains chains) {
    this.scripts = scripts;
    this.tensors = tensors;
    this.chains = chains;
  }

  private record Form(Gain.Form skip, Gain.Form branch) {
    boolean hasSkip() {
      return skip != Gain.Form.ABSENT;
    }

    boolean hasBranch() {
      return branch != Gain.Form.ABSENT;
    }
  }

  /** Which sides of a step a cotangent goes through. */
  enum Sides {
    SKIP,
    BRANCH,
    BOTH
  }

  private record BackwardForm(Form form, Sides sides) {
    boolean throughSkip() {
      return sides != Sides.BRANCH && form.hasSkip();
    }

    boolean throughBranch() {
      return sides != Sides.SKIP && form.hasBranch();
    }
  }

  /** The results of a script: the cotangent at the input, then gradients in this order. */
  private record Backward(Scripts.ListCall call, List<String> names) {}

  /**
   * What a cotangent gives.
   *
   * @param atInput shaped like the input
   * @param gradients of the parameters, by tensor name; nobody else has them
   */
  record Result(NDArray atInput, Map<String, NDArray> gradients) {}

  Run forward(Gain skip, Gain branch, NDArray x) {
    Form form = new Form(skip.form(), branch.form());
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(x));
    skip.addTo(arguments, tensors);
    branch.addTo(arguments, tensors);
    return new Run(
        form, skip, branch, x, forwards.computeIfAbsent(form, this::writeForward).run(arguments));
  }

  /** A forward pass; its arrays are the output and what the layers saved. */
  final class Run {
    private final Form form;
    private final Gain skip;
    private final Gain branch;
    private final NDArray x;
    private final List<NDArray> arrays;

    private Run(Form form, Gain skip, Gain branch, NDArray x, List<NDArray> arrays) {
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
    List<NDArray> pullBack(List<NDArray> cotangents, Pulls pulls) {
      List<Integer> skips = form.hasSkip() ? pulls.skips() : none(pulls.size());
      List<Integer> branches = form.hasBranch() ? pulls.branches() : none(pulls.size());
      List<NDArray> arrays = new ArrayList<>();
      List<Integer> at = new ArrayList<>();
      List<Integer> skipAt = new ArrayList<>();
      List<Integer> branchAt = new ArrayList<>();
      for (int i = 0; i < pulls.size(); i++) {
        skipAt.add(add(arrays, cotangents, skips.get(i), skip));
        branchAt.add(add(arrays, cotangents, branches.get(i), branch));
        if (skips.get(i) != Pulls.NONE || branches.get(i) != Pulls.NONE) {
          at.add(i);
        }
      }
      List<Argument> arguments = new ArrayList<>();
      arguments.add(Argument.of(arrays));
      arguments.add(Argument.of(at.stream().mapToLong(skipAt::get).toArray()));
      arguments.add(Argument.of(at.stream().mapToDouble(pulls.skipWeights()::get).toArray()));
      arguments.add(Argument.of(at.stream().mapToLong(branchAt::get).toArray()));
      arguments.add(Argument.of(at.stream().mapToDouble(pulls.branchWeights()::get).toArray()));
      addSaved(arguments);
      List<NDArray> pulled =
          at.isEmpty()
              ? List.of()
              : pullBacks.computeIfAbsent(form, TrainedStep.this::writePullBack).run(arguments);
      List<NDArray> results = new ArrayList<>();
      int next = 0;
      for (int i = 0; i < pulls.size(); i++) {
        boolean empty = next == at.size() || at.get(next) != i;
        results.add(empty ? x.zerosLike() : pulled.get(next++));
      }
      return results;
    }

    private void addSaved(List<Argument> arguments) {
      arrays.stream().skip(1).map(Argument::of).forEach(arguments::add);
    }

    /** The side's gain goes with its cotangent: the rest of the side is linear. */
    private int add(List<NDArray> to, List<NDArray> cotangents, int index, Gain gain) {
      if (index == Pulls.NONE) {
        return Pulls.NONE;
      }
      NDArray cotangent = cotangents.get(index);
      to.add(gain.form() == Gain.Form.ONE ? cotangent : cotangent.mul(gain.array(tensors)));
      return to.size() - 1;
    }
  }

  private static List<Integer> none(int size) {
    return Collections.nCopies(size, Pulls.NONE);
  }

  private StepParts parts(Form form) {
    boolean skip = form.hasSkip() || !form.hasBranch();
    return new StepParts(form.hasBranch(), skip && chains.skip() != null);
  }

  private Scripts.ListCall writeForward(Form form) {
    StepParts parts = parts(form);
    ScriptText text = new ScriptText();
    Value x = Value.shared(text.argument("x"));
    String skipGain = form.skip().declare(text, "skip_gain");
    String branchGain = form.branch().declare(text, "branch_gain");
    List<String> saved = new ArrayList<>();
    Value led = Value.shared(chains.lead().forward(text, x, saved).name());
    Value sum = null;
    if (parts.branch()) {
      Value branch = chains.branch().forward(text, led, saved);
      sum = form.branch().scaled(text, branch, branchGain);
    }
    if (parts.skip() && chains.skip() != null) {
      Value skip = chains.skip().forward(text, led, saved);
      if (form.hasSkip()) {
        skip = form.skip().scaled(text, skip, skipGain);
        sum = sum == null ? skip : sum.plus(text, skip);
      } else {
        sum = Value.own(text.let("torch.zeros_like(" + skip.name() + ")"));
      }
    }
    if (sum == null) {
      throw new IllegalStateException("a step of neither skip nor branch");
    }
    String y = chains.post().forward(text, sum, saved).name();
    saved.add(0, y);
    return scripts.listCall(text, "[" + String.join(", ", saved) + "]");
  }

  private Backward writeBackward(BackwardForm wanted) {
    Form form = wanted.form();
    StepParts parts = parts(form);
    ScriptText text = new ScriptText();
    Value g = Value.shared(text.argument("g"));
    String skipGain = form.skip().declare(text, "skip_gain");
    String branchGain = form.branch().declare(text, "branch_gain");
    Saved saved = new Saved(text);
    List<String> lead = saved.next(chains.lead());
    List<String> branch = saved.next(parts.branch() ? chains.branch() : LayerChain.IDENTITY);
    LayerChain skipChain = parts.skip() ? chains.skip() : null;
    List<String> skip = saved.next(skipChain == null ? LayerChain.IDENTITY : skipChain);
    List<String> post = saved.next(chains.post());

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

  private Scripts.ListCall writePullBack(Form form) {
    StepChains run = form.hasSkip() ? chains : chains.withoutSkip();
    return new PullBackWriter(run, parts(form)).write(scripts);
  }

  /** Declares what the forward pass saved, part by part. */
  private static final class Saved {
    private final ScriptText text;
    private int count;

    Saved(ScriptText text) {
      this.text = text;
    }

    List<String> next(LayerChain chain) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < chain.savedCount(); i++) {
        names.add(text.argument("s" + count++));
      }
      return names;
    }
  }
}
