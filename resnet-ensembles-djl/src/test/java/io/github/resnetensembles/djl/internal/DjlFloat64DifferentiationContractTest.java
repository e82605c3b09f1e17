package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.DifferentiationContractTest;

final class DjlFloat64DifferentiationContractTest extends DifferentiationContractTest {
  @Override
  protected Backend backend() {
    return new DjlBackend();
  }

  @Override
  protected Precision precision() {
    return Precision.FLOAT64;
  }

  @Override
  protected ModelOptions options() {
    return super.options().withDevice("cpu");
  }

  @Override
  protected long liveBytes() {
    return NativeHeap.bytesInUse();
  }
}
