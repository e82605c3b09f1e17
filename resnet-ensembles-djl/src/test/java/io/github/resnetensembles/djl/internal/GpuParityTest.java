package io.github.resnetensembles.djl.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.gradient.PathGradients;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ImageSets.Split;
import io.github.resnetensembles.lesion.LesionRow;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.training.EpochRecord;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.weights.Weights;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a GPU computes is what the processor computes, but for rounding. */
@GpuTest
class GpuParityTest {
  private static final ModelOptions EXACT =
      ModelOptions.defaults().withPrecision(Precision.FLOAT64).withThreads(2);

  static boolean gpu() {
    return new DjlBackend().devices().contains("gpu:0");
  }

  /** {@return the bytes in use on the first GPU, by all processes, with what PyTorch keeps} */
  static long gpuBytes() {
    return CudaUtils.getGpuMemory(Device.gpu(0)).getCommitted();
  }

  private static <T> T on(String device, String architecture, Function<ResidualModel, T> work) {
    Weights weights = Weights.initialised(Architecture.of(architecture), 3);
    try (ResidualModel model =
        ResidualModel.of(new DjlBackend().network(weights, EXACT.withDevice(device)))) {
      return work.apply(model);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet-20", "preresnet-20", "plain-20"})
  void lesions(String architecture) {
    ImageSet images = ImageSets.builtIn(Split.TEST).range(0, 70);
    Function<ResidualModel, List<LesionRow>> study =
        model -> model.lesions().deleteEachBlock().run(images).rows();
    List<LesionRow> expected = on("cpu", architecture, study);
    List<LesionRow> actual = on("gpu", architecture, study);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).correctRecords()).isEqualTo(expected.get(i).correctRecords());
      assertThat(actual.get(i).loss().orElseThrow())
          .isCloseTo(expected.get(i).loss().orElseThrow(), within(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet-20", "preresnet-20"})
  void pathGradients(String architecture) {
    ImageBatch batch = ImageSets.builtIn(Split.TEST).batch(8);
    Function<ResidualModel, PathGradients> probe = model -> model.gradients().exact().run(batch);
    PathGradients expected = on("cpu", architecture, probe);
    PathGradients actual = on("gpu", architecture, probe);
    assertThat(actual.residual().orElseThrow()).isLessThan(1e-12);
    assertThat(actual.lengths()).hasSameSizeAs(expected.lengths());
    for (int i = 0; i < expected.lengths().size(); i++) {
      double norm = expected.lengths().get(i).pathSumNorm().orElseThrow();
      assertThat(actual.lengths().get(i).pathSumNorm().orElseThrow())
          .as("length %s", i)
          .isCloseTo(norm, within(1e-9 * norm));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet-8", "preresnet-8"})
  void training(String architecture) {
    TrainingRecipe recipe =
        TrainingRecipe.quick().toBuilder().epochs(2).batchSize(32).clipNorm(2).build();
    ImageSet images = ImageSets.builtIn(Split.TRAIN).range(0, 256);
    Function<String, List<EpochRecord>> train =
        device ->
            Training.of(Architecture.of(architecture))
                .backend(new DjlBackend())
                .options(EXACT.withDevice(device))
                .recipe(recipe)
                .run(images, ImageSets.builtIn(Split.TEST).range(0, 100))
                .epochs();
    List<EpochRecord> expected = train.apply("cpu");
    List<EpochRecord> actual = train.apply("gpu");
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).trainingLoss())
          .isCloseTo(expected.get(i).trainingLoss(), within(1e-8 * expected.get(i).trainingLoss()));
      assertThat(actual.get(i).wrong()).isEqualTo(expected.get(i).wrong());
    }
  }
}
