package io.github.resnetensembles.djl.internal;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.spi.Backend;
import io.github.resnetensembles.testkit.TrainingContractTest;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = NarrowFormatTest.HERE, disabledReason = NarrowFormatTest.NO_BFLOAT16)
final class DjlBfloat16TrainingContractTest extends TrainingContractTest {
  @Override
  protected Backend backend() {
    return new DjlBackend();
  }

  @Override
  protected ModelOptions options() {
    return super.options().withDevice("cpu").withPrecision(Precision.BFLOAT16);
  }

  @Override
  protected long liveBytes() {
    return NativeHeap.bytesInUse();
  }
}
