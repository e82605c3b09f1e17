package io.github.resnetensembles.weights;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.lesion.Evaluation;
import io.github.resnetensembles.model.Backends;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.training.TrainingHistory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainedNetworkTest {
  @TempDir private Path folder;

  @Test
  void theCatalogueNamesAll() {
    assertThat(PretrainedNetwork.all())
        .extracting(PretrainedNetwork::name)
        .containsExactly(
            "preresnet-20",
            "plain-20",
            "preresnet-110",
            "preresnet-110-stochastic-depth",
            "preresnet-110-effective-paths",
            "vgg-15");
    assertThat(PretrainedNetwork.all().stream().filter(PretrainedNetwork::available))
        .extracting(PretrainedNetwork::artifact)
        .containsOnly("resnet-ensembles-api");
  }

  @ParameterizedTest
  @ValueSource(strings = {"preresnet-20", "plain-20"})
  void isThereAsItWasTrained(String name) {
    PretrainedNetwork known = PretrainedNetwork.of(name);
    Weights weights = Weights.pretrained(name);

    assertThat(weights.fileSha256()).hasValue(known.sha256());
    assertThat(weights.trained()).isTrue();
    assertThat(weights.architecture().name()).isEqualTo(name);
    assertThat(weights.source()).isEqualTo("pretrained:" + name);
    TrainingHistory history = TrainingHistory.fromJson(known.training());
    assertThat(history.recipe().seed()).isEqualTo(known.seed());
    assertThat(history.last().errorRate()).isCloseTo(known.errorRate(), within(0.01));
    assertThat(known.command()).contains("--seed " + known.seed()).endsWith("--rounded");
  }

  /** A few images with the reference backend; djl's tests evaluate all. */
  @Test
  void learned() {
    try (ResidualModel model =
        ResidualModel.open(Backends.load("reference"), Weights.pretrained("preresnet-20"))) {
      Evaluation evaluation = model.evaluate(ImageSets.builtIn().limit(20));
      assertThat(evaluation.wrong()).isLessThan(8);
    }
  }

  @Test
  void savedItIsTheSameFile() {
    Weights weights = Weights.pretrained("preresnet-20");
    Path file = folder.resolve("saved.safetensors");

    weights.save(file);

    assertThat(Weights.of(file).sha256()).isEqualTo(weights.sha256());
    assertThat(Weights.of(file).fileSha256()).isEqualTo(weights.fileSha256());
  }

  @Test
  void roundingAgainChangesNothing() {
    Weights weights = Weights.pretrained("plain-20");

    assertThat(weights.rounded().rounded().sha256()).isEqualTo(weights.rounded().sha256());
    weights
        .rounded()
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.floats())
                    .isEqualTo(requireNonNull(weights.tensors().get(name)).floats()));
  }

  @Test
  void namesOfNoneAndOfAnotherArtifactAreRefused() {
    assertThatThrownBy(() -> Weights.pretrained("resnet-9000"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "there is no pretrained network 'resnet-9000'; there are preresnet-20, plain-20,"
                + " preresnet-110, preresnet-110-stochastic-depth, preresnet-110-effective-paths,"
                + " vgg-15");
    assertThatThrownBy(() -> Weights.pretrained("preresnet-110"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            "the pretrained network preresnet-110 is in the artifact resnet-ensembles-examples, which is not"
                + " on the class path: add it, or take one of preresnet-20, plain-20");
  }

  @Test
  void roundsToTheNearest() {
    Weights weights = WeightFiles.TINY_WEIGHTS;
    Weights rounded = weights.rounded();

    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] before = tensor.floats();
              float[] after = requireNonNull(rounded.tensors().get(name)).floats();
              List<Integer> shape = tensor.shape();
              for (int i = 0; i < before.length; i++) {
                double bound = shape.size() > 1 ? 0x1p-8 * Math.abs(before[i]) : 0;
                assertThat((double) after[i]).isBetween(before[i] - bound, before[i] + bound);
              }
            });
    assertThat(ElementType.toBfloat16(1 + 0x1p-8f)).as("a tie").isEqualTo(1f);
    assertThat(ElementType.toBfloat16(1 + 3 * 0x1p-8f)).as("a tie").isEqualTo(1 + 0x1p-6f);
    assertThat(ElementType.toBfloat16(1 + 0x1.01p-8f)).isEqualTo(1 + 0x1p-7f);
  }
}
