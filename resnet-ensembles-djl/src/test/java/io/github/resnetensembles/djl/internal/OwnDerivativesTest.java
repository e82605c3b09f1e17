package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.github.resnetensembles.BackendException;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.djl.DjlBlock;
import io.github.resnetensembles.djl.DjlModels;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.Differentiation;
import io.github.resnetensembles.spi.HeadTrace;
import io.github.resnetensembles.spi.Network;
import io.github.resnetensembles.spi.StepTrace;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Derivatives of the user's own blocks, in float64. */
class OwnDerivativesTest {
  private static final InputSpec INPUT =
      new InputSpec(3, 8, 8, 0, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
  private static final FeatureShape FEATURES = new FeatureShape(6, 8, 8);
  private static final FeatureShape HALVED = new FeatureShape(12, 4, 4);
  private static final int IMAGES = 2;
  private static final int[] LABELS = {3, 0};
  private static final double STEP = 1e-7;

  private NDManager manager;
  private Network network;
  private Conv2d skip;
  private SequentialBlock branch;

  @BeforeEach
  void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    skip = convolution(12, 2);
    branch = residual(12, 2);
    network =
        DjlModels.builder("own", INPUT)
            .threads(1)
            .stem(initialised(convolution(6, 1), new FeatureShape(3, 8, 8)))
            .block(initialised(residual(6, 1), FEATURES))
            .block(
                DjlBlock.of(initialised(branch, FEATURES))
                    .withSkip(initialised(skip, FEATURES))
                    .withPost(ai.djl.nn.Activation.reluBlock())
                    .withGain(0.5))
            .head(head(HALVED))
            .network();
  }

