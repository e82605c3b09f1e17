package io.github.resnetensembles.internal.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.BackendUnavailableException;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.testkit.TinyNetworks;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ReferenceBackendTest {
  private final ReferenceBackend backend = new ReferenceBackend();
  private final RandomWeights weights = new RandomWeights(TinyNetworks.postActivation(), 5);

  @Test
  void computesInDoubleWhateverIsAsked() {
    for (Precision asked : Precision.values()) {
      try (Network network =
          backend.network(weights, ModelOptions.defaults().withPrecision(asked))) {
        assertThat(network.info().precision()).isEqualTo(Precision.FLOAT64);
      }
    }
  }

  @Test
  void refusesAGpu() {
    assertThatThrownBy(() -> backend.network(weights, ModelOptions.defaults().withDevice("gpu")))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessage(
            "the reference backend has no device 'gpu': it computes on [cpu] only; ask for cpu or"
                + " auto, or use another backend");
  }

  @Test
  void refusesOpaqueBlocks() {
    FeatureShape shape = new FeatureShape(4, 8, 8);
    Architecture opaque =
        Architecture.builder("mine")
            .stem(StemSpec.OPAQUE)
            .blocks(List.of(new BlockSpec.Opaque(shape, shape, false, 1)))
            .head(HeadSpec.opaque(2))
            .build();

    assertThatThrownBy(() -> backend.network(new RandomWeights(opaque, 5), ModelOptions.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the reference backend cannot run mine: its blocks are opaque, and only the backend"
                + " that made them knows their layers");
  }

  @Test
  void workersAreTheThreadsAskedFor() {
    try (Network network = backend.network(weights, ModelOptions.defaults().withThreads(3))) {
      assertThat(network.workers()).isEqualTo(3);
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    try (Network network = backend.network(weights, ModelOptions.defaults());
        Activation x = network.stem(new float[2 * 192], 2);
        Activation three = network.activation(new double[3 * 256], 3, x.shape())) {
      assertThatThrownBy(() -> network.step(4, 1, 1, x))
          .hasMessage("there is no block 4: tiny-post-activation has the blocks 1 to 3");
      assertThatThrownBy(() -> network.step(3, 1, 1, x))
          .hasMessage("the input of block 3 must have the shape (7, 4, 4), got (4, 8, 8)");
      assertThatThrownBy(() -> network.step(1, 1, Double.NaN, x))
          .hasMessage("the branch gain of block 1 must be finite, got NaN");
      assertThatThrownBy(() -> network.step(1, 1, 1, x, three))
          .hasMessage(
              "block 1 got a branch output for 3 images with an input of 2; it must be for as many,"
                  + " or for one");
      assertThatThrownBy(() -> network.stem(new float[191], 1))
          .hasMessage("1 images of shape (3, 8, 8) have 192 pixels, got 191");
      assertThatThrownBy(() -> network.stem(new float[0], 0))
          .hasMessage("a batch has at least 1 image, got 0");
    }
  }

  @Test
  void closedActivationsAndNetworksSaySo() {
    Network network = backend.network(weights, ModelOptions.defaults());
    Activation x = network.stem(new float[192], 1);
    x.close();

    assertThatThrownBy(() -> network.step(1, 1, 1, x))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("an activation of 1 images of shape (4, 8, 8) is used after its close");
    network.close();
    assertThatThrownBy(() -> network.logits(new float[192], 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the network tiny-post-activation is closed: open it again to use it");
  }

  @Test
  void takesActivationsOfOtherBackends() {
    try (Network network = backend.network(weights, ModelOptions.defaults());
        Activation own = network.stem(new float[192], 1);
        Activation expected = network.step(1, 1, 1, own);
        Activation got = network.step(1, 1, 1, new Copy(own))) {
      assertThat(got.values()).containsExactly(expected.values());
    }
  }

  @Test
  @Timeout(60)
  void runsAResNet20OnOneImageInWellUnderASecond() {
    RandomWeights resnet = new RandomWeights(Architecture.resnet(20), 5);
    try (Network network = backend.network(resnet, ModelOptions.defaults())) {
      float[] pixels = new float[3 * 32 * 32];
      double[] first = network.logits(pixels, 1);
      long start = System.nanoTime();
      double[] second = network.logits(pixels, 1);
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      assertThat(second).containsExactly(first);
      assertThat(took).isLessThan(Duration.ofSeconds(5));
    }
  }

  /** An activation that is not the reference backend's own. */
  private record Copy(Activation original) implements Activation {
    @Override
    public int images() {
      return original.images();
    }

    @Override
    public FeatureShape shape() {
      return original.shape();
    }

    @Override
    public double[] values() {
      return original.values();
    }

    @Override
    public void close() {}
  }
}
