package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.NetworkContractTest;

@GpuTest
final class GpuNetworkContractTest extends NetworkContractTest {
  @Override
  protected Backend backend() {
    return new DjlBackend();
  }

  @Override
  protected ModelOptions options() {
    return super.options().withDevice("gpu");
  }

  @Override
  protected long liveBytes() {
    return NativeHeap.bytesInUse() + GpuParityTest.gpuBytes();
  }
}
