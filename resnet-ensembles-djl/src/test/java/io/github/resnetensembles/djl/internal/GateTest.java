package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final int ROUNDS = 5000;

  /** A call that begins while another thread closes sees all or is refused. */
  @Test
  void noCallSeesWhatIsFreed() throws Exception {
    TorchEngine unused = TorchEngine.load();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        AtomicBoolean freed = new AtomicBoolean();
        CountDownLatch called = new CountDownLatch(1);
        Gate gate = new Gate("tiny", 1, () -> freed.set(true));
        Future<Boolean> seen =
            executor.submit(
                () -> {
                  try {
                    while (true) {
                      boolean free = gate.call(freed::get);
                      called.countDown();
                      if (free) {
                        return true;
                      }
                    }
                  } catch (IllegalStateException e) {
                    return false;
                  }
                });
        called.await();
        gate.close();
        assertThat(seen.get(20, TimeUnit.SECONDS)).as("round %s", round).isFalse();
        assertThatThrownBy(() -> gate.call(freed::get)).hasMessage("network tiny is closed");
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
