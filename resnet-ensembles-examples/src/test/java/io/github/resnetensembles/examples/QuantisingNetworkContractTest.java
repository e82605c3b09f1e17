package io.github.resnetensembles.examples;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.NetworkContractTest;

// region backends
class QuantisingNetworkContractTest extends NetworkContractTest {
  @Override
  protected Backend backend() {
    return new QuantisingBackend();
  }
}
// endregion
