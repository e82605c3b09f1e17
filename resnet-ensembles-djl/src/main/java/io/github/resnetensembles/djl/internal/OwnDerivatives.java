package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import com.google.common.base.Suppliers;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.DjlBlock;
import io.github.resnetensembles.djl.internal.Pulls.Pull;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The derivatives of a network of the user's own blocks, by the engine's automatic differentiation:
 * one history for each of skip connection, branch and post, kept with the trace. Gradients are
 * returned, never added up in the user's parameters.
 */
final class OwnDerivatives implements Derivatives {
  private final String name;
  private final OwnParts parts;
  private final Supplier<AutomaticGradient> automatic;

  OwnDerivatives(String name, OwnParts parts, Scripts scripts) {
    this.name = name;
    this.parts = parts;
    this.automatic = Suppliers.memoize(() -> new AutomaticGradient(scripts));
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
    History branch = History.of(name, block, x);
    return new Run(branch.output().duplicate(), branch, null, null, Map.of(prefix, branch));
  }

  @Override
  public Forward step(
      int number, double skipGain, double branchGain, NDArray x, BatchNormMode mode) {
    checkMode(mode);
    DjlBlock block = parts.blocks().get(number - 1);
    Map<String, History> named = new LinkedHashMap<>();
    History branch = branchGain == 0 ? null : History.of(name, block.branch(), x);
    History skip = block.skip() == null ? null : History.of(name, block.skip(), x);
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
    History post = block.post() == null ? null : History.of(name, block.post(), sum);
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
          ("network %s has derivatives in BatchNorm mode EVAL only, got %s: running a"
                  + " block of your own in training mode would change its statistics")
              .formatted(name, mode));
    }
  }

  /** One engine call at a time uses the histories. */
  private final class Run implements Forward {
    private final NDArray output;
    private final @Nullable History branch;
    private final @Nullable History skip;
    private final @Nullable History post;
    private final Map<String, History> named;

    private Run(
        NDArray output,
        @Nullable History branch,
        @Nullable History skip,
        @Nullable History post,
        Map<String, History> named) {
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
      for (History history : new History[] {branch, skip, post}) {
        if (history != null) {
          arrays.add(history.input());
          arrays.add(history.output());
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
      List<NDArray> masked = throughPost(pulls.arrays());
      NDArray[] branches = through(branch, masked, pulls.pulls().stream().map(Pull::branch));
      NDArray[] skips = through(skip, masked, pulls.pulls().stream().map(Pull::skip));
      List<NDArray> results = new ArrayList<>();
      for (Pull pull : pulls.pulls()) {
        NDArray result = null;
        if (pull.branch() != Pulls.NONE) {
          result = branches[pull.branch()].mul(pull.branchWeight());
        }
        if (pull.skip() != Pulls.NONE) {
          NDArray pulled = skips[pull.skip()].mul(pull.skipWeight());
          result = result == null ? pulled : result.add(pulled);
        }
        if (result == null) {
          throw new IllegalStateException("neither side has a cotangent");
        }
        results.add(result);
      }
      return results;
    }

    private List<NDArray> throughPost(List<NDArray> cotangents) {
      return post == null ? cotangents : post.pullBack(automatic.get(), cotangents);
    }

    /**
     * Pulls the used cotangents back through a side, each to its own index. A missing skip
     * connection is the identity; a missing branch is never used.
     */
    private NDArray[] through(
        @Nullable History side, List<NDArray> cotangents, Stream<Integer> used) {
      NDArray[] pulled = cotangents.toArray(new NDArray[0]);
      if (side != null) {
        int[] indices = used.mapToInt(i -> i).filter(i -> i != Pulls.NONE).distinct().toArray();
        List<NDArray> results =
            side.pullBack(
                automatic.get(), Arrays.stream(indices).mapToObj(cotangents::get).toList());
        for (int i = 0; i < indices.length; i++) {
          pulled[indices[i]] = results.get(i);
        }
      }
      return pulled;
    }

    @Override
    public synchronized Map<String, NDArray> gradient(
        @Nullable NDArray skipCotangent,
        double skipWeight,
        @Nullable NDArray branchCotangent,
        double branchWeight) {
      Map<String, NDArray> gradients = new LinkedHashMap<>();
      named.forEach(
          (prefix, history) -> {
            boolean isBranch = history.equals(branch);
            NDArray cotangent = isBranch ? branchCotangent : skipCotangent;
            Map<String, NDArray> parameters = OwnParts.trainable(prefix, history.block());
            if (cotangent == null || parameters.isEmpty()) {
              return;
            }
            NDArray v =
                throughPost(List.of(cotangent)).get(0).mul(isBranch ? branchWeight : skipWeight);
            List<NDArray> results =
                history
                    .gradients(automatic.get(), List.copyOf(parameters.values()), List.of(v))
                    .get(0);
            int i = 0;
            for (String parameter : parameters.keySet()) {
              gradients.put(parameter, results.get(i++));
            }
          });
      return gradients;
    }
  }
}
