package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.djl.internal.StepForm.Term;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One part of a network as it is trained: one engine call runs it forward, which moves the running
 * statistics, one goes backward with the gradients of its parameters, whose layers are not run
 * again.
 */
final class StepTraining {
  private final Scripts scripts;
  private final StepChains chains;
  private final FeatureShape sum;
  private final Map<Form, Scripts.ListCall> forwards = new ConcurrentHashMap<>();
  private final Map<BackwardForm, BackwardCall> backwards = new ConcurrentHashMap<>();

  /**
   * Creates a part.
   *
   * @param sum the shape of s(x) and f(x)
   */
  StepTraining(Scripts scripts, StepChains chains, FeatureShape sum) {
    this.scripts = scripts;
    this.chains = chains;
    this.sum = sum;
  }

  /** Which terms a step has; scaled ones have one gain for each image. */
  private record Form(Term skip, Term branch) {
    boolean hasSkip() {
      return skip != Term.ABSENT;
    }

    boolean hasBranch() {
      return branch != Term.ABSENT;
    }
  }

  /**
   * What is asked of a way back.
   *
   * @param skip whether something reaches the skip connection
   * @param branch whether something reaches the branch
   * @param same whether it is the same array
   */
  private record BackwardForm(
      Form form, boolean skip, boolean branch, boolean same, boolean parameters) {}

  /** Gives the cotangent at the input, then the gradients of the named parameters. */
  private record BackwardCall(Scripts.ListCall call, List<String> names) {}

  /** A cotangent at the input, and the gradients of the parameters on the way, by name. */
  record Backward(NDArray atInput, Map<String, NDArray> gradients) {}

