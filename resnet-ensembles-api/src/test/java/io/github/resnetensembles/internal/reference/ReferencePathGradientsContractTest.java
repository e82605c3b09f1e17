package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.PathGradientsContractTest;

final class ReferencePathGradientsContractTest extends PathGradientsContractTest {
  @Override
  protected Backend backend() {
    return new ReferenceBackend();
  }
}
