package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.InvalidImagesException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged files give images or an {@link InvalidImagesException} of one line, nothing else. */
class ImageFileFuzzTest {
  private static final long NANOS = 2_000_000_000L;

  @TempDir Path directory;

  static List<Long> seeds() {
    return List.of(System.nanoTime());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void damagedFilesAreReadOrRefused(long seed) {
    Random random = new Random(seed);
    byte[] images = Samples.idxImages(9, 4, 5, new byte[180]);
    byte[] labels = Samples.idxLabels(9, new byte[9]);
    List<byte[]> cifar =
        List.of(Samples.cifar(CifarFormat.CIFAR_10, 1, 2), Samples.cifar(CifarFormat.CIFAR_100, 3));
    int read = 0;
    int refused = 0;
    for (long start = System.nanoTime(); System.nanoTime() - start < NANOS; ) {
      byte[] i = damaged(random, random.nextBoolean() ? Samples.gzip(images) : images);
      byte[] l = damaged(random, random.nextBoolean() ? Samples.gzip(labels) : labels);
      Path imageFile = Samples.write(directory.resolve("t10k-images-idx3-ubyte"), i);
      Path labelFile = Samples.write(directory.resolve("t10k-labels-idx1-ubyte"), l);
      byte[] c = damaged(random, cifar.get(random.nextInt(2)));
      Path cifarFile = Samples.write(directory.resolve("x.bin"), c);
      for (Supplier<ImageSet> attempt :
          List.<Supplier<ImageSet>>of(
              () -> ImageSets.mnist(imageFile, labelFile),
              () -> ImageSets.open(imageFile, ImageSets.Split.TEST),
              () -> ImageSets.open(directory, ImageSets.Split.TEST),
              () -> ImageSets.cifar10(cifarFile),
              () -> ImageSets.cifar100(cifarFile),
              () -> ImageSets.open(cifarFile, ImageSets.Split.TRAIN))) {
        if (reads(attempt)) {
          read++;
        } else {
          refused++;
        }
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  private static boolean reads(Supplier<ImageSet> attempt) {
    try {
      ImageSet set = attempt.get();
      assertThat(set.sha256()).hasSize(64);
      int size = Math.min(set.size(), 50);
      int[] labels = set.batch(size).labels();
      assertThat(labels).hasSize(size);
      assertThat(Arrays.stream(labels).max().orElseThrow()).isBetween(0, set.classes() - 1);
      return true;
    } catch (InvalidImagesException e) {
      assertThat(e.getMessage()).doesNotContain("\n");
      return false;
    }
  }

  private static byte[] damaged(Random random, byte[] bytes) {
    byte[] copy = bytes.clone();
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      // Half of the changes hit the header.
      int bound = random.nextBoolean() ? Math.min(20, copy.length) : copy.length;
      copy[random.nextInt(bound)] = (byte) random.nextInt();
    }
    if (random.nextInt(4) == 0) {
      copy = Arrays.copyOf(copy, 1 + random.nextInt(copy.length + 10));
    }
    return copy;
  }
}
