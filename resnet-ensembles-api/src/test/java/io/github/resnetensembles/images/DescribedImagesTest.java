package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribedImagesTest {
  private static ImageSet images(int classes) {
    int[] labels = {0, 1, 0, 1, 1, 0};
    return ImageSets.of(new FeatureShape(3, 2, 2), new byte[12 * labels.length], labels, classes);
  }

  @Test
  void imagesAreOfADataSetIfTheirUserSaysSo() {
    ImageSet images = images(10);
    ImageSet known = images.knownAs(KnownDataset.CIFAR_10);

    assertThat(images.dataset()).isEmpty();
    assertThat(known.dataset()).hasValue(KnownDataset.CIFAR_10);
    assertThat(known.range(1, 2).dataset()).hasValue(KnownDataset.CIFAR_10);
    assertThat(known.range(1, 2).offset()).isEqualTo(1);
    assertThat(known.limit(3).dataset()).hasValue(KnownDataset.CIFAR_10);
    assertThat(known.subset(2, 1).dataset()).isEmpty();
    assertThat(known.sha256()).isEqualTo(images.sha256());
    assertThat(known.name()).isEqualTo(images.name());
    assertThat(known.batch(1, 3).labels()).containsExactly(1, 0, 1);
    assertThatThrownBy(() -> images(2).knownAs(KnownDataset.CIFAR_10))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("CIFAR-10 has 10 classes, but images in memory has 2");
  }

  @Test
  void othersOfTheSameShapeAreNotKnown(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("test_batch.bin");
    Files.write(file, new byte[3073 * 130]);

    assertThat(ImageSets.cifar10(file).dataset()).isEmpty();
    assertThat(ImageSets.builtIn().dataset()).isEmpty();
  }

  @Test
  void thereMayBeMoreClassesThanOccur() {
    ImageSet images = images(3);
    ImageSet among = images.amongClasses(10);

    assertThat(among.classes()).isEqualTo(10);
    assertThat(among.range(1, 1).classes()).isEqualTo(10);
    assertThat(among.subset(1).classes()).isEqualTo(10);
    assertThat(among.sha256()).isEqualTo(images.sha256());
    assertThat(among.dataset()).isEmpty();
    assertThat(among.batch(2).labels()).isEqualTo(images.batch(2).labels());
    assertThat(among.knownAs(KnownDataset.CIFAR_10).dataset()).hasValue(KnownDataset.CIFAR_10);
    assertThatThrownBy(() -> images.amongClasses(2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("has 3 classes, which cannot be some of 2");
  }
}