  private SequentialBlock head(FeatureShape shape) {
    return initialised(
        new SequentialBlock()
            .add(Pool.globalAvgPool2dBlock())
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(4).build()),
        shape);
  }

  @AfterEach
  void close() {
    network.close();
    manager.close();
  }

  private static Conv2d convolution(int channels, int stride) {
    return Conv2d.builder()
        .setFilters(channels)
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .optStride(new Shape(stride, stride))
        .build();
  }

  private static SequentialBlock residual(int channels, int stride) {
    return new SequentialBlock()
        .add(convolution(channels, stride))
        .add(BatchNorm.builder().build())
        .add(ai.djl.nn.Activation.reluBlock())
        .add(convolution(channels, 1));
  }

  private <T extends ai.djl.nn.Block> T initialised(T block, FeatureShape shape) {
    block.initialize(
        manager, DataType.FLOAT64, new Shape(1, shape.channels(), shape.height(), shape.width()));
    return block;
  }

  private double[] output(double[] x) {
    try (Activation in = network.activation(x, IMAGES, FEATURES);
        Activation y = network.step(2, 1, 0.5, in)) {
      return y.values();
    }
  }

  @Test
  void pullsBackThroughBothSides() {
    Differentiation derivatives = network.differentiation().orElseThrow();
    double[] x = SampleNetworks.values(FEATURES, IMAGES, 1);
    double[] v = SampleNetworks.values(HALVED, IMAGES, 2);
    double[] direction = SampleNetworks.values(FEATURES, IMAGES, 3);
    double[] up = x.clone();
    double[] down = x.clone();
    for (int i = 0; i < x.length; i++) {
      up[i] += STEP * direction[i];
      down[i] -= STEP * direction[i];
    }
    double difference = (dot(v, output(up)) - dot(v, output(down))) / (2 * STEP);
    try (Activation in = network.activation(x, IMAGES, FEATURES);
        Activation u = network.activation(v, IMAGES, HALVED);
        StepTrace trace = derivatives.step(2, 1, 0.5, in, BatchNormMode.EVAL)) {
      assertThat(trace.output().values()).isEqualTo(output(x));
      List<Activation> pulled =
          trace.pullBack(
              List.of(
                  new Cotangents(u, 1, u, 0.5),
                  Cotangents.ofSkip(u, 1),
                  Cotangents.ofBranch(u, 0.5)));
      double both = dot(direction, pulled.get(0).values());
      assertThat(both).isCloseTo(difference, within(1e-5));
      assertThat(both)
          .isCloseTo(
              dot(direction, pulled.get(1).values()) + dot(direction, pulled.get(2).values()),
              within(1e-12));
    }
  }

  @Test
  void parameterGradientsAreReturnedAndLeftNowhere() {
    Differentiation derivatives = network.differentiation().orElseThrow();
    double[] x = SampleNetworks.values(FEATURES, IMAGES, 1);
    double[] v = SampleNetworks.values(HALVED, IMAGES, 2);
    try (Activation in = network.activation(x, IMAGES, FEATURES);
        Activation u = network.activation(v, IMAGES, HALVED);
        StepTrace trace = derivatives.step(2, 1, 0.5, in, BatchNormMode.EVAL)) {
      Map<String, double[]> both = trace.parameterGradient(new Cotangents(u, 1, u, 0.5));
      NDArray kernel = skip.getParameters().valueAt(0).getArray();
      String name = "blocks.2.skip." + skip.getParameters().keyAt(0);
      assertThat(both).containsKey(name);
      assertThat(both.keySet()).filteredOn(n -> n.startsWith("blocks.2.branch.")).hasSize(6);
      try (NDArray left = kernel.getGradient();
          NDArray doubles = left.toType(DataType.FLOAT64, true)) {
        assertThat(doubles.toDoubleArray()).containsOnly(0);
      }
      double[] weights = kernel.toDoubleArray();
      double[] direction = SampleNetworks.values(new FeatureShape(1, 1, weights.length), 1, 3);
      double up = dot(v, withKernel(kernel, weights, direction, STEP, x));
      double down = dot(v, withKernel(kernel, weights, direction, -STEP, x));
      assertThat(dot(direction, both.getOrDefault(name, new double[0])))
          .isCloseTo((up - down) / (2 * STEP), within(1e-5));
      assertThat(trace.parameterGradient(Cotangents.ofBranch(u, 1)).get(name)).containsOnly(0);
    }
  }

  private double[] withKernel(
      NDArray kernel, double[] weights, double[] direction, double step, double[] x) {
    double[] changed = weights.clone();
    for (int i = 0; i < changed.length; i++) {
      changed[i] += step * direction[i];
    }
    try (NDArray values = manager.create(changed, kernel.getShape())) {
      kernel.set(new NDIndex(":"), values);
    }
    return output(x);
  }

  @Test
  void allPathsAddUpToTheGradient() {
    float[] pixels = SampleNetworks.pixels(network.architecture(), IMAGES, 5);
    try (PathSums paths = new PathSums(network, pixels, LABELS, BatchNormMode.EVAL)) {
      List<Activation> terms = new java.util.ArrayList<>(paths.sums());
      terms.add(paths.full());
      assertThat(paths.norm(paths.derivatives.sum(terms, new double[] {1, 1, 1, -1})))
          .isLessThan(1e-12 * paths.norm(paths.full()));
      assertThat(paths.norm(paths.full())).isGreaterThan(1e-6);
      try (HeadTrace head =
          paths.derivatives.head(paths.steps.get(1).output(), LABELS, BatchNormMode.EVAL)) {
        assertThat(head.logits()).isEqualTo(StepParityTest.stepwise(network, pixels, IMAGES));
        assertThat(head.parameterGradient()).hasSize(2);
      }
    }
  }

  @Test
  void numbersOfAnOwnBlockOutliveTheGarbageCollector() throws InterruptedException {
    SequentialBlock swishing =
        new SequentialBlock()
            .add(initialised(convolution(6, 1), FEATURES))
            .add(ai.djl.nn.Activation.swishBlock(2))
            .addSingleton(x -> x.mul(0.25));
    try (Network swish = networkOf(swishing);
        Activation in =
            swish.activation(SampleNetworks.values(FEATURES, IMAGES, 1), IMAGES, FEATURES);
        Activation u =
            swish.activation(SampleNetworks.values(FEATURES, IMAGES, 2), IMAGES, FEATURES);
        StepTrace trace =
            swish.differentiation().orElseThrow().step(1, 1, 1, in, BatchNormMode.EVAL)) {
      List<Cotangents> cotangents = List.of(new Cotangents(u, 1, u, 1), Cotangents.ofBranch(u, 1));
      double[] before = trace.pullBack(cotangents).get(0).values();
      for (int i = 0; i < 5; i++) {
        collectGarbage();
        assertThat(trace.pullBack(cotangents).get(0).values()).isEqualTo(before);
      }
    }
  }

  @Test
  void blocksThatAreNeverWholeAreRefused() {
    SequentialBlock collecting =
        new SequentialBlock()
            .addSingleton(
                x -> {
                  System.gc();
                  return x.mul(0.25);
                });
    try (Network never = networkOf(collecting);
        Activation in =
            never.activation(SampleNetworks.values(FEATURES, IMAGES, 1), IMAGES, FEATURES);
        StepTrace trace =
            never.differentiation().orElseThrow().step(1, 1, 1, in, BatchNormMode.EVAL)) {
      assertThatThrownBy(() -> trace.pullBack(List.of(Cotangents.ofBranch(in, 1))))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("network own: the garbage collector ran during each of 100")
          .hasMessageContaining("-Xmx");
    }
  }

  @Test
  void arraysThatABlockReturnsStayTheUsers() {
    try (NDArray constant = manager.ones(new Shape(IMAGES, 6, 8, 8), DataType.FLOAT64);
        NDArray one = manager.ones(new Shape(1, 6, 8, 8), DataType.FLOAT64);
        Network constants =
            networkOf(
                new SequentialBlock()
                    .addSingleton(x -> x.getShape().get(0) == 1 ? one : constant));
        Activation in =
            constants.activation(SampleNetworks.values(FEATURES, IMAGES, 1), IMAGES, FEATURES)) {
      try (StepTrace trace =
          constants.differentiation().orElseThrow().step(1, 1, 1, in, BatchNormMode.EVAL)) {
        assertThat(trace.output().values()).hasSize(IMAGES * 6 * 8 * 8);
      }
      assertThat(constant.toDoubleArray()).containsOnly(1);
    }
  }

  private Network networkOf(SequentialBlock branch) {
    return DjlModels.builder("own", INPUT)
        .threads(1)
        .stem(initialised(convolution(6, 1), new FeatureShape(3, 8, 8)))
        .block(branch)
        .head(head(FEATURES))
        .network();
  }

  /** Frees the memory that only the garbage collector knows of, and writes over it. */
  private static void collectGarbage() throws InterruptedException {
    Cleaner cleaner = Cleaner.create();
    for (int i = 0; i < 2; i++) {
      CountDownLatch freed = new CountDownLatch(1);
      cleaner.register(new Object(), freed::countDown);
      System.gc();
      assertThat(freed.await(10, TimeUnit.SECONDS)).isTrue();
    }
    for (int i = 0; i < 1000; i++) {
      ByteBuffer.allocateDirect(1 + i % 32).put(0, (byte) 0x41);
    }
  }

  @Test
  void trainModeIsRefused() {
    Differentiation derivatives = network.differentiation().orElseThrow();
    try (Activation in =
        network.activation(SampleNetworks.values(FEATURES, IMAGES, 1), IMAGES, FEATURES)) {
      assertThatThrownBy(() -> derivatives.step(1, 1, 1, in, BatchNormMode.TRAIN))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("own")
          .hasMessageContaining("EVAL only");
    }
  }

  private static double dot(double[] a, double[] b) {
    assertThat(a).hasSameSizeAs(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
