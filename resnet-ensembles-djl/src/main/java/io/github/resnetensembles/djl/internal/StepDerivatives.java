package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of one step: one engine call runs it forward, one pulls back any number of
 * cotangents, one gives the gradients of its parameters. Each form of them is one script, written
 * and compiled when first needed.
 *
 * <p>In eval mode the Jacobians are those of the folded layers, so pulling back costs two
 * convolutions where the step itself has two.
 */
final class StepDerivatives {
  private final Scripts scripts;
  private final StepChains folded;
  private final Function<BatchNormMode, StepChains> literal;
  private final Map<Form, Scripts.Call<List<NDArray>>> forwards = new ConcurrentHashMap<>();
  private final Map<Form, Scripts.Call<List<NDArray>>> pullBacks = new ConcurrentHashMap<>();
  private final Map<GradientForm, GradientCall> gradients = new ConcurrentHashMap<>();

  /**
   * Creates the derivatives.
   *
   * @param folded the layers for eval mode
   * @param literal the layers with the network's own parameters
   */
  StepDerivatives(Scripts scripts, StepChains folded, Function<BatchNormMode, StepChains> literal) {
    this.scripts = scripts;
    this.folded = folded;
    this.literal = literal;
  }

  private record Form(BatchNormMode mode, StepForm step) {}

  private record GradientForm(BatchNormMode mode, boolean skip, boolean branch) {}

  /** The gradients that a script gives, in its order. */
  private record GradientCall(Scripts.Call<List<NDArray>> call, List<String> names) {}

  Derivatives.Forward forward(double skipGain, double branchGain, NDArray x, BatchNormMode mode) {
    StepForm step =
        StepForm.of(
            Gain.Form.of(skipGain, Gain.Form.NUMBER), Gain.Form.of(branchGain, Gain.Form.NUMBER));
    Form form = new Form(mode, step);
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(x));
    if (step.skip() == Gain.Form.NUMBER) {
      arguments.add(Argument.of(skipGain));
    }
    if (step.branch() == Gain.Form.NUMBER) {
      arguments.add(Argument.of(branchGain));
    }
    List<NDArray> arrays = forwards.computeIfAbsent(form, this::writeForward).run(arguments);
    return new Run(form, x, arrays);
  }

  /** The arrays are the output and what the layers saved: of lead, branch, skip and post. */
  private final class Run implements Derivatives.Forward {
    private final Form form;
    private final NDArray x;
    private final List<NDArray> arrays;

    private Run(Form form, NDArray x, List<NDArray> arrays) {
      this.form = form;
      this.x = x;
      this.arrays = arrays;
    }

    @Override
    public NDArray output() {
      return arrays.get(0);
    }

    @Override
    public List<NDArray> arrays() {
      return arrays;
    }

    @Override
    public boolean hasBranch() {
      return form.step().hasBranch();
    }

    @Override
    public List<NDArray> pullBack(Pulls pulls) {
      List<Argument> arguments = new ArrayList<>(pulls.arguments());
      arrays.stream().skip(1).map(Argument::of).forEach(arguments::add);
      return pullBacks.computeIfAbsent(form, StepDerivatives.this::writePullBack).run(arguments);
    }

    @Override
    public Map<String, NDArray> gradient(
        @Nullable NDArray skip, double skipWeight, @Nullable NDArray branch, double branchWeight) {
      GradientCall gradient =
          gradients.computeIfAbsent(
              new GradientForm(form.mode(), skip != null, branch != null),
              StepDerivatives.this::writeGradient);
      if (gradient.names().isEmpty()) {
        return Map.of();
      }
      List<Argument> arguments = new ArrayList<>();
      arguments.add(Argument.of(x));
      if (skip != null) {
        arguments.add(Argument.of(skip));
        arguments.add(Argument.of(skipWeight));
      }
      if (branch != null) {
        arguments.add(Argument.of(branch));
        arguments.add(Argument.of(branchWeight));
      }
      int post = folded.post().savedCount();
      arrays.subList(arrays.size() - post, arrays.size()).stream()
          .map(Argument::of)
          .forEach(arguments::add);
      List<NDArray> results = gradient.call().run(arguments);
      Map<String, NDArray> byName = new LinkedHashMap<>();
      for (int i = 0; i < results.size(); i++) {
        byName.put(gradient.names().get(i), results.get(i));
      }
      return byName;
    }
  }

  private StepChains chains(BatchNormMode mode) {
    return mode == BatchNormMode.EVAL ? folded : literal.apply(mode);
  }

  private static boolean runsSkip(Form form, StepChains chains) {
    return chains.skip() != null && (form.step().needsSkip() || chains.skip().savedCount() > 0);
  }

  private Scripts.Call<List<NDArray>> writeForward(Form form) {
    StepChains chains = chains(form.mode());
    return chains.forwardCall(scripts, form.step(), runsSkip(form, chains));
  }

  private Scripts.Call<List<NDArray>> writePullBack(Form form) {
    StepChains chains = chains(form.mode());
    return new PullBackWriter(chains, form.step().hasBranch(), runsSkip(form, chains))
        .write(scripts);
  }

  /** Runs the layers once more, unfolded; the derivative of post is the step's own. */
  private GradientCall writeGradient(GradientForm form) {
    StepChains chains = literal.apply(form.mode());
    ScriptText text = new ScriptText();
    Value x = Value.shared(text.argument("x"));
    String skipCotangent = form.skip() ? text.argument("u") : "";
    String skipWeight = form.skip() ? text.argument("a", ScriptType.NUMBER) : "";
    String branchCotangent = form.branch() ? text.argument("v") : "";
    String branchWeight = form.branch() ? text.argument("b", ScriptType.NUMBER) : "";
    List<String> post = text.saved(chains.post());
    Map<String, String> gradients = new LinkedHashMap<>();

    List<String> lead = new ArrayList<>();
    Value led = Value.shared(chains.lead().forward(text, x, lead).name());
    Value sum = null;
    if (form.branch()) {
      List<String> saved = new ArrayList<>();
      chains.branch().forward(text, led, saved);
      Value d =
          chains
              .post()
              .pullBack(text, Value.shared(branchCotangent), post)
              .scaled(text, branchWeight);
      sum = chains.branch().pullBack(text, d, saved, gradients);
    }
    if (form.skip() && chains.skip() != null) {
      List<String> saved = new ArrayList<>();
      chains.skip().forward(text, led, saved);
      Value d =
          chains.post().pullBack(text, Value.shared(skipCotangent), post).scaled(text, skipWeight);
      Value result = chains.skip().pullBack(text, d, saved, gradients);
      if (!chains.lead().identity()) {
        sum = sum == null ? result : sum.plus(text, result);
      }
    }
    if (sum != null) {
      chains.lead().pullBack(text, sum, lead, gradients);
    }
    return new GradientCall(
        scripts.listCall(text, "[" + String.join(", ", gradients.values()) + "]"),
        List.copyOf(gradients.keySet()));
  }
}
