package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.djl.DjlBlock;
import io.github.resnetensembles.djl.DjlModels;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.spi.Network;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnNetworkTest {
  private static final InputSpec INPUT =
      new InputSpec(3, 8, 8, 0, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
  private static final Shape PIXELS = new Shape(1, 3, 8, 8);
  private static final Shape FEATURES = new Shape(1, 6, 8, 8);
  private static final Shape HALVED = new Shape(1, 12, 4, 4);

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
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
        .add(Activation.reluBlock())
        .add(Dropout.builder().optRate(0.5f).build())
        .add(convolution(channels, 1));
  }

  private static SequentialBlock classifier() {
    return new SequentialBlock()
        .add(Pool.globalAvgPool2dBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(4).build());
  }

  private <T extends Block> T initialised(T block, Shape shape) {
    block.initialize(manager, DataType.FLOAT32, shape);
    return block;
  }

  private DjlModels.Builder builder() {
    return DjlModels.builder("own", INPUT).stem(initialised(convolution(6, 1), PIXELS)).threads(1);
  }

  private DjlModels.Builder complete() {
    return builder()
        .block(initialised(residual(6, 1), FEATURES))
        .block(
            DjlBlock.of(initialised(residual(12, 2), FEATURES))
                .withSkip(initialised(convolution(12, 2), FEATURES))
                .withPost(Activation.reluBlock())
                .withGain(0.5))
        .head(initialised(classifier(), HALVED));
  }

  @Test
  void shapesAreFoundByRunningOneImage() {
    try (Network network = complete().network()) {
      assertThat(network.architecture().opaque()).isTrue();
      assertThat(network.architecture().blockSpecs())
          .containsExactly(
              new BlockSpec.Opaque(new FeatureShape(6, 8, 8), new FeatureShape(6, 8, 8), false, 1),
              new BlockSpec.Opaque(
                  new FeatureShape(6, 8, 8), new FeatureShape(12, 4, 4), false, 0.5));
      assertThat(network.architecture().head().classes()).isEqualTo(4);
      assertThat(network.info().device()).isEqualTo("cpu");
      assertThat(network.info().precision()).isEqualTo(Precision.FLOAT32);
      assertThat(network.info().weightsSha256()).matches("[0-9a-f]{64}");
      assertThat(network.workers()).isEqualTo(1);
    }
  }

  private static Model module(String name) {
    Model model = Model.newInstance(name, Device.cpu(), "PyTorch");
    try (InputStream file = OwnNetworkTest.class.getResourceAsStream("/torchscript/" + name)) {
      model.load(Objects.requireNonNull(file));
      return model;
    } catch (IOException | MalformedModelException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Frozen modules have no parameters: all that differs is a constant. */
  @ParameterizedTest
  @ValueSource(strings = {"branch", "frozen"})
  void theHashCoversBuffersAndConstantsOfTorchScriptModules(String name) {
    Block stem = initialised(convolution(6, 1), PIXELS);
    Block head = initialised(classifier(), FEATURES);
    try (Model one = module(name + ".pt");
        Model same = module(name + ".pt");
        Model other = module(name + "-other-statistics.pt")) {
      List<String> hashes = new ArrayList<>();
      for (Model model : List.of(one, same, other)) {
        try (Network network =
            DjlModels.builder("own", INPUT)
                .stem(stem)
                .block(new SequentialBlock().add(model.getBlock()))
                .head(head)
                .network()) {
          hashes.add(network.info().weightsSha256());
        }
      }
      assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
      assertThat(hashes.get(2)).isNotEqualTo(hashes.get(0));
    }
  }

  /** A lambda is Java code, which no hash covers. */
  @Test
  void resultsOfNetworksWhoseCodeDiffersAreNotMerged() {
    Block stem = initialised(convolution(6, 1), PIXELS);
    Block head = initialised(classifier(), FEATURES);
    Random random = new Random(2);
    float[] pixels = new float[20 * 3 * 8 * 8];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    ImageSet images =
        ImageSets.of(new FeatureShape(3, 8, 8), pixels, random.ints(20, 0, 4).toArray(), 4);
    List<LesionReport> reports = new ArrayList<>();
    for (double factor : new double[] {0.5, 0.5, 0.6}) {
      try (ResidualModel model =
          DjlModels.builder("own", INPUT)
              .stem(stem)
              .block(LambdaBlock.singleton(x -> x.mul(factor)))
              .head(head)
              .threads(reports.size() + 1)
              .open()) {
        int from = reports.isEmpty() ? 0 : 10;
        reports.add(
            model
                .lesions()
                .deleteEachBlock()
                .options(RunOptions.defaults().withBatchSize(4))
                .run(images.range(from, 10)));
      }
    }
    assertThat(reports.get(2).provenance().weightsSha256())
        .isEqualTo(reports.get(0).provenance().weightsSha256());
    assertThat(LesionReport.merge(reports.get(0), reports.get(1)).baseline().total()).isEqualTo(20);
    assertThatThrownBy(() -> LesionReport.merge(reports.get(0), reports.get(2)))
        .isInstanceOf(MergeException.class)
        .hasMessageStartingWith("the fingerprints of results 1 and 2 differ");
  }

  @Test
  void stepsAgreeWithTheBlocksComposedByHand() {
    DjlModels.Builder builder = complete();
    try (Network network = builder.network()) {
      float[] pixels = SampleNetworks.pixels(network.architecture(), 3, 5);
      double[] whole = network.logits(pixels, 3);
      assertThat(whole).hasSize(12);
      assertThat(StepParityTest.maxDifference(whole, StepParityTest.stepwise(network, pixels, 3)))
          .isLessThan(1e-5);
    }
  }

  @Test
  void oneBlockIsExactlyWhatTheUserWrote() {
    Conv2d branch = initialised(convolution(6, 1), FEATURES);
    try (Network network =
            builder().block(branch).head(initialised(classifier(), FEATURES)).network();
        NDArray x = manager.randomNormal(new Shape(2, 6, 8, 8));
        io.github.resnetensembles.spi.Activation input =
            network.activation(doubles(x), 2, new FeatureShape(6, 8, 8));
        io.github.resnetensembles.spi.Activation scaled = network.step(1, -1, 0.5, input);
        io.github.resnetensembles.spi.Activation deleted = network.step(1, 1, 0, input);
        io.github.resnetensembles.spi.Activation given = network.step(1, 0, 1, input, input)) {
      NDArray f =
          branch
              .forward(new ParameterStore(manager, false), new NDList(x), false)
              .singletonOrThrow();
      assertThat(scaled.values()).isEqualTo(doubles(f.mul(0.5).add(x.mul(-1))));
      assertThat(deleted.values()).isEqualTo(doubles(x));
      assertThat(given.values()).isEqualTo(doubles(x));
    }
  }

  private static double[] doubles(NDArray array) {
    float[] floats = array.toFloatArray();
    double[] doubles = new double[floats.length];
    Arrays.setAll(doubles, i -> floats[i]);
    return doubles;
  }

  @Test
  void manyThreadsGetWhatOneGets() throws Exception {
    try (Network network = complete().network()) {
      float[] pixels = SampleNetworks.pixels(network.architecture(), 2, 5);
      double[] expected = StepParityTest.stepwise(network, pixels, 2);
      ExecutorService executor = Executors.newFixedThreadPool(4);
      try {
        List<Future<double[]>> futures = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
          futures.add(executor.submit(() -> StepParityTest.stepwise(network, pixels, 2)));
        }
        for (Future<double[]> future : futures) {
          assertThat(future.get()).isEqualTo(expected);
        }
      } finally {
        executor.shutdownNow();
      }
    }
  }

  @Test
  void closingLeavesTheUsersBlocksAlone() {
    Conv2d branch = initialised(convolution(6, 1), FEATURES);
    builder().block(branch).head(initialised(classifier(), FEATURES)).network().close();
    try (NDArray x = manager.ones(FEATURES)) {
      assertThat(
              branch
                  .forward(new ParameterStore(manager, false), new NDList(x), false)
                  .singletonOrThrow()
                  .getShape())
          .isEqualTo(FEATURES);
    }
  }

  @Test
  void hashFollowsTheParameters() {
    Conv2d branch = initialised(convolution(6, 1), FEATURES);
    DjlModels.Builder builder = builder().block(branch).head(initialised(classifier(), FEATURES));
    String before;
    try (Network network = builder.network();
        Network again = builder.network()) {
      before = network.info().weightsSha256();
      assertThat(again.info().weightsSha256()).isEqualTo(before);
    }
    branch.getParameters().valueAt(0).getArray().addi(1);
    try (Network network = builder.network()) {
      assertThat(network.info().weightsSha256()).isNotEqualTo(before);
    }
  }

  @Test
  void aBlockThatDependsOnEarlierCallsIsRefused() {
    AtomicInteger calls = new AtomicInteger();
    Block counting = LambdaBlock.singleton(x -> x.add(calls.getAndIncrement()), "counting");
    assertThatThrownBy(
            () -> builder().block(counting).head(initialised(classifier(), FEATURES)).network())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "the branch of block 1 of own gives two results for one input; take out dropout or"
                + " state that is active when training is false");
  }

  @Test
  void anUninitialisedBlockIsRefused() {
    assertThatThrownBy(
            () ->
                builder()
                    .block(convolution(6, 1))
                    .head(initialised(classifier(), FEATURES))
                    .network())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "parameter 'weight' of the branch of block 1 is not initialised; load its values or"
                + " call Block.initialize first");
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () ->
                builder()
                    .block(initialised(convolution(12, 2), FEATURES))
                    .head(initialised(classifier(), HALVED))
                    .network())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "the branch of block 1 gives (12, 4, 4) but its skip connection (6, 8, 8); add one"
                + " that changes the shape, withSkip");
    assertThatThrownBy(
            () ->
                builder()
                    .block(initialised(convolution(5, 1), new Shape(1, 5, 8, 8)))
                    .head(initialised(classifier(), FEATURES))
                    .network())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(
            "the branch of block 1 of own does not take its input of shape (1, 6, 8, 8): ");
  }

  @Test
  void otherTypesAreRefused() {
    Conv2d branch = convolution(6, 1);
    branch.initialize(manager, DataType.FLOAT64, FEATURES);
    assertThatThrownBy(
            () -> builder().block(branch).head(initialised(classifier(), FEATURES)).network())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("parameter 'weight' of the branch of block 1 is FLOAT64 on cpu()")
        .hasMessageEndingWith("bring all to one type and device");
  }

  @Test
  void missingPartsAreNamed() {
    assertThatThrownBy(() -> DjlModels.builder("own", INPUT).network())
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("network own has no stem: add one with stem(...)");
    assertThatThrownBy(() -> builder().head(classifier()).network())
        .hasMessage("network own has no block: add one with block(...)");
    assertThatThrownBy(() -> DjlModels.builder(" ", INPUT))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a network needs a name");
  }

  @Test
  void changingItsInputHurtsNobody() {
    Block inPlace = LambdaBlock.singleton(x -> x.muli(2), "in place");
    try (Network network =
            builder().block(inPlace).head(initialised(classifier(), FEATURES)).network();
        io.github.resnetensembles.spi.Activation x =
            network.activation(new double[6 * 64], 1, new FeatureShape(6, 8, 8))) {
      double[] before = x.values();
      network.step(1, 1, 1, x).close();
      assertThat(x.values()).isEqualTo(before);
    }
  }
}
