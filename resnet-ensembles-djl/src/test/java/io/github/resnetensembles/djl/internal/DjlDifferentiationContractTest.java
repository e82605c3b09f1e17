package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.DifferentiationContractTest;
import org.junit.jupiter.api.Tag;

/** Slow: the same as in the other precision. */
@Tag("slow")
final class DjlDifferentiationContractTest extends DifferentiationContractTest {
  @Override
  protected Backend backend() {
    return new DjlBackend();
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
