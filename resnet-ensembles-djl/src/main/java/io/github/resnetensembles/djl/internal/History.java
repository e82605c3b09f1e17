package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.github.resnetensembles.BackendException;
import java.util.ArrayList;
import java.util.List;

/**
 * A block of the user's that was run with the history that its derivatives need.
 *
 * <p>A history remembers the numbers and arrays of Java data that the block used, as in {@code
 * x.mul(0.5)}, but they are in memory that the garbage collector frees once the block has dropped
 * them. So each gradient comes from a history that was whole after it; a lost one is made again.
 */
final class History {
  private static final int ATTEMPTS = 100;

  private final String network;
  private final Block block;
  private final NDArray input;
  private final NDArray output;
  private final CollectionWatch memory;

  private History(String network, Block block, NDArray input) {
    this.network = network;
    this.block = block;
    this.input = input;
    this.memory = new CollectionWatch();
    this.output = forward(block, input);
  }

  /** Runs a block on a copy of x. The caller keeps {@link #input()} and {@link #output()}. */
  static History of(String network, Block block, NDArray x) {
    NDArray input = x.duplicate();
    input.setRequiresGradient(true);
    return new History(network, block, input);
  }

  private static NDArray forward(Block block, NDArray input) {
    ParameterStore parameters = new ParameterStore(input.getManager(), false);
    NDArray output;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      output =
          Torch.withGradients(
              () ->
                  block
                      // Sums are copies: the block may free what it gets, or change it in place,
                      // and its result may be its own array.
                      .forward(parameters, new NDList(input.add(0)), false)
                      .singletonOrThrow()
                      .add(0));
      Tensors.closedOnce(output);
    }
    NDScope.register(output);
    return output;
  }

  Block block() {
    return block;
  }

  NDArray input() {
    return input;
  }

  NDArray output() {
    return output;
  }

  /** {@return v times the Jacobian with respect to the input, for each v} */
  List<NDArray> pullBack(AutomaticGradient automatic, List<NDArray> cotangents) {
    return gradients(automatic, List.of(input), cotangents).stream().map(g -> g.get(0)).toList();
  }

  /** {@return v times the Jacobian with respect to the input or parameters x, for each v} */
  List<List<NDArray>> gradients(
      AutomaticGradient automatic, List<NDArray> x, List<NDArray> cotangents) {
    List<List<NDArray>> gradients = new ArrayList<>();
    History whole = this;
    int lost = 0;
    try {
      while (gradients.size() < cotangents.size()) {
        if (whole.memory.collected()) {
          if (lost++ == ATTEMPTS) {
            throw lostError();
          }
          whole.closeUnless(this);
          whole = new History(network, block, input);
        }
        List<NDArray> gradient = automatic.of(whole.output, x, cotangents.get(gradients.size()));
        if (!whole.memory.collected()) {
          gradients.add(gradient);
          lost = 0;
        }
      }
    } finally {
      whole.closeUnless(this);
    }
    return gradients;
  }

  @SuppressWarnings("ReferenceEquality") // The very history is meant.
  private void closeUnless(History kept) {
    if (this != kept) {
      Tensors.closedOnce(output).close();
    }
  }

  private BackendException lostError() {
    return new BackendException(
        ("network %s: the garbage collector ran during each of %s attempts to"
                + " differentiate a block of your own, and may have freed numbers that the"
                + " block used; give the JVM more memory (-Xmx) or take fewer images at a time")
            .formatted(network, ATTEMPTS));
  }
}
