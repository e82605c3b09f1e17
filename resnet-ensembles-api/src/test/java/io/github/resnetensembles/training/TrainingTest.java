package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.files.FolderLock;
import io.github.resnetensembles.gradient.GradientProbe;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.testkit.TinyNetworks;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.ArgumentCaptor;

class TrainingTest {
  static final Architecture NETWORK = TinyNetworks.postActivation();
  static final ImageSet IMAGES = images(50, 1);
  static final ImageSet TEST_IMAGES = images(30, 2);
  static final TrainingRecipe RECIPE =
      TrainingRecipe.quick().toBuilder()
          .epochs(4)
          .batchSize(8)
          .learningRate(LearningRate.cosine(0.1))
          .augmentation(new Augmentation(true, 1))
          .wiring(TrainingWiring.stochasticDepth(0.6))
          .labelSmoothing(0.1)
          .clipNorm(5)
          .build();

  @TempDir Path folder;

  /** Three classes: bright in red, green or blue, with noise. */
  static ImageSet images(int count, long seed) {
    Random random = new Random(seed);
    int plane = NETWORK.input().height() * NETWORK.input().width();
    byte[] pixels = new byte[count * 3 * plane];
    int[] labels = new int[count];
    for (int n = 0; n < count; n++) {
      labels[n] = random.nextInt(3);
      for (int i = 0; i < 3 * plane; i++) {
        pixels[n * 3 * plane + i] =
            (byte) (random.nextInt(120) + (i / plane == labels[n] ? 60 : 0));
      }
    }
    return ImageSets.of(new FeatureShape(3, 8, 8), pixels, labels, 3);
  }

  private static Training training() {
    return Training.of(NETWORK).recipe(RECIPE).backend(new ReferenceBackend());
  }

  static List<Double> values(Weights weights) {
    List<Double> values = new ArrayList<>();
    for (NamedTensor tensor : weights.tensors().values()) {
      for (double value : tensor.doubles()) {
        values.add(value);
      }
    }
    return values;
  }

  @Test
  void learnsToTellColoursApart() {
    TrainingRecipe recipe =
        RECIPE.toBuilder().epochs(30).batchSize(10).wiring(TrainingWiring.allBlocks()).build();
    TrainingResult result = training().recipe(recipe).run(IMAGES, TEST_IMAGES);
    assertThat(result.epochs()).hasSize(30);
    assertThat(result.last().trainingLoss()).isLessThan(result.epochs().get(0).trainingLoss());
    assertThat(result.last().errorRate()).isLessThan(0.15);
    try (ResidualModel model = ResidualModel.open(new ReferenceBackend(), result.weights())) {
      assertThat(model.evaluate(TEST_IMAGES).wrong()).isEqualTo(result.last().wrong());
    }
    assertThat(result.weights().trained()).isTrue();
  }

  static Stream<Architecture> networks() {
    return TinyNetworks.all().stream();
  }

  /**
   * Each class is bright in a band of rows of its own; each network has kinds of layers of its own.
   */
  @ParameterizedTest
  @MethodSource("networks")
  void everyKindOfLayerLearns(Architecture network) {
    FeatureShape shape =
        new FeatureShape(
            network.input().channels(), network.input().height(), network.input().width());
    Random random = new Random(5);
    int count = 30;
    int classes = network.head().classes();
    byte[] pixels = new byte[count * shape.size()];
    int[] labels = new int[count];
    for (int n = 0; n < count; n++) {
      labels[n] = n % classes;
      for (int i = 0; i < shape.size(); i++) {
        int row = i / shape.width() % shape.height();
        boolean bright = row * classes / shape.height() == labels[n];
        pixels[n * shape.size() + i] = (byte) (random.nextInt(60) + (bright ? 60 : 0));
      }
    }
    ImageSet images = ImageSets.of(shape, pixels, labels, classes);
    TrainingRecipe recipe =
        TrainingRecipe.transformer().toBuilder()
            .epochs(12)
            .batchSize(10)
            .learningRate(LearningRate.constant(0.01))
            .build();
    TrainingResult result =
        Training.of(network).recipe(recipe).backend(new ReferenceBackend()).run(images, images);
    assertThat(result.last().trainingLoss())
        .isLessThan(0.5 * result.epochs().get(0).trainingLoss());
  }

