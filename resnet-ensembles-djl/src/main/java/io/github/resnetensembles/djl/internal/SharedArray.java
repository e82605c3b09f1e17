package io.github.resnetensembles.djl.internal;

import ai.djl.ndarray.NDArray;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine array with the number of activations and calls that use it; the last one frees it. */
final class SharedArray {
  private final Tensors tensors;
  private final NDArray array;
  private final AtomicInteger users = new AtomicInteger(1);

  /** Takes over an array, for its first user. */
  SharedArray(Tensors tensors, NDArray array) {
    this.tensors = tensors;
    this.array = tensors.keep(array);
  }

  NDArray array() {
    return array;
  }

  /** {@return whether there is one user more; false if the array is freed already} */
  boolean retain() {
    return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      NativeCalls.free(() -> tensors.free(array));
    }
  }
}
