package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.BackendContractTest;

final class DjlBackendContractTest extends BackendContractTest {
  @Override
  protected Backend backend() {
    return new DjlBackend();
  }
}