  @Test
  void sameSeedSameBitsOtherSeedOthers() {
    TrainingResult once = training().run(IMAGES, TEST_IMAGES);
    TrainingResult again = training().run(IMAGES, TEST_IMAGES);
    TrainingResult other =
        training().recipe(RECIPE.toBuilder().seed(1).build()).run(IMAGES, TEST_IMAGES);
    assertThat(values(again.weights())).isEqualTo(values(once.weights()));
    assertThat(again.epochs()).isEqualTo(once.epochs());
    assertThat(other.epochs()).isNotEqualTo(once.epochs());
  }

  /** The same network and start, with dropout and without. */
  @Test
  void dropoutIsDrawnFromTheSeed() {
    Architecture dropping = TinyNetworks.dropout();
    Architecture whole = withoutDropout(dropping);
    assertThat(whole.parameters()).isEqualTo(dropping.parameters());
    TrainingResult once = dropping(dropping, RECIPE).run(IMAGES, TEST_IMAGES);
    assertThat(values(dropping(dropping, RECIPE).run(IMAGES, TEST_IMAGES).weights()))
        .isEqualTo(values(once.weights()));
    assertThat(values(dropping(whole, RECIPE).run(IMAGES, TEST_IMAGES).weights()))
        .isNotEqualTo(values(once.weights()));
    TrainingRecipe other = RECIPE.toBuilder().epochs(1).wiring(TrainingWiring.allBlocks()).build();
    assertThat(values(dropping(never(dropping), other).run(IMAGES, TEST_IMAGES).weights()))
        .isEqualTo(values(dropping(whole, other).run(IMAGES, TEST_IMAGES).weights()));
  }

  /** An evaluation drops nothing, in training either. */
  @Test
  void evaluationDropsNothing() {
    Architecture dropping = TinyNetworks.dropout();
    TrainingResult result = dropping(dropping, RECIPE).run(IMAGES, TEST_IMAGES);
    Architecture whole = withoutDropout(result.weights().architecture());
    Weights same =
        Weights.of(whole, List.copyOf(result.weights().tensors().values()), true, "the same");
    try (ResidualModel model = ResidualModel.open(new ReferenceBackend(), same)) {
      Evaluation evaluation = model.evaluate(TEST_IMAGES);
      assertThat(evaluation.wrong()).isEqualTo(result.last().wrong());
      assertThat(evaluation.loss()).isEqualTo(result.last().loss());
    }
  }

  private static Training dropping(Architecture network, TrainingRecipe recipe) {
    return Training.of(network).recipe(recipe).backend(new ReferenceBackend());
  }

  private static Architecture withoutDropout(Architecture network) {
    List<Layer> layers =
        network.head().layers().stream()
            .filter(layer -> !(layer instanceof Layer.Dropout))
            .toList();
    return network.toBuilder().head(new HeadSpec(layers, network.head().classes())).build();
  }

  /** With the probability 0, which drops nothing. */
  private static Architecture never(Architecture network) {
    List<Layer> layers =
        network.head().layers().stream()
            .map(layer -> layer instanceof Layer.Dropout ? new Layer.Dropout(0) : layer)
            .toList();
    return network.toBuilder().head(new HeadSpec(layers, network.head().classes())).build();
  }

