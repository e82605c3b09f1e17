package io.github.resnetensembles.internal.reference;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.TrainingContractTest;

final class ReferenceTrainingContractTest extends TrainingContractTest {
  @Override
  protected Backend backend() {
    return new ReferenceBackend();
  }
}
