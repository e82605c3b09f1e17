package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.RandomWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Native memory after many calls, and after many networks. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class MemoryTest {
  private static final long ALLOWED_MEBIBYTES = 150;

  @Test
  void callsLeaveNothingBehind() throws IOException {
    for (String name : new String[] {"resnet-8", "preresnet-8"}) {
      Architecture architecture = SampleNetworks.named(name);
      float[] pixels = SampleNetworks.pixels(architecture, 16, 3);
      try (Network network = SampleNetworks.open(architecture, Precision.FLOAT32)) {
        // One round holds about 3 MB of activations: leaking a third of them shows.
        everyCall(network, pixels, 40);
        long before = residentMebibytes();
        everyCall(network, pixels, 250);
        assertThat(residentMebibytes() - before).isLessThan(ALLOWED_MEBIBYTES);
      }
    }
  }

  @Test
  void closedNetworksLeaveNothingBehind() throws IOException {
    Architecture architecture = SampleNetworks.named("vgg-15");
    openAndClose(architecture, 10);
    long before = residentMebibytes();
    // 13 convolutions of 128 x 128 x 3 x 3: 7 MB each time, twice that with the plain ones.
    openAndClose(architecture, 30);
    assertThat(residentMebibytes() - before).isLessThan(ALLOWED_MEBIBYTES);
  }

  private static void openAndClose(Architecture architecture, int times) {
    RandomWeights weights = new RandomWeights(architecture, 7);
    float[] pixels = SampleNetworks.pixels(architecture, 2, 3);
    for (int i = 0; i < times; i++) {
      try (Network network =
          new DjlBackend().network(weights, io.github.resnetensembles.ModelOptions.defaults())) {
        assertThat(network.logits(pixels, 2)).hasSize(20);
        assertThat(StepParityTest.stepwise(network, pixels, 2)).hasSize(20);
      }
    }
  }

  private static void everyCall(Network network, float[] pixels, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(network.logits(pixels, 16)).hasSize(160);
      try (Activation x = network.stem(pixels, 16);
          Activation skip = network.skip(2, x);
          Activation branch = network.branch(2, x);
          Activation post = network.post(2, branch);
          Activation deleted = network.step(1, 1, 0, x);
          Activation scaled = network.step(2, 0.5, -2, deleted);
          Activation given = network.step(2, 1, 1, x, branch)) {
        assertThat(post.images() + skip.images() + scaled.images()).isEqualTo(48);
        assertThat(given.values()).hasSize(16 * given.shape().size());
      }
    }
  }

  private static long residentMebibytes() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
