package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * What is pulled back through one step, each array once: result i is skipWeights[i] · sᵀD of array
 * skips[i] + branchWeights[i] · fᵀD of array branches[i]; -1 stands for no array.
 */
record Pulls(
    List<NDArray> arrays,
    List<Integer> skips,
    List<Double> skipWeights,
    List<Integer> branches,
    List<Double> branchWeights) {
  static final int NONE = -1;

  int size() {
    return skips.size();
  }

  boolean usesBranch() {
    return branches.stream().anyMatch(index -> index != NONE);
  }
}
