package io.github.resnetensembles.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.FolderOptions;
import io.github.resnetensembles.images.ImageBatch;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.training.RecalibrationStudy;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images without labels have logits, and nothing that counts errors. */
class UnlabelledImagesTest {
  private static final Path PICTURES = Path.of("src/test/resources/images");
  private static final Architecture NETWORK =
      Architecture.of("resnet-8").toBuilder()
          .input(new InputSpec(3, 8, 8, 0, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)))
          .classes(2)
          .build();
  private static final Weights WEIGHTS = Weights.initialised(NETWORK, 1);
  private static final FolderOptions LABELLED =
      FolderOptions.builder().resize(OptionalInt.of(8)).crop(8).build();
  private static final FolderOptions UNLABELLED =
      LABELLED.toBuilder().unlabelled(true).classCount(2).build();

  @TempDir private Path folder;
  private ResidualModel model;

  @BeforeEach
  void open() throws IOException {
    model = ResidualModel.open(Backends.load("reference"), WEIGHTS);
    for (String name : List.of("b/x.png", "a/y.png", "a/z.png")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.copy(PICTURES.resolve(name.endsWith("z.png") ? "png-rgba.png" : "png-rgb.png"), file);
    }
  }

  @AfterEach
  void close() {
    model.close();
  }

  private ImageSet images() {
    return ImageSets.folder(folder, UNLABELLED);
  }

  @Test
  void logitsAreThoseOfTheSameImagesWithLabels() throws IOException {
    ImageSet labelled = ImageSets.folder(folder, LABELLED);
    ImageBatch batch = images().batch(3);

    assertThat(batch.labels()).containsOnly(ImageBatch.UNLABELLED);
    assertThat(model.logits(batch)).isDeepEqualTo(model.logits(labelled.batch(3)));
    assertThat(model.withLesion(Lesion.delete(2)).logits(batch))
        .isDeepEqualTo(model.withLesion(Lesion.delete(2)).logits(labelled.batch(3)));
    assertThat(images().hasLabels()).isFalse();
    assertThat(images().range(1, 2).hasLabels()).isFalse();
    assertThat(images().subset(0).hasLabels()).isFalse();
    assertThat(labelled.hasLabels()).isTrue();
    assertThat(images().sha256()).isNotEqualTo(labelled.sha256());
    assertThat(images().classes()).isEqualTo(2);
    assertThat(model.provenance(images(), RunOptions.defaults()).dataSha256())
        .isEqualTo(images().sha256());
    Files.copy(folder.resolve("a/z.png"), folder.resolve("c.png"));
    assertThat(images().size()).isEqualTo(4);
  }

  @Test
  void branchesMayBeReplacedByTheirMeanOverThem() {
    Lesion mean = Lesion.mean(ReferenceSet.of(images()), 2);
    Lesion ofLabelled = Lesion.mean(ReferenceSet.of(ImageSets.folder(folder, LABELLED)), 2);
    assertThat(model.withLesion(mean, images()).logits(images().batch(3)))
        .isDeepEqualTo(
            model
                .withLesion(ofLabelled, ImageSets.folder(folder, LABELLED))
                .logits(images().batch(3)));
  }

  @Test
  void whatNeedsLabelsSaysSo() {
    List<ThrowingCallable> uses =
        List.of(
            () -> model.evaluate(images()),
            () -> model.lesions().deleteEachBlock().run(images()),
            () -> model.lesions().deleteEachBlock().cost(images()),
            () -> model.lesions().deleteEachBlock().runAsEnsemble(images()),
            () -> model.gradients().run(images()),
            () -> Training.of(NETWORK).recipe(TrainingRecipe.quick()).run(images(), images()),
            () ->
                RecalibrationStudy.of(WEIGHTS)
                    .backend(Backends.load("reference"))
                    .lesions(Lesion.delete(1))
                    .calibration(images())
                    .run(ImageSets.folder(folder, LABELLED)));
    for (ThrowingCallable use : uses) {
      assertThatThrownBy(use)
          .isInstanceOf(InvalidImagesException.class)
          .hasMessageContaining(" has no labels, and without them there are no errors and no loss");
    }
  }

  @Test
  void contradictionsAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("labels.txt"), "0\n1\n1\n");
    assertThatThrownBy(() -> ImageSets.folder(folder, UNLABELLED.toBuilder().labels(file).build()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("images without labels have no file of labels or of classes");
    assertThatThrownBy(
            () -> ImageSets.folder(folder, LABELLED.toBuilder().unlabelled(true).build()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("do not tell how many classes there are");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> ImageSets.folder(empty, UNLABELLED))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("holds no images");
  }
}
