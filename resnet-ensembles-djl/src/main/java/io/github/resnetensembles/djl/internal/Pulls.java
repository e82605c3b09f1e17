package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.djl.internal.Torch.Argument;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is pulled back through one step; its pulls know arrays by their places. */
record Pulls(List<NDArray> arrays, List<Pull> pulls) {
  static final int NONE = -1;

  /**
   * One result, skipWeight · sᵀD of an array + branchWeight · fᵀD of an array.
   *
   * @param skip the place of the skip connection's array, or {@link #NONE}
   * @param branch the place of the branch's array, or {@link #NONE}
   */
  record Pull(int skip, double skipWeight, int branch, double branchWeight) {
    boolean empty() {
      return skip == NONE && branch == NONE;
    }
  }

  /** An array that goes through the branch alone. */
  static Pulls ofBranch(NDArray cotangent) {
    return new Pulls(List.of(cotangent), List.of(new Pull(NONE, 0, 0, 1)));
  }

  /**
   * Works on cotangents, each array of which is there once and cannot be freed meanwhile.
   *
   * @param own checks an activation
   */
  static <T> T using(
      List<Cotangents> cotangents,
      Function<Activation, DjlActivation> own,
      Function<Pulls, T> work) {
    List<DjlActivation> activations = new ArrayList<>();
    List<Pull> pulls = new ArrayList<>();
    for (Cotangents pair : cotangents) {
      int skip = place(pair.skip(), own, activations);
      int branch = place(pair.branch(), own, activations);
      pulls.add(new Pull(skip, pair.skipWeight(), branch, pair.branchWeight()));
    }
    return EngineNetwork.usingAll(
        activations, arrays -> work.apply(new Pulls(arrays, List.copyOf(pulls))));
  }

  private static int place(
      @Nullable Activation cotangent,
      Function<Activation, DjlActivation> own,
      List<DjlActivation> activations) {
    if (cotangent == null) {
      return NONE;
    }
    DjlActivation activation = own.apply(cotangent);
    int known = activations.indexOf(activation);
    if (known < 0) {
      activations.add(activation);
    }
    return known < 0 ? activations.size() - 1 : known;
  }

  /** {@return the array at a place, or null for none} */
  @Nullable NDArray array(int place) {
    return place == NONE ? null : arrays.get(place);
  }

  /** {@return what a script of {@link PullBackWriter} takes, but for what was saved} */
  List<Argument> arguments() {
    return List.of(
        Argument.of(arrays),
        Argument.of(pulls.stream().mapToLong(Pull::skip).toArray()),
        Argument.of(pulls.stream().mapToDouble(Pull::skipWeight).toArray()),
        Argument.of(pulls.stream().mapToLong(Pull::branch).toArray()),
        Argument.of(pulls.stream().mapToDouble(Pull::branchWeight).toArray()));
  }
}
