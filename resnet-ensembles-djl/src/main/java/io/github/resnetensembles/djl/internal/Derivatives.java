package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.network.BatchNormMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network's derivatives on engine arrays; every call is made within the gate. */
interface Derivatives {
  /** Runs the stem, which is a branch alone. */
  Forward stem(NDArray pixels, BatchNormMode mode);

  Forward step(int block, double skipGain, double branchGain, NDArray x, BatchNormMode mode);

  /** Runs the head up to the logits: a branch alone. */
  Forward head(NDArray x, BatchNormMode mode);

  /** A part of the network that was run forward. Safe for use by several threads. */
  interface Forward {
    NDArray output();

    /** {@return all arrays that this owns, the output among them} */
    List<NDArray> arrays();

    /** {@return whether the branch was run, so that cotangents can be pulled back through it} */
    boolean hasBranch();

    List<NDArray> pullBack(Pulls pulls);

    /**
     * The gradients of the parameters that have one.
     *
     * @param skip what reaches the skip connection, or null
     * @param branch what reaches the branch, or null
     * @return by tensor name
     */
    Map<String, NDArray> gradient(
        @Nullable NDArray skip, double skipWeight, @Nullable NDArray branch, double branchWeight);
  }
}
