package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.BackendContractTest;

// region kit
final class ReferenceBackendContractTest extends BackendContractTest {
  @Override
  protected Backend backend() {
    return new ReferenceBackend();
  }
}
// endregion
