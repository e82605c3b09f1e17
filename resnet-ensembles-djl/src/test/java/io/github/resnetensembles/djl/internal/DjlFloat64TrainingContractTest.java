package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.Precision;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.TrainingContractTest;
import org.junit.jupiter.api.Tag;

/** Slow: the same as in the other precision. */
@Tag("slow")
final class DjlFloat64TrainingContractTest extends TrainingContractTest {
  @Override
  protected Backend backend() {
    return new DjlBackend();
  }

  @Override
  protected Precision precision() {
    return Precision.FLOAT64;
  }

  @Override
  protected long liveBytes() {
    return NativeHeap.bytesInUse();
  }
}
