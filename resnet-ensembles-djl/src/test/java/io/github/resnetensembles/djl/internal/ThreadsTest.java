package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThreadsTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 1, 2", "4, 1, 4", "5, 2, 2", "6, 2, 3", "16, 4, 4", "1024, 256, 4"})
  void upToFourThreadsShareACall(int threads, int workers, int perCall) {
    assertThat(Threads.of(Device.cpu(), threads)).isEqualTo(new Threads(workers, perCall));
    assertThat(Threads.of(Device.gpu(), threads)).isEqualTo(new Threads(1, threads));
  }
}
