package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.resnetensembles.FeatureShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real data sets, in the folder that {@code RESNET_ENSEMBLES_DATA} names. */
@Tag("data")
class ImageDataTest {
  private Path data;

  @BeforeEach
  void findTheData() {
    String folder = System.getenv("RESNET_ENSEMBLES_DATA");
    assumeTrue(folder != null, "RESNET_ENSEMBLES_DATA is not set");
    data = Path.of(String.valueOf(folder));
    assertThat(data.resolve("cifar10")).isDirectory();
    assertThat(data.resolve("mnist")).isDirectory();
  }

  private static int[] labelCounts(ImageSet set) {
    int[] counts = new int[set.classes()];
    for (int from = 0; from < set.size(); from += 1000) {
      for (int label : set.batch(from, Math.min(1000, set.size() - from)).labels()) {
        counts[label]++;
      }
    }
    return counts;
  }

  @Test
  void cifar10TestSet() throws IOException {
    Path file = data.resolve("cifar10/test_batch.bin");
    ImageSet set = ImageSets.cifar10(file);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(set.size()).isEqualTo(10_000);
    assertThat(labelCounts(set)).hasSize(10).containsOnly(1000);
    assertThat(set.sha256()).isEqualTo(Samples.sha256(bytes));
    float[] last = set.batch(9999, 1).pixels();
    for (int p = 0; p < 3072; p++) {
      assertThat(last[p]).isEqualTo((bytes[9999 * 3073 + 1 + p] & 0xff) / 255f);
    }
    ImageSet opened = ImageSets.open(data.resolve("cifar10"), ImageSets.Split.TEST);
    assertThat(opened.sha256()).isEqualTo(set.sha256());
    assertThat(opened.name()).isEqualTo("cifar10");
    assertThat(ImageSets.open(file, ImageSets.Split.TEST).classes()).isEqualTo(10);
  }

  @Test
  void cifar10IsKnownByItsLabels() {
    Path folder = data.resolve("cifar10");
    ImageSet test = ImageSets.cifar10(folder.resolve("test_batch.bin"));
    assertThat(test.dataset()).hasValue(KnownDataset.CIFAR_10);
    assertThat(test.range(500, 20).dataset()).hasValue(KnownDataset.CIFAR_10);
    assertThat(ImageSets.open(folder, ImageSets.Split.TEST).dataset()).isPresent();
    ImageSet two =
        ImageSets.cifar10(folder.resolve("data_batch_1.bin"), folder.resolve("data_batch_2.bin"));
    assertThat(two.dataset()).hasValue(KnownDataset.CIFAR_10);
    assertThat(ImageSets.cifar10(folder.resolve("data_batch_3.bin")).dataset()).isEmpty();
    assertThat(test.subset(1, 2, 3).dataset()).isEmpty();

    int[] labels = test.batch(10_000).labels();
    FeatureShape shape = new FeatureShape(1, 1, 1);
    assertThat(ImageSets.of(shape, new byte[10_000], labels, 10).dataset())
        .hasValue(KnownDataset.CIFAR_10);
    int first = labels[0];
    labels[0] = labels[1];
    labels[1] = first;
    assertThat(ImageSets.of(shape, new byte[10_000], labels, 10).dataset()).isEmpty();
  }

  @Test
  void cifar10TrainingSet() throws IOException {
    ImageSet set = ImageSets.open(data.resolve("cifar10"), ImageSets.Split.TRAIN);
    assertThat(set.size()).isEqualTo(49_427);
    int[] counts = labelCounts(set);
    assertThat(counts[8]).isEqualTo(4450);
    byte[][] files = new byte[5][];
    for (int i = 0; i < 5; i++) {
      files[i] = Files.readAllBytes(data.resolve("cifar10/data_batch_" + (i + 1) + ".bin"));
    }
    assertThat(set.sha256()).isEqualTo(Samples.sha256(files));
    assertThat(set.batch(10_000, 1).labels()).containsExactly((int) files[1][0]);
  }

  @Test
  void mnist() throws IOException {
    Path folder = data.resolve("mnist");
    ImageSet test = ImageSets.open(folder, ImageSets.Split.TEST);
    assertThat(test.size()).isEqualTo(10_000);
    assertThat(test.shape()).isEqualTo(new FeatureShape(1, 28, 28));
    assertThat(labelCounts(test))
        .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    assertThat(test.batch(5).labels()).containsExactly(7, 2, 1, 0, 4);
    assertThat(test.sha256())
        .isEqualTo(
            Samples.sha256(
                Files.readAllBytes(folder.resolve("t10k-images-idx3-ubyte.gz")),
                Files.readAllBytes(folder.resolve("t10k-labels-idx1-ubyte.gz"))));
    ImageSet training =
        ImageSets.open(folder.resolve("train-images-idx3-ubyte.gz"), ImageSets.Split.TEST);
    assertThat(training.size()).isEqualTo(60_000);
    assertThat(labelCounts(training))
        .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
  }
}