  /**
   * Runs forward.
   *
   * @param skipGains (N, 1, 1, 1); null for 1
   * @param branchGains (N, 1, 1, 1); null for 1
   */
  Run forward(
      Term skip,
      @Nullable NDArray skipGains,
      Term branch,
      @Nullable NDArray branchGains,
      NDArray x) {
    Form form = new Form(skip, branch);
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(x));
    if (skipGains != null) {
      arguments.add(Argument.of(skipGains));
    }
    if (branchGains != null) {
      arguments.add(Argument.of(branchGains));
    }
    return new Run(form, forwards.computeIfAbsent(form, this::writeForward).run(arguments));
  }

  /** The arrays are the output and what the layers saved: of lead, branch, skip and post. */
  final class Run {
    private final Form form;
    private final List<NDArray> arrays;

    private Run(Form form, List<NDArray> arrays) {
      this.form = form;
      this.arrays = arrays;
    }

    List<NDArray> arrays() {
      return arrays;
    }

    /** Whether something that reaches the skip connection goes on. */
    boolean hasSkip() {
      return form.hasSkip();
    }

    boolean hasBranch() {
      return form.hasBranch();
    }

    /**
     * Goes back.
     *
     * @param skip what reaches the skip connection, its gain included; null for nothing
     * @param branch what reaches the branch, its gain included; null for nothing
     */
    @SuppressWarnings("ReferenceEquality") // The very array is meant.
    Backward backward(@Nullable NDArray skip, @Nullable NDArray branch, boolean parameters) {
      BackwardForm asked =
          new BackwardForm(
              form, skip != null, branch != null, skip != null && skip == branch, parameters);
      BackwardCall call = backwards.computeIfAbsent(asked, StepTraining.this::writeBackward);
      List<Argument> arguments = new ArrayList<>();
      if (skip != null) {
        arguments.add(Argument.of(skip));
      }
      if (branch != null && !asked.same()) {
        arguments.add(Argument.of(branch));
      }
      arrays.stream().skip(1).map(Argument::of).forEach(arguments::add);
      List<NDArray> results = call.call().run(arguments);
      Map<String, NDArray> gradients = new LinkedHashMap<>();
      for (int i = 0; i < call.names().size(); i++) {
        gradients.put(call.names().get(i), results.get(i + 1));
      }
      return new Backward(results.get(0), gradients);
    }
  }

  private boolean runsLead(Form form) {
    return form.hasBranch() || (form.hasSkip() && chains.activatedSkip());
  }

  private Scripts.ListCall writeForward(Form form) {
    ScriptText text = new ScriptText();
    Value x = Value.shared(text.argument("x"));
    String skipGains = form.skip() == Term.SCALED ? text.argument("skip_gains") : "";
    String branchGains = form.branch() == Term.SCALED ? text.argument("branch_gains") : "";
    List<String> saved = new ArrayList<>();
    Value activated = x;
    if (runsLead(form)) {
      activated = Value.shared(chains.lead().forward(text, x, saved).name());
    }
    Value total = null;
    if (form.hasBranch()) {
      total = chains.branch().forward(text, activated, saved);
      total = form.branch() == Term.SCALED ? total.scaled(text, branchGains) : total;
    }
    LayerChain skipChain = chains.skip();
    if (form.hasSkip() && skipChain != null) {
      Value skip = skipChain.forward(text, chains.activatedSkip() ? activated : x, saved);
      skip = form.skip() == Term.SCALED ? skip.scaled(text, skipGains) : skip;
      total = total == null ? skip : total.plus(text, skip);
    }
    if (total == null) {
      total =
          Value.own(
              text.let(
                  "torch.new_zeros(x, [torch.size(x, 0), %d, %d, %d])"
                      .formatted(sum.channels(), sum.height(), sum.width())));
    }
    String y = chains.post().forward(text, total, saved).name();
    saved.add(0, y);
    return scripts.listCall(text, "[" + String.join(", ", saved) + "]");
  }

  private BackwardCall writeBackward(BackwardForm asked) {
    Form form = asked.form();
    ScriptText text = new ScriptText();
    String u = asked.skip() ? text.argument("u") : "";
    String v = asked.branch() && !asked.same() ? text.argument("v") : u;
    List<String> lead = saved(text, "l", runsLead(form) ? chains.lead().savedCount() : 0);
    List<String> branch = saved(text, "b", form.hasBranch() ? chains.branch().savedCount() : 0);
    LayerChain skipChain = chains.skip();
    List<String> skip =
        saved(text, "s", form.hasSkip() && skipChain != null ? skipChain.savedCount() : 0);
    List<String> post = saved(text, "p", chains.post().savedCount());
    Map<String, String> gradients = new LinkedHashMap<>();
    Value atSkip = null;
    Value atBranch = null;
    if (asked.skip()) {
      atSkip = shared(chains.post().pullBack(text, Value.shared(u), post));
    }
    if (asked.branch()) {
      atBranch =
          asked.same() && atSkip != null
              ? atSkip
              : shared(chains.post().pullBack(text, Value.shared(v), post));
    }
    Value throughLead = null;
    Value result = null;
    if (atBranch != null) {
      throughLead = back(text, chains.branch(), atBranch, branch, gradients, asked.parameters());
    }
    if (atSkip != null && skipChain != null) {
      Value through = back(text, skipChain, atSkip, skip, gradients, asked.parameters());
      if (chains.activatedSkip()) {
        throughLead = throughLead == null ? through : throughLead.plus(text, through);
      } else {
        result = through;
      }
    }
    if (throughLead != null) {
      Value through = back(text, chains.lead(), throughLead, lead, gradients, asked.parameters());
      result = result == null ? through : through.plus(text, result);
    }
    if (result == null) {
      throw new IllegalStateException("a way back through neither skip nor branch");
    }
    List<String> results = new ArrayList<>();
    results.add(result.name());
    results.addAll(gradients.values());
    return new BackwardCall(
        scripts.listCall(text, "[" + String.join(", ", results) + "]"),
        List.copyOf(gradients.keySet()));
  }

  private static Value shared(Value value) {
    return Value.shared(value.name());
  }

  private static Value back(
      ScriptText text,
      LayerChain chain,
      Value cotangent,
      List<String> saved,
      Map<String, String> gradients,
      boolean parameters) {
    return parameters
        ? chain.pullBack(text, cotangent, saved, gradients)
        : chain.pullBack(text, cotangent, saved);
  }

  private static List<String> saved(ScriptText text, String prefix, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(text.argument(prefix + i));
    }
    return names;
  }
}
