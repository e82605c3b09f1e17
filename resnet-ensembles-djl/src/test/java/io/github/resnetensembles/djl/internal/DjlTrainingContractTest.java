package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.TrainingContractTest;

final class DjlTrainingContractTest extends TrainingContractTest {
  @Override
  protected Backend backend() {
    return new DjlBackend();
  }

  @Override
  protected long liveBytes() {
    return NativeHeap.bytesInUse();
  }
}