  @Test
  void interruptedWithDropoutItResumesToTheSameBits() {
    Architecture network = TinyNetworks.dropout();
    TrainingResult whole = dropping(network, RECIPE).run(IMAGES, TEST_IMAGES);
    for (int stop : new int[] {3, 7, 12}) {
      Path out = folder.resolve("dropping" + stop);
      Training stopped =
          dropping(network, RECIPE)
              .out(out)
              .listener(
                  new TrainingListener() {
                    @Override
                    public void onStep(Step step) {
                      if (step.step() == stop) {
                        Thread.currentThread().interrupt();
                      }
                    }
                  });
      assertThatThrownBy(() -> stopped.run(IMAGES, TEST_IMAGES))
          .isInstanceOf(RunInterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
      TrainingResult resumed = dropping(network, RECIPE).out(out).resume().run(IMAGES, TEST_IMAGES);
      assertThat(values(resumed.weights())).isEqualTo(values(whole.weights()));
    }
  }

  @Test
  void survivalProbabilitiesBecomeTestTimeGains() {
    TrainingResult result =
        training().recipe(RECIPE.toBuilder().epochs(1).build()).run(IMAGES, TEST_IMAGES);
    assertThat(result.weights().architecture().blockSpecs())
        .extracting(block -> block.gain())
        .containsExactly(1 - 0.4 / 3, 1 - 0.8 / 3, 0.6);
  }

  /** Blocks that rest have other numbers of updates than the rest. */
  static Stream<TrainingRecipe> recipes() {
    return Stream.of(
        RECIPE,
        RECIPE.toBuilder()
            .optimizer(Optimizer.adamW(0.05))
            .learningRate(LearningRate.cosine(0.01).withWarmUp(1))
            .wiring(TrainingWiring.exactly(1))
            .droppedBlocks(TrainingRecipe.DroppedBlocks.REST)
            .build());
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void interruptedAnywhereItResumesToTheSameBits(TrainingRecipe recipe) {
    TrainingResult whole = training().recipe(recipe).run(IMAGES, TEST_IMAGES);
    for (int stop : new int[] {1, 6, 7, 8, 20}) {
      Path out = folder.resolve("stop" + stop);
      Training stopped =
          training()
              .recipe(recipe)
              .out(out)
              .checkpoints(3, 2)
              .listener(
                  new TrainingListener() {
                    @Override
                    public void onStep(Step step) {
                      if (step.step() == stop) {
                        Thread.currentThread().interrupt();
                      }
                    }
                  });
      assertThatThrownBy(() -> stopped.run(IMAGES, TEST_IMAGES))
          .isInstanceOf(RunInterruptedException.class)
          .hasMessageContaining("after step " + stop);
      assertThat(Thread.interrupted()).isTrue();
      TrainingResult resumed = training().recipe(recipe).out(out).resume().run(IMAGES, TEST_IMAGES);
      assertThat(values(resumed.weights())).isEqualTo(values(whole.weights()));
      assertThat(resumed.epochs()).isEqualTo(whole.epochs());
    }
  }

  @Test
  void filesAreWrittenAndReadable() throws IOException {
    TrainingResult result =
        training()
            .out(folder)
            .checkpoints(2, 2)
            .probe(3, TrainingProbe.lesions(LesionStudy::deleteEachBlock))
            .probe(4, TrainingProbe.gradients(5, GradientProbe::exact))
            .run(IMAGES, TEST_IMAGES);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              ".lock",
              "checkpoint-000000026.safetensors",
              "checkpoint-000000028.safetensors",
              "best.safetensors",
              "weights.safetensors",
              "epochs.csv",
              "training.json",
              "probes");
    }
    for (String file : List.of("weights.safetensors", "checkpoint-000000028.safetensors")) {
      assertThat(values(Weights.of(folder.resolve(file)))).isEqualTo(values(result.weights()));
    }
    assertThat(Files.readString(folder.resolve("epochs.csv"))).isEqualTo(result.history().toCsv());
    assertThat(Files.readAllLines(folder.resolve("epochs.csv"))).hasSize(5);
    assertThat(folder.resolve("probes")).isDirectoryContaining("glob:**epoch-0003-lesions.json");
    String spectrum = Files.readString(folder.resolve("probes/epoch-0004-gradients.json"));
    assertThat(PathGradients.fromJson(spectrum).batches().get(0).images()).isEqualTo(5);
    assertThat(PathGradients.fromJson(spectrum).lengths()).hasSize(4);
    String probed = Files.readString(folder.resolve("probes/epoch-0004-lesions.json"));
    assertThat(LesionReport.fromJson(probed).rows()).hasSize(3);
    assertThat(LesionReport.fromJson(probed).baseline().wrong()).isEqualTo(result.last().wrong());
    EpochRecord best =
        result.epochs().stream().reduce((a, b) -> b.wrong() < a.wrong() ? b : a).orElseThrow();
    Weights kept = Weights.of(folder.resolve("best.safetensors"));
    try (ResidualModel model = ResidualModel.open(new ReferenceBackend(), kept)) {
      assertThat(model.evaluate(TEST_IMAGES).wrong()).isEqualTo(best.wrong());
    }
  }

