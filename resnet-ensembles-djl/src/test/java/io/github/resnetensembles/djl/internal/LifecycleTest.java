package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.jni.JniUtils;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Architecture POST = SampleNetworks.named("resnet-8");
  private static final Architecture PRE = SampleNetworks.named("preresnet-8");

  @Test
  void deletedBlocksShareTheirInputUntilBothAreClosed() {
    for (Architecture architecture : List.of(POST, PRE)) {
      try (Network network = SampleNetworks.open(architecture, Precision.FLOAT32)) {
        Activation x = network.stem(SampleNetworks.pixels(architecture, 2, 3), 2);
        Activation deleted = network.step(1, 1, 0, x);
        double[] values = x.values();
        x.close();
        x.close();
        assertThat(deleted.values()).isEqualTo(values);
        deleted.close();
        assertThatThrownBy(deleted::values)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("an activation of shape (16, 8, 8) is closed");
        assertThatThrownBy(() -> network.step(1, 1, 1, x))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("an activation of shape (16, 8, 8) is closed");
      }
    }
  }

  @Test
  void reluIsNotLeftOutWhereTheInputMayBeNegative() {
    try (Network network = SampleNetworks.open(POST, Precision.FLOAT64)) {
      FeatureShape shape = POST.block(1).input();
      double[] values = SampleNetworks.values(shape, 1, 3);
      values[0] = -1;
      try (Activation x = network.activation(values, 1, shape);
          Activation deleted = network.step(1, 1, 0, x)) {
        assertThat(deleted.values())
            .isEqualTo(java.util.Arrays.stream(values).map(v -> Math.max(v, 0)).toArray());
      }
    }
  }

  @Test
  void activationsOfAnotherNetworkAreRefused() {
    try (Network network = SampleNetworks.open(POST, Precision.FLOAT32);
        Network other = SampleNetworks.open(POST, Precision.FLOAT32);
        Activation x = other.stem(SampleNetworks.pixels(POST, 1, 3), 1)) {
      assertThatThrownBy(() -> network.step(1, 1, 1, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the input of block 1 comes from another network; bring its values here with"
                  + " Network.activation");
    }
  }

  @Test
  void wrongArgumentsAreRefused() {
    try (Network network = SampleNetworks.open(POST, Precision.FLOAT32);
        Activation x = network.stem(SampleNetworks.pixels(POST, 1, 3), 1)) {
      assertThatThrownBy(() -> network.step(4, 1, 1, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no block 4: resnet-8 has the blocks 1 to 3");
      assertThatThrownBy(() -> network.step(3, 1, 1, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the input of block 3 must have the shape (32, 4, 4), got (16, 8, 8)");
      assertThatThrownBy(() -> network.step(1, Double.NaN, 1, x))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the skip gain of block 1 must be finite, got NaN");
      assertThatThrownBy(() -> network.stem(new float[5], 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("1 images of shape (3, 8, 8) have 192 pixels, got 5");
    }
  }

  @Test
  void aCallersScopeFreesNothingOfOurs() {
    try (Network network = SampleNetworks.open(POST, Precision.FLOAT32)) {
      Activation x;
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        x = network.stem(SampleNetworks.pixels(POST, 1, 3), 1);
      }
      assertThat(x.values()).hasSize(16 * 64);
      x.close();
    }
  }

  @Test
  void aCallersGradientModeIsRestored() throws Exception {
    try (Network network = SampleNetworks.open(POST, Precision.FLOAT32)) {
      ExecutorService fresh = Executors.newSingleThreadExecutor();
      for (boolean gradients : new boolean[] {true, false, true}) {
        assertThat(
                fresh
                    .submit(
                        () -> {
                          JniUtils.setGradMode(gradients);
                          network.stem(SampleNetworks.pixels(POST, 1, 3), 1).close();
                          return JniUtils.isGradMode();
                        })
                    .get())
            .isEqualTo(gradients);
      }
      fresh.shutdownNow();
    }
  }

  @Test
  void closingWaitsForCallsAndThenRefusesThem() throws Exception {
    for (int round = 0; round < 10; round++) {
      Network network = SampleNetworks.open(PRE, Precision.FLOAT32);
      float[] pixels = SampleNetworks.pixels(PRE, 4, 3);
      ExecutorService executor = Executors.newFixedThreadPool(3);
      List<Future<Integer>> futures = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        futures.add(
            executor.submit(
                () -> {
                  int done = 0;
                  while (true) {
                    try {
                      if (StepParityTest.stepwise(network, pixels, 4).length != 40) {
                        throw new AssertionError("wrong number of logits");
                      }
                      done++;
                    } catch (IllegalStateException e) {
                      assertThat(e).hasMessage("network preresnet-8 is closed");
                      return done;
                    }
                  }
                }));
      }
      TimeUnit.MILLISECONDS.sleep(30);
      network.close();
      network.close();
      for (Future<Integer> future : futures) {
        assertThat(future.get(20, TimeUnit.SECONDS)).isNotNegative();
      }
      executor.shutdownNow();
    }
  }

  @Test
  void sameInputsGiveTheSameBitsWhateverTheThreads() throws Exception {
    for (Architecture architecture : List.of(POST, PRE)) {
      try (Network one = SampleNetworks.open(architecture, Precision.FLOAT32, 1);
          Network two = SampleNetworks.open(architecture, Precision.FLOAT32, 2)) {
        float[] pixels = SampleNetworks.pixels(architecture, 5, 3);
        double[] expected = StepParityTest.stepwise(one, pixels, 5);
        ExecutorService executor = Executors.newFixedThreadPool(4);
        List<Future<double[]>> futures = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          Network network = i % 2 == 0 ? one : two;
          futures.add(executor.submit(() -> StepParityTest.stepwise(network, pixels, 5)));
        }
        for (Future<double[]> future : futures) {
          assertThat(future.get()).isEqualTo(expected);
        }
        executor.shutdownNow();
      }
    }
  }
}
