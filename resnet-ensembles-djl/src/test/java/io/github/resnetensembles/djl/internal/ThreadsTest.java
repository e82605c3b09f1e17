package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 1024})
  void onAProcessorEveryThreadRunsItsOwnBatch(int threads) {
    assertThat(Threads.of(Device.cpu(), threads)).isEqualTo(new Threads(threads, 1));
    assertThat(Threads.of(Device.gpu(), threads)).isEqualTo(new Threads(1, threads));
  }
}
