package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.DerivableLayers.ZeroPadding;
import io.github.resnetensembles.djl.internal.EngineNetwork.Input;
import io.github.resnetensembles.djl.internal.EngineNetwork.Output;
import io.github.resnetensembles.djl.internal.Layers.Convolution;
import io.github.resnetensembles.djl.internal.Layers.Norm;
import io.github.resnetensembles.djl.internal.StepForm.Term;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.ShortcutInput;
import java.util.ArrayList;
import java.util.List;
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
  private final BlockSpec.Layered spec;
  private final @Nullable Norm leading;
  private final List<Convolution> branch;
  private final @Nullable Convolution projection;
  private final @Nullable ZeroPadding zeroPadding;
  private final Scripts scripts;
  private final DoubleFunction<NDArray> scalars;
  private final ConcurrentHashMap<StepForm, Scripts.Call> calls = new ConcurrentHashMap<>();

  /**
   * Creates the block.
   *
   * @param scalars brings a gain into the engine
   */
  LayeredBlock(BlockLayers layers, Scripts scripts, DoubleFunction<NDArray> scalars) {
    this.spec = layers.spec();
    this.leading = layers.leading();
    this.branch = layers.branch();
    this.projection = layers.projection();
    this.zeroPadding = layers.zeroPadding();
    this.scripts = scripts;
    this.scalars = scalars;
  }

  Output step(double skipGain, double branchGain, Input x, @Nullable NDArray given) {
    Term branchTerm = Term.of(branchGain);
    boolean usesGiven = given != null && branchTerm != Term.ABSENT;
    return run(
        new StepForm(Term.of(skipGain), branchTerm, usesGiven, true),
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
    if (spec.maxPool()) {
      ScriptText text = new ScriptText();
      String x = text.argument("x");
      return new Output(
          scripts.call(text, Layers.maxPool(x, 2, 0, true)).run(sum.array()), sum.nonNegative());
    }
    if (!reluAfterSum() || sum.nonNegative()) {
      return new Output(sum.array(), sum.nonNegative());
    }
    ScriptText text = new ScriptText();
    String x = text.argument("x");
    return new Output(scripts.call(text, "torch.relu(" + x + ")").run(sum.array()), true);
  }

  private Output run(
      StepForm form, Input x, @Nullable NDArray given, double skipGain, double branchGain) {
    boolean skipAlone = form.branch() == Term.ABSENT && form.skip() == Term.PLAIN;
    boolean skipNonNegative = projection == null && (seesActivated() || x.nonNegative());
    if (skipAlone && spec.shortcut() == Shortcut.IDENTITY && !seesActivated()) {
      // s(x) is x itself: nothing is computed but post.
      return form.post() ? post(x) : new Output(x.array(), x.nonNegative());
    }
    boolean postNeeded = form.post() && !(skipAlone && skipNonNegative && reluAfterSum());
    StepForm needed = new StepForm(form.skip(), form.branch(), form.given(), postNeeded);
    List<NDArray> arguments = new ArrayList<>();
    arguments.add(x.array());
    if (given != null) {
      arguments.add(given);
    }
    if (form.skip() == Term.SCALED) {
      arguments.add(scalars.apply(skipGain));
    }
    if (form.branch() == Term.SCALED) {
      arguments.add(scalars.apply(branchGain));
    }
    NDArray result =
        calls.computeIfAbsent(needed, this::write).run(arguments.toArray(new NDArray[0]));
    boolean nonNegative = (form.post() && reluAfterSum()) || (skipAlone && skipNonNegative);
    return new Output(result, nonNegative);
  }

  private boolean reluAfterSum() {
    return BlockLayers.reluAfterSum(spec.kind());
  }

  private boolean seesActivated() {
    return spec.shortcutInput() == ShortcutInput.ACTIVATED;
  }

  private Scripts.Call write(StepForm form) {
    ScriptText text = new ScriptText();
    String x = text.argument("x");
    String given = form.given() ? text.argument("given") : "";
    String skipGain = form.skip() == Term.SCALED ? text.argument("skip_gain") : "";
    String branchGain = form.branch() == Term.SCALED ? text.argument("branch_gain") : "";

    boolean computesBranch = form.branch() != Term.ABSENT && !form.given();
    String activated = x;
    if (leading != null && (computesBranch || (form.skip() != Term.ABSENT && seesActivated()))) {
      activated = leading.writeRelu(text, x);
    }
    Value sum = null;
    if (form.branch() != Term.ABSENT) {
      sum = form.given() ? givenBranch(text, x, given) : ownBranch(text, activated);
      if (form.branch() == Term.SCALED) {
        sum = sum.scaled(text, branchGain);
      }
    }
    if (form.skip() != Term.ABSENT) {
      Value skip =
          writeSkip(text, seesActivated() ? new Value(activated, true) : new Value(x, false));
      if (form.skip() == Term.SCALED) {
        skip = skip.scaled(text, skipGain);
      }
      sum = sum == null ? skip : sum.plus(text, skip);
    }
    if (sum == null) {
      throw new IllegalStateException("a script of neither skip nor branch");
    }
    return scripts.call(text, form.post() ? post(sum) : sum.name());
  }

  private Value ownBranch(ScriptText text, String input) {
    String value = input;
    for (Convolution convolution : branch) {
      value = convolution.write(text, value);
    }
    return new Value(value, true);
  }

  /** One image's worth of a branch output is repeated for every image. */
  private static Value givenBranch(ScriptText text, String x, String given) {
    String repeated = "torch.expand(" + given + ", [torch.size(" + x + ", 0), -1, -1, -1])";
    return new Value(text.let(Layers.channelsLast(repeated)), false);
  }

  private Value writeSkip(ScriptText text, Value input) {
    if (projection != null) {
      return new Value(projection.write(text, input.name()), true);
    }
    return zeroPadding == null ? input : zeroPadding.forward(text, input, new ArrayList<>());
  }

  private String post(Value sum) {
    if (spec.maxPool()) {
      return Layers.maxPool(sum.name(), 2, 0, true);
    }
    if (reluAfterSum()) {
      return (sum.own() ? "torch.relu_(" : "torch.relu(") + sum.name() + ")";
    }
    return sum.name();
  }
}
