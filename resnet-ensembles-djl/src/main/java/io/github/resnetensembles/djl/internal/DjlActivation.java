package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.spi.Activation;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A handle on an engine array. Several handles may share one. */
final class DjlActivation implements Activation {
  private final EngineNetwork network;
  private final SharedArray shared;
  private final int images;
  private final FeatureShape shape;
  private final boolean nonNegative;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Creates a handle.
   *
   * @param shared its user count already includes this handle
   * @param nonNegative whether no value is known to be below zero, so that ReLU changes nothing
   */
  DjlActivation(
      EngineNetwork network,
      SharedArray shared,
      int images,
      FeatureShape shape,
      boolean nonNegative) {
    this.network = network;
    this.shared = shared;
    this.images = images;
    this.shape = shape;
    this.nonNegative = nonNegative;
  }

  EngineNetwork network() {
    return network;
  }

  boolean nonNegative() {
    return nonNegative;
  }

  /** Makes the array usable until {@link SharedArray#release()}, whoever closes this meanwhile. */
  SharedArray use() {
    if (closed.get() || !shared.retain()) {
      throw new IllegalStateException("an activation of shape " + shape + " is closed");
    }
    return shared;
  }

  /** Works on the array, which nobody can free meanwhile. */
  <T> T using(Function<NDArray, T> work) {
    SharedArray used = use();
    try {
      return work.apply(used.array());
    } finally {
      used.release();
    }
  }

  @Override
  public int images() {
    return images;
  }

  @Override
  public FeatureShape shape() {
    return shape;
  }

  @Override
  public double[] values() {
    return network.call(() -> using(network.tensors()::read));
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      shared.release();
    }
  }
}