  @Test
  void damagedNewestCheckpointFallsBackToTheOneBefore() throws IOException {
    TrainingResult whole = training().out(folder).checkpoints(3, 3).run(IMAGES, TEST_IMAGES);
    Path newest = folder.resolve("checkpoint-000000028.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    // A bit of a value, which no check of the format sees.
    bytes[bytes.length - 3] ^= 4;
    Files.write(newest, bytes);
    TrainingListener listener = mock(TrainingListener.class);
    TrainingResult resumed =
        training().out(folder).resume().listener(listener).run(IMAGES, TEST_IMAGES);
    ArgumentCaptor<String> notices = ArgumentCaptor.captor();
    verify(listener, times(2)).onNotice(notices.capture());
    assertThat(notices.getAllValues().get(0)).contains("damaged", "000000028", "checksum");
    assertThat(notices.getAllValues().get(1)).contains("after step 27");
    assertThat(values(resumed.weights())).isEqualTo(values(whole.weights()));
  }

  /** It may be readable tomorrow, so going on from an older one would lose what it holds. */
  @Test
  void aCheckpointThatCannotBeReadIsNotPassedOver() throws IOException {
    TrainingResult unused = training().out(folder).checkpoints(3, 3).run(IMAGES, TEST_IMAGES);
    Path newest = folder.resolve("checkpoint-000000028.safetensors");
    Files.delete(newest);
    Files.createDirectory(newest);
    assertThatThrownBy(() -> training().out(folder).resume().run(IMAGES, TEST_IMAGES))
        .isInstanceOf(FileAccessException.class)
        .hasMessage(
            "cannot read "
                + newest
                + ": it is a directory; name the file in it, or move it away to go on without it");
    assertThat(folder.resolve("checkpoint-000000027.safetensors")).exists();
  }

  @Test
  void truncatedCheckpointsAndLeftoversAreNeverPickedUp() throws IOException {
    TrainingResult whole = training().out(folder).checkpoints(3, 2).run(IMAGES, TEST_IMAGES);
    Path newest = folder.resolve("checkpoint-000000028.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    Files.write(newest, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    Path part =
        folder.resolve(
            ".checkpoint-000000030.safetensors.8f5b6f0c-7a53-4d1f-9c36-0a8f0f0c7a53.part");
    Files.write(part, bytes);
    TrainingResult resumed = training().out(folder).resume().run(IMAGES, TEST_IMAGES);
    assertThat(values(resumed.weights())).isEqualTo(values(whole.weights()));
    assertThat(part).doesNotExist();
  }

  @Test
  void refusesOtherTrainings() {
    TrainingResult unused = training().out(folder).run(IMAGES, TEST_IMAGES);
    assertThatThrownBy(() -> training().out(folder).run(IMAGES, TEST_IMAGES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("holds checkpoints");
    Training other =
        training()
            .recipe(RECIPE.toBuilder().optimizer(Optimizer.nesterov(0.8, 1e-4)).build())
            .out(folder)
            .resume();
    assertThatThrownBy(() -> other.run(IMAGES, TEST_IMAGES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("recipe.momentum is 0.9 there and 0.8 here");
    Training adamW = training().recipe(RECIPE.toBuilder().optimizer(Optimizer.adamW(0)).build());
    assertThatThrownBy(() -> adamW.out(folder).resume().run(IMAGES, TEST_IMAGES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("recipe.optimizer is null there and \"adamw\" here");
    assertThatThrownBy(() -> training().out(folder).resume().run(TEST_IMAGES, TEST_IMAGES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("images is 50 from record 0");
  }

  @Test
  void nonFiniteLossStopsWithTheLastCheckpointIntact() {
    TrainingRecipe wild =
        RECIPE.toBuilder()
            .learningRate(LearningRate.piecewise(0.01, new LearningRate.Change(2, 1e200)))
            .clipNorm(Double.POSITIVE_INFINITY)
            .build();
    assertThatThrownBy(() -> training().recipe(wild).out(folder).run(IMAGES, TEST_IMAGES))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("epoch 2")
        .hasMessageContaining("lower the learning rate");
    assertThat(Checkpoint.read(folder.resolve("checkpoint-000000007.safetensors")).place().steps())
        .isEqualTo(7);
  }

  @Test
  void trainingLeavesTheModelOfAStudyAlone() {
    Weights start = Weights.initialised(NETWORK, 7);
    List<Double> before = values(start);
    try (ResidualModel model = ResidualModel.open(new ReferenceBackend(), start)) {
      Evaluation first = model.evaluate(TEST_IMAGES);
      List<Integer> meanwhile = new ArrayList<>();
      TrainingResult result =
          Training.of(start)
              .recipe(RECIPE)
              .backend(new ReferenceBackend())
              .listener(
                  new TrainingListener() {
                    @Override
                    public void onStep(Step step) {
                      meanwhile.add(model.evaluate(TEST_IMAGES).wrong());
                    }
                  })
              .run(IMAGES, TEST_IMAGES);
      assertThat(meanwhile).hasSize(28).containsOnly(first.wrong());
      assertThat(model.evaluate(TEST_IMAGES).row()).isEqualTo(first.row());
      assertThat(values(start)).isEqualTo(before);
      assertThat(values(result.weights())).isNotEqualTo(before);
    }
  }

  @Test
  void restrictedLengthsOfAllLengthsTrainAsUsual() {
    TrainingRecipe plain = RECIPE.toBuilder().epochs(1).build();
    TrainingRecipe all = plain.toBuilder().lengths(new TrainedLengths(0, 3)).build();
    List<Double> expected = values(training().recipe(plain).run(IMAGES, TEST_IMAGES).weights());
    List<Double> actual = values(training().recipe(all).run(IMAGES, TEST_IMAGES).weights());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i))
          .isCloseTo(expected.get(i), org.assertj.core.api.Assertions.within(1e-9));
    }
  }

  @Test
  void aFailureToWriteIsNoWrongInput() {
    Training blocked =
        training()
            .out(folder)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(Step step) {
                    takeTheNameOf(folder.resolve("best.safetensors"));
                  }
                });

    assertThatThrownBy(() -> blocked.run(IMAGES, TEST_IMAGES))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot write " + folder.resolve("best.safetensors") + ": it is a directory");
  }

  @Test
  void aFolderThatCannotBeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> training().out(file).run(IMAGES, TEST_IMAGES))
        .isInstanceOf(FileAccessException.class)
        .hasMessage(
            "cannot use the folder "
                + file
                + ": a file has that name; make it writable, or name another folder");
  }

  private static void takeTheNameOf(Path file) {
    try {
      Files.createDirectories(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void severalProbesOfOneKindHaveNamesOfTheirOwn() throws IOException {
    TrainingProbe each = TrainingProbe.lesions(LesionStudy::deleteEachBlock);
    Training training = training().recipe(RECIPE.toBuilder().epochs(1).build()).out(folder);
    TrainingResult unused =
        training
            .probe(1, each)
            .probe(
                1,
                TrainingProbe.lesions(study -> study.plan(LesionPlan.deletePairs())).named("pairs"))
            .run(IMAGES, TEST_IMAGES);
    for (String name : List.of("lesions", "pairs")) {
      String json = Files.readString(folder.resolve("probes/epoch-0001-" + name + ".json"));
      assertThat(LesionReport.fromJson(json).rows())
          .extracting(row -> row.lesion().toString())
          .contains(name.equals("pairs") ? "delete{1,2}" : "delete{1}");
    }
    assertThatThrownBy(() -> training.probe(1, each).probe(2, each))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "two probes are named 'lesions', the name of their files; give one another, named(...)");
    assertThatThrownBy(() -> training.probe(1, each.named("../pairs")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("'../pairs'");
  }

  /** A network that hardly moves has the same error after each epoch. */
  @Test
  void theBestIsTheFirstOfEquals() {
    TrainingRecipe still =
        RECIPE.toBuilder()
            .epochs(3)
            .learningRate(LearningRate.constant(1e-30))
            .batchNormMomentum(1e-12)
            .build();
    TrainingResult result = training().recipe(still).out(folder).run(IMAGES, TEST_IMAGES);
    assertThat(result.epochs()).extracting(EpochRecord::wrong).containsOnly(result.last().wrong());
    assertThat(Checkpoint.read(folder.resolve("best.safetensors")).place().epochs()).hasSize(1);
  }

  /** A learning rate that breaks the network, with and without an epoch before it. */
  @Test
  void onlyACheckpointThatIsThereIsSpokenOf() {
    Training broken =
        training()
            .recipe(RECIPE.toBuilder().learningRate(LearningRate.constant(1e300)).epochs(2).build())
            .out(folder);
    assertThatThrownBy(() -> broken.run(IMAGES, TEST_IMAGES))
        .isInstanceOf(TrainingException.class)
        .hasMessageEndingWith("; there is no checkpoint yet");
    LearningRate later = LearningRate.piecewise(0.01, new LearningRate.Change(2, 1e300));
    Training breaking = training().recipe(RECIPE.toBuilder().learningRate(later).build());
    assertThatThrownBy(() -> breaking.out(folder).run(IMAGES, TEST_IMAGES))
        .isInstanceOf(TrainingException.class)
        .hasMessageEndingWith("; the last good checkpoint is in " + folder);
  }

  @Test
  void twoTrainingsInOneFolderAreRefused() {
    List<Throwable> refusals = new ArrayList<>();
    TrainingResult unused =
        training()
            .out(folder)
            .recipe(RECIPE.toBuilder().epochs(1).build())
            .listener(
                new TrainingListener() {
                  @Override
                  public void onEpoch(EpochRecord epoch) {
                    refusals.add(
                        catchThrowable(
                            () -> training().out(folder).resume().run(IMAGES, TEST_IMAGES)));
                  }
                })
            .run(IMAGES, TEST_IMAGES);

    assertThat(refusals).hasSize(1);
    assertThat(refusals.get(0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "the folder "
                + folder
                + " is in use by another run, which would be mixed up with this one; wait until that"
                + " one has ended, or name another folder");
    FolderLock.of(folder).close();
  }

  @Test
  void aRefusedTrainingGivesItsFolderBack() {
    Training training = training().recipe(RECIPE.toBuilder().epochs(1).build()).out(folder);
    TrainingResult unused = training.run(IMAGES, TEST_IMAGES);
    assertThatThrownBy(() -> training.run(IMAGES, TEST_IMAGES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("holds checkpoints");
    FolderLock.of(folder).close();
  }

  @Test
  void probesNeedAFolder() {
    Training probed = training().probe(1, TrainingProbe.lesions(LesionStudy::deleteEachBlock));
    assertThatThrownBy(() -> probed.run(IMAGES, TEST_IMAGES))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("out(folder)");
    assertThatThrownBy(
            () ->
                training()
                    .options(ModelOptions.defaults().withDevice("gpu"))
                    .run(IMAGES, TEST_IMAGES))
        .hasMessageContaining("gpu");
  }
}
