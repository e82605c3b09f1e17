package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A part of the network that was run forward, and the arrays that keeps. */
final class TraceArrays {
  private final EngineNetwork network;
  private final String prefix;
  private final Derivatives.Forward forward;
  private final List<SharedArray> shared = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Takes over what a forward pass made.
   *
   * @param prefix of the part's tensor names
   * @param input what the part was run on; this is one of its users
   */
  TraceArrays(
      EngineNetwork network, String prefix, SharedArray input, Derivatives.Forward forward) {
    this.network = network;
    this.prefix = prefix;
    this.forward = forward;
    this.shared.add(input);
    forward.arrays().forEach(array -> shared.add(network.share(array)));
  }

  Derivatives.Forward forward() {
    return forward;
  }

  /** {@return the output's array} */
  SharedArray output() {
    return shared.get(1);
  }

  /** Makes an engine call during which nothing is freed, whoever closes this meanwhile. */
  <T> T call(Supplier<T> work) {
    return network.call(
        () -> {
          if (closed.get()) {
            throw closedError();
          }
          int used = 0;
          try {
            for (SharedArray array : shared) {
              if (!array.retain()) {
                throw closedError();
              }
              used++;
            }
            return work.get();
          } finally {
            shared.subList(0, used).forEach(SharedArray::release);
          }
        });
  }

  private IllegalStateException closedError() {
    return new IllegalStateException(
        "a trace of " + prefix + " of " + network.architecture().name() + " is closed");
  }

  /** The gradients of all parameters of this part; those that get none are zeros. */
  Map<String, double[]> gradient(
      @Nullable NDArray skip, double skipWeight, @Nullable NDArray branch, double branchWeight) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    network
        .trainable()
        .forEach(
            (name, size) -> {
              if (name.startsWith(prefix)) {
                gradients.put(name, new double[size]);
              }
            });
    forward
        .gradient(skip, skipWeight, branch, branchWeight)
        .forEach((name, array) -> gradients.put(name, network.tensors().read(array)));
    return gradients;
  }

  void close() {
    if (!closed.getAndSet(true)) {
      shared.forEach(SharedArray::release);
    }
  }
}
