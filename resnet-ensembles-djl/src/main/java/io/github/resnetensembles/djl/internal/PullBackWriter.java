package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the script that pulls any number of cotangents back through one step. Post's derivative is
 * applied once to each array, whichever sides it goes to.
 */
final class PullBackWriter {
  private final ScriptText text = new ScriptText();
  private final StepChains chains;
  private final boolean runsBranch;
  private final @Nullable LayerChain skip;
  private final List<String> leadSaved;
  private final List<String> branchSaved;
  private final List<String> skipSaved;
  private final List<String> postSaved;

  /** For a step of which the forward pass ran these sides. */
  PullBackWriter(StepChains chains, boolean runsBranch, boolean runsSkip) {
    this.chains = chains;
    this.runsBranch = runsBranch;
    this.skip = chains.skip();
    text.argument("g", ScriptType.TENSORS);
    text.argument("skips", ScriptType.INTEGERS);
    text.argument("skip_weights", ScriptType.NUMBERS);
    text.argument("branches", ScriptType.INTEGERS);
    text.argument("branch_weights", ScriptType.NUMBERS);
    leadSaved = text.saved(chains.lead());
    branchSaved = text.saved(runsBranch ? chains.branch() : LayerChain.IDENTITY);
    skipSaved = text.saved(runsSkip && skip != null ? skip : LayerChain.IDENTITY);
    postSaved = text.saved(chains.post());
  }

  Scripts.Call<List<NDArray>> write(Scripts scripts) {
    String masked = text.emptyList();
    text.under(
        "for i in range(torch.len(g)):",
        () -> {
          Value g = Value.shared(text.let("g[i]"));
          append(masked, chains.post().pullBack(text, g, postSaved));
        });
    String results = text.emptyList();
    text.under(
        "for j in range(torch.len(skips)):",
        () -> {
          Runnable skipAlone = () -> append(results, skipAlone(masked));
          Runnable withBranch = () -> append(results, withBranch(masked));
          if (!runsBranch) {
            skipAlone.run();
          } else if (skip == null) {
            withBranch.run();
          } else {
            text.under("if torch.lt(branches[j], 0):", skipAlone);
            text.under("else:", withBranch);
          }
        });
    return scripts.listCall(text, results);
  }

  private void append(String list, Value value) {
    text.let("torch.append(" + list + ", " + value.name() + ")");
  }

  private Value skipAlone(String masked) {
    return throughLead(weighted(throughSkip(masked), "skip_weights[j]"));
  }

  private Value withBranch(String masked) {
    Value d = Value.shared(text.let(masked + "[branches[j]]"));
    Value result = chains.branch().pullBack(text, d, branchSaved);
    Value sum = weighted(result, "branch_weights[j]");
    if (skip != null) {
      text.under(
          "if torch.ge(skips[j], 0):",
          () ->
              text.statement(
                  "%s = torch.%s(%s, %s, alpha=skip_weights[j])"
                      .formatted(
                          sum.name(),
                          sum.own() ? "add_" : "add",
                          sum.name(),
                          throughSkip(masked).name())));
    }
    return throughLead(sum);
  }

  private Value throughSkip(String masked) {
    if (skip == null) {
      throw new IllegalStateException("a skip cotangent where there is no skip connection");
    }
    return skip.pullBack(text, Value.shared(text.let(masked + "[skips[j]]")), skipSaved);
  }

  private Value throughLead(Value cotangent) {
    return chains.lead().pullBack(text, cotangent, leadSaved);
  }

  /** The value times a weight, which is nearly always 1. */
  private Value weighted(Value value, String weight) {
    String name = text.let(value.name());
    String multiply = value.own() ? "torch.mul_" : "torch.mul";
    text.under(
        "if torch.ne(" + weight + ", 1.):",
        () -> text.statement("%s = %s(%s, %s)".formatted(name, multiply, name, weight)));
    return new Value(name, value.own());
  }
}
