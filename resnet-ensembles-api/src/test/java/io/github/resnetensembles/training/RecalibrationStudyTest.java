package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.Progress;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.lesion.StudyInterruptedException;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BlockKind;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Shortcut;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecalibrationStudyTest {
  /** Pre-activation, no BatchNorm after the stem: the first BatchNorm of a block sees its input. */
  private static final Architecture NETWORK =
      Architecture.builder("recalibrated")
          .input(
              new InputSpec(3, 8, 6, 0, Collections.nCopies(3, 0.45), Collections.nCopies(3, 0.25)))
          .stem(StemSpec.conv3x3(4).withBatchNorm(false))
          .blocks(
              Collections.nCopies(3, BlockSpec.of(BlockKind.PRE_BASIC, 4, 1, Shortcut.IDENTITY)))
          .head(HeadSpec.normPoolLinear(3))
          .build();

  private static final Weights WEIGHTS = new RandomWeights(NETWORK, 5);
  private static final ImageSet IMAGES = images(60, 1);
  private static final ImageSet TEST_IMAGES = images(40, 2);
  private static final ModelOptions OPTIONS =
      ModelOptions.defaults().withPrecision(Precision.FLOAT64);

  private static ImageSet images(int count, long seed) {
    return images(count, seed, new Random(seed).ints(count, 0, 3).toArray());
  }

  /** Noise of another brightness in each channel of each image. */
  private static ImageSet images(int count, long seed, int[] labels) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * 3 * 8 * 6];
    int brightness = 0;
    for (int i = 0; i < pixels.length; i++) {
      brightness = i % 48 == 0 ? random.nextInt(200) : brightness;
      pixels[i] = (byte) (brightness + random.nextInt(56));
    }
    return ImageSets.of(new FeatureShape(3, 8, 6), pixels, labels, 3);
  }

  private static RecalibrationStudy study(Weights weights) {
    return RecalibrationStudy.of(weights)
        .backend(new ReferenceBackend())
        .options(OPTIONS)
        .calibration(IMAGES)
        .batchSize(16);
  }

  private static ResidualModel open(Weights weights) {
    return ResidualModel.open(new ReferenceBackend(), weights, OPTIONS);
  }

  private static double[] tensor(Weights weights, String name) {
    return Objects.requireNonNull(weights.tensors().get(name)).doubles();
  }

  private static String measured(Recalibration result) {
    String json = result.toJson();
    return json.substring(0, json.indexOf("\"provenance\""));
  }

  /** Every piece estimates the statistics of its own lesions, on all images. */
  @Test
  void piecesMergeToWhatOneRunGives() {
    LesionPlan plan = LesionPlan.deleteSubsets().build(NETWORK);
    Recalibration whole = study(WEIGHTS).plan(plan).run(TEST_IMAGES);
    List<Recalibration> pieces = new ArrayList<>();
    for (LesionPlan.Group group : plan.cutInto(3, Lesion.intact(), NETWORK, 40)) {
      pieces.add(study(WEIGHTS).plan(plan.part(group.rows())).run(TEST_IMAGES));
    }
    assertThat(pieces).hasSize(3);
    Collections.reverse(pieces);
    Recalibration merged = Recalibration.merge(pieces);
    assertThat(measured(merged)).isEqualTo(measured(whole));
    assertThat(merged.report().rows()).isEqualTo(whole.report().rows());
    assertThat(merged.report().cost()).isEqualTo(whole.report().cost());
    assertThat(merged.provenance().runs()).hasSize(3);
    assertThat(merged.provenance().fingerprint()).isEqualTo(whole.provenance().fingerprint());
  }

  /** All blocks up to the BatchNorm are deleted, so that it sees the stem's output. */
  @ParameterizedTest
  @CsvSource({
    "blocks.2.bn1, 1, 60, 16",
    "blocks.3.bn1, 2, 49, 16",
    "head.bn, 3, 60, 60",
    "head.bn, 3, 5, 2"
  })
  void statisticsAreAveragesOverBatches(String norm, int deleted, int count, int batchSize) {
    ImageSet images = IMAGES.limit(count);
    double[] mean = new double[4];
    double[] variance = new double[4];
    int batches = 0;
    try (ResidualModel model = open(WEIGHTS)) {
      // A single image that is left over has no batch.
      for (int from = 0; from < count - 1; from += batchSize) {
        int size = Math.min(batchSize, count - from);
        double[] y = model.intermediates(images.batch(from, size)).output(0);
        for (int c = 0; c < 4; c++) {
          double[] values = channel(y, size, c);
          double m = Arrays.stream(values).average().orElseThrow();
          mean[c] += m;
          variance[c] +=
              Arrays.stream(values).map(v -> (v - m) * (v - m)).sum() / (values.length - 1);
        }
        batches++;
      }
    }
    int[] blocks = java.util.stream.IntStream.rangeClosed(1, deleted).toArray();
    Weights estimated =
        study(WEIGHTS).calibration(images).batchSize(batchSize).weights(Lesion.delete(blocks));

    for (int c = 0; c < 4; c++) {
      assertThat(tensor(estimated, norm + ".running_mean")[c])
          .isCloseTo(mean[c] / batches, within(1e-12));
      assertThat(tensor(estimated, norm + ".running_var")[c])
          .isCloseTo(variance[c] / batches, within(1e-12));
    }
  }

  private static double[] channel(double[] y, int images, int channel) {
    double[] values = new double[images * 48];
    for (int n = 0; n < images; n++) {
      System.arraycopy(y, (n * 4 + channel) * 48, values, n * 48, 48);
    }
    return values;
  }

  @Test
  void onlyStatisticsThatAreComputedChange(@TempDir Path folder) {
    Weights estimated = study(WEIGHTS).weights(Lesion.delete(2));

    List<String> changed = new ArrayList<>();
    WEIGHTS
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (!Arrays.equals(tensor.doubles(), tensor(estimated, name))) {
                changed.add(name);
              }
            });
    assertThat(changed)
        .containsExactlyInAnyOrder(
            "blocks.1.bn1.running_mean",
            "blocks.1.bn1.running_var",
            "blocks.1.bn2.running_mean",
            "blocks.1.bn2.running_var",
            "blocks.3.bn1.running_mean",
            "blocks.3.bn1.running_var",
            "blocks.3.bn2.running_mean",
            "blocks.3.bn2.running_var",
            "head.bn.running_mean",
            "head.bn.running_var");
    assertThat(estimated.source())
        .isEqualTo(
            "statistics of delete{2} estimated on images in memory, records [0, 60), in batches of"
                + " 16; all else from random weights of seed 5");
    assertThat(estimated.sha256()).isNotEqualTo(WEIGHTS.sha256());
    assertThat(estimated.trained()).isTrue();
    estimated.save(folder.resolve("estimated.safetensors"));
    assertThat(TrainingTest.values(Weights.of(folder.resolve("estimated.safetensors"))))
        .isEqualTo(TrainingTest.values(estimated));
  }

  @Test
  void untrainedWeightsStayUntrained() {
    assertThat(study(Weights.initialised(NETWORK, 1)).weights(Lesion.intact()).trained()).isFalse();
  }

  @Test
  void rowsAreThoseOfOrdinaryStudies() {
    List<Double> before = TrainingTest.values(WEIGHTS);
    LesionPlan plan =
        LesionPlan.of(
                Lesion.delete(1),
                Lesion.deleteSkip(3),
                Lesion.scale(2, -0.5),
                Lesion.swap(1, 3),
                Lesion.keepOnly(2))
            .build(NETWORK);
    RunOptions run = RunOptions.defaults().withBatchSize(7);
    Recalibration result = study(WEIGHTS).plan(plan).options(run).run(TEST_IMAGES);

    try (ResidualModel model = open(WEIGHTS)) {
      assertThat(result.report())
          .usingRecursiveComparison()
          .ignoringFields("provenance.runs")
          .isEqualTo(model.lesions().plan(plan).options(run).run(TEST_IMAGES));
    }
    List<LesionRow> rows = new ArrayList<>(result.recalibrated());
    rows.add(0, result.recalibratedBaseline());
    for (LesionRow row : rows) {
      try (ResidualModel model = open(study(WEIGHTS).weights(row.lesion()))) {
        assertThat(row).isEqualTo(model.withLesion(row.lesion()).evaluate(TEST_IMAGES, run).row());
      }
    }
    assertThat(result.recalibrated()).extracting(LesionRow::planned).isEqualTo(plan.rows());
    assertThat(result.calibration()).isEqualTo("images in memory, records [0, 60)");
    assertThat(result.calibrationSha256()).isEqualTo(IMAGES.sha256());
    assertThat(result.batchSize()).isEqualTo(16);
    assertThat(TrainingTest.values(WEIGHTS)).isEqualTo(before);
    assertThat(Recalibration.fromJson(result.toJson())).isEqualTo(result);
  }

  @Test
  void eachBlockIsDeletedUnlessToldOtherwise() {
    Recalibration result = study(WEIGHTS).run(TEST_IMAGES);

    assertThat(result.recalibrated())
        .extracting(LesionRow::lesion)
        .containsExactly(Lesion.delete(1), Lesion.delete(2), Lesion.delete(3));
    Recalibration threads = study(WEIGHTS).options(OPTIONS.withThreads(3)).run(TEST_IMAGES);
    assertThat(threads.recalibrated()).isEqualTo(result.recalibrated());
    assertThat(threads.report().rows()).isEqualTo(result.report().rows());
  }

  /**
   * Block 1 adds the same large number to every value, which every BatchNorm behind it takes off
   * again: deleting the block hurts until the statistics know of it.
   */
  @Test
  void aShiftOfStatisticsIsRepairedEntirely() {
    Weights shifted =
        study(
                changed(
                    Map.of(
                        "blocks.1.bn2.weight", filled(4, 0),
                        "blocks.1.bn2.bias", filled(4, 10),
                        "blocks.1.conv2.weight", centreTaps(),
                        "head.bn.weight", filled(4, 1),
                        "head.bn.bias", filled(4, 0),
                        "head.linear.weight", new double[] {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0},
                        "head.linear.bias", filled(3, 0))))
            .weights(Lesion.intact());
    int[] predictions = predictions(shifted);
    ImageSet test = images(60, 1, predictions);

    Recalibration result = study(shifted).lesions(Lesion.delete(1)).run(test);

    assertThat(result.report().baseline().wrong()).isZero();
    assertThat(result.report().rows().get(0).wrong()).isGreaterThan(10);
    assertThat(result.recalibratedBaseline().wrong()).isZero();
    assertThat(result.recalibrated().get(0).wrong()).isZero();
    assertThat(result.recalibrated().get(0).loss().orElseThrow())
        .isCloseTo(result.report().baseline().loss().orElseThrow(), within(1e-9));
    assertThat(result.recovered()).containsExactly(OptionalDouble.of(1));
    assertThat(result.pairedTests().get(0).won()).isEqualTo(result.report().rows().get(0).wrong());
    assertThat(result.pairedTests().get(0).pValue()).isLessThan(0.01);
  }

  private static Weights changed(Map<String, double[]> changes) {
    List<NamedTensor> tensors = new ArrayList<>();
    WEIGHTS
        .tensors()
        .forEach(
            (name, tensor) ->
                tensors.add(
                    NamedTensor.of(
                        name, tensor.shape(), changes.getOrDefault(name, tensor.doubles()))));
    return Weights.of(NETWORK, tensors, true, "changed weights");
  }

  private static double[] filled(int length, double value) {
    double[] values = new double[length];
    Arrays.fill(values, value);
    return values;
  }

  /** A 3x3 convolution of four channels that sees no neighbours, and so no border. */
  private static double[] centreTaps() {
    double[] values = new double[4 * 4 * 9];
    for (int i = 0; i < 16; i++) {
      values[9 * i + 4] = i % 3 - 1;
    }
    return values;
  }

  private static int[] predictions(Weights weights) {
    try (ResidualModel model = open(weights)) {
      return Arrays.stream(model.logits(IMAGES.batch(60)))
          .mapToInt(
              logits -> {
                int best = 0;
                for (int c = 1; c < 3; c++) {
                  best = logits[c] > logits[best] ? c : best;
                }
                return best;
              })
          .toArray();
    }
  }

  @Test
  void progressCoversTheWholeStudy() {
    List<Progress> told = new ArrayList<>();
    Recalibration unused =
        study(WEIGHTS)
            .lesions(Lesion.delete(1), Lesion.keepOnly(2))
            .options(RunOptions.defaults().withListener(told::add))
            .run(TEST_IMAGES);

    Progress last = told.get(told.size() - 1);
    // The study's tree has 3 + 2 + 1 branches; then 3, 2 and 1 are calibrated and evaluated.
    assertThat(last)
        .isEqualTo(
            new Progress("recalibrate keepOnly{2}", last.total(), 6 * 40 + 6 * (60 + 40), 40, 40));
    assertThat(told).extracting(Progress::done).isSorted();
    assertThat(told).extracting(Progress::total).containsOnly(last.total());
    assertThat(told.get(0).images()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"40, recalibrate delete{2}", "100, recalibrate delete{2}"})
  void interruptedItKeepsTheOrdinaryStudy(int images, String task) {
    RecalibrationStudy study =
        study(WEIGHTS)
            .options(
                RunOptions.defaults()
                    .withBatchSize(10)
                    .withListener(
                        progress -> {
                          if (progress.task().equals(task)) {
                            Thread.currentThread().interrupt();
                          }
                        }));
    LesionReport whole;
    try (ResidualModel model = open(WEIGHTS)) {
      whole =
          model
              .lesions()
              .deleteEachBlock()
              .options(new RunOptions(10, progress -> {}))
              .run(TEST_IMAGES);
    }

    assertThatThrownBy(() -> study.run(TEST_IMAGES))
        .isInstanceOfSatisfying(
            StudyInterruptedException.class,
            e -> assertThat(e.partialReport().orElseThrow().rows()).isEqualTo(whole.rows()))
        .hasMessage("interrupted while the network was recalibrated after delete{2}");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void lesionsOfMoreThanOneForwardPassAreRefused() {
    ReferenceSet reference = ReferenceSet.of(IMAGES);
    assertThatThrownBy(() -> study(WEIGHTS).lesions(Lesion.duplicate(2)).run(TEST_IMAGES))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage(
            "statistics cannot be estimated after duplicate{2}, which runs block 2 more than once;"
                + " recalibrate deletions, scaling, new orders or single paths instead");
    for (Lesion lesion : List.of(Lesion.mean(reference, 3), Lesion.resample(reference, 1, 3))) {
      assertThatThrownBy(() -> study(WEIGHTS).weights(lesion))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("which replaces the branch output of block 3; recalibrate");
    }
    Weights unused = study(WEIGHTS).weights(Lesion.mean(reference, 3).then(Lesion.delete(3)));
  }

  @Test
  void settingsThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () -> RecalibrationStudy.of(WEIGHTS).backend(new ReferenceBackend()).run(TEST_IMAGES))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the study has no images to estimate statistics on: set calibration(images) first");
    assertThatThrownBy(() -> study(WEIGHTS).batchSize(1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("a batch whose statistics are taken has 2 to 65536 images, got 1");
    assertThatThrownBy(() -> study(WEIGHTS).calibration(IMAGES.limit(1)).run(TEST_IMAGES))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("statistics are estimated on at least 2 images, images in memory has one");
    ImageSet other = ImageSets.of(new FeatureShape(3, 6, 8), new byte[288], new int[2], 3);
    assertThatThrownBy(() -> study(WEIGHTS).run(other)).hasMessageContaining("have the shape");
    assertThatThrownBy(() -> study(WEIGHTS).calibration(other).weights(Lesion.intact()))
        .hasMessageContaining("have the shape");
    assertThatThrownBy(() -> study(WEIGHTS).weights(Lesion.scale(1, 1e200)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("the statistics of recalibrated after scale{1=1.0E200} cannot be")
        .hasMessageContaining("blocks.2.bn1.running_mean has the value 4.69")
        .hasMessageEndingWith("; leave the lesion out");
  }
}
