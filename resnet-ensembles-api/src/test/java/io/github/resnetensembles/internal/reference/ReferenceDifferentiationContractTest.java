package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.DifferentiationContractTest;

final class ReferenceDifferentiationContractTest extends DifferentiationContractTest {
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
