package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.NetworkContractTest;

final class ReferenceNetworkContractTest extends NetworkContractTest {
  @Override
  protected Backend backend() {
    return new ReferenceBackend();
  }

  /** Nothing is native: the check of the Java heap is all. */
  @Override
  protected long liveBytes() {
    return 0;
  }
}
