package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.github.resnetensembles.BatchNormMode;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.DjlBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of a network of the user's own blocks, by the engine's automatic differentiation:
 * one graph for each of skip connection, branch and post, kept with the trace. Gradients are
 * returned, never added up in the user's parameters.
 */
final class OwnDerivatives implements Derivatives {
  private final String name;
  private final OwnParts parts;
  private final NDManager manager;
  private final Supplier<AutomaticGradient> automatic;

  OwnDerivatives(String name, OwnParts parts, NDManager manager, Scripts scripts) {
    this.name = name;
    this.parts = parts;
    this.manager = manager;
    this.automatic = new OnFirstUse<>(() -> new AutomaticGradient(scripts));
  }

  @Override
  public Forward stem(NDArray pixels, BatchNormMode mode) {
    checkMode(mode);
    return alone("stem.", parts.stem(), pixels);
  }

  @Override
  public Forward head(NDArray x, BatchNormMode mode) {
    checkMode(mode);
    return alone("head.", parts.head(), x);
  }

  private Forward alone(String prefix, Block block, NDArray x) {
    Graph branch = graph(block, x);
    return new Run(branch.output().duplicate(), branch, null, null, Map.of(prefix, branch));
  }

  @Override
  public Forward step(
      int number, double skipGain, double branchGain, NDArray x, BatchNormMode mode) {
    checkMode(mode);
    DjlBlock block = parts.blocks().get(number - 1);
    Map<String, Graph> named = new LinkedHashMap<>();
    Graph branch = branchGain == 0 ? null : graph(block.branch(), x);
    Graph skip = block.skip() == null ? null : graph(block.skip(), x);
    NDArray skipOutput = skip == null ? x : skip.output();
    NDArray sum;
    if (branch == null) {
      sum = skipGain == 0 ? skipOutput.zerosLike() : skipOutput.mul(skipGain);
    } else {
      sum = branch.output().mul(branchGain);
      if (skipGain != 0) {
        sum = sum.add(skipOutput.mul(skipGain));
      }
    }
    Graph post = block.post() == null ? null : graph(block.post(), sum);
    if (branch != null) {
      named.put(OwnParts.branchPrefix(number), branch);
    }
    if (skip != null) {
      named.put(OwnParts.skipPrefix(number), skip);
    }
    NDArray output = post == null ? sum.duplicate() : post.output().duplicate();
    return new Run(output, branch, skip, post, named);
  }

  private void checkMode(BatchNormMode mode) {
    if (mode != BatchNormMode.EVAL) {
      throw new InvalidInputException(
          "network "
              + name
              + " has derivatives in BatchNorm mode EVAL only, got "
              + mode
              + ": running a block of your own in training mode would change its statistics");
    }
  }

  /** A part that was run with its history, from a copy of its input. */
  private record Graph(Block block, NDArray input, NDArray output) {}

  private Graph graph(Block block, NDArray x) {
    NDArray input = x.duplicate();
    input.setRequiresGradient(true);
    NDArray output =
        Torch.withGradients(
            () ->
                block
                    // The block may free what it gets, or change it in place.
                    .forward(new ParameterStore(manager, false), new NDList(input.mul(1)), false)
                    .singletonOrThrow());
    return new Graph(block, input, output);
  }

  /** One engine call at a time uses the graphs. */
  private final class Run implements Forward {
    private final NDArray output;
    private final @Nullable Graph branch;
    private final @Nullable Graph skip;
    private final @Nullable Graph post;
    private final Map<String, Graph> named;

    private Run(
        NDArray output,
        @Nullable Graph branch,
        @Nullable Graph skip,
        @Nullable Graph post,
        Map<String, Graph> named) {
      this.output = output;
      this.branch = branch;
      this.skip = skip;
      this.post = post;
      this.named = named;
    }

    @Override
    public NDArray output() {
      return output;
    }

    @Override
    public List<NDArray> arrays() {
      List<NDArray> arrays = new ArrayList<>();
      arrays.add(output);
      for (Graph graph : new Graph[] {branch, skip, post}) {
        if (graph != null) {
          arrays.add(graph.input());
          arrays.add(graph.output());
        }
      }
      return arrays;
    }

    @Override
    public boolean hasBranch() {
      return branch != null;
    }

    @Override
    public synchronized List<NDArray> pullBack(Pulls pulls) {
      List<NDArray> masked = pulls.arrays().stream().map(this::throughPost).toList();
      List<NDArray> results = new ArrayList<>();
      for (int i = 0; i < pulls.size(); i++) {
        NDArray result = null;
        if (pulls.branches().get(i) != Pulls.NONE && branch != null) {
          NDArray v = masked.get(pulls.branches().get(i));
          result = pulled(branch, v).mul(pulls.branchWeights().get(i));
        }
        if (pulls.skips().get(i) != Pulls.NONE) {
          NDArray u = masked.get(pulls.skips().get(i));
          NDArray pulled = (skip == null ? u : pulled(skip, u)).mul(pulls.skipWeights().get(i));
          result = result == null ? pulled : result.add(pulled);
        }
        if (result == null) {
          throw new IllegalStateException("neither side has a cotangent");
        }
        results.add(result);
      }
      return results;
    }

    private NDArray throughPost(NDArray g) {
      return post == null ? g : pulled(post, g);
    }

    private NDArray pulled(Graph graph, NDArray cotangent) {
      return automatic.get().of(graph.output(), List.of(graph.input()), cotangent).get(0);
    }

    @Override
    public synchronized Map<String, NDArray> gradient(
        @Nullable NDArray skipCotangent,
        double skipWeight,
        @Nullable NDArray branchCotangent,
        double branchWeight) {
      Map<String, NDArray> gradients = new LinkedHashMap<>();
      named.forEach(
          (prefix, graph) -> {
            boolean isBranch = graph.equals(branch);
            NDArray cotangent = isBranch ? branchCotangent : skipCotangent;
            Map<String, NDArray> parameters = OwnParts.trainable(prefix, graph.block());
            if (cotangent == null || parameters.isEmpty()) {
              return;
            }
            NDArray v = throughPost(cotangent).mul(isBranch ? branchWeight : skipWeight);
            List<NDArray> results =
                automatic.get().of(graph.output(), List.copyOf(parameters.values()), v);
            int i = 0;
            for (String parameter : parameters.keySet()) {
              gradients.put(parameter, results.get(i++));
            }
          });
      return gradients;
    }
  }
}
