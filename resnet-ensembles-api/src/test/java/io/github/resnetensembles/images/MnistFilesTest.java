package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistFilesTest {
  private static final byte[] IMAGES = Samples.idxImages(2, 1, 3, bytes(0, 1, 2, 253, 254, 255));
  private static final byte[] LABELS = Samples.idxLabels(2, bytes(9, 4));

  @TempDir Path directory;

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private Path file(String name, byte[] bytes) {
    return Samples.write(directory.resolve(name), bytes);
  }

  private ImageSet open(byte[] images, byte[] labels) {
    return ImageSets.mnist(file("images", images), file("labels", labels));
  }

  private void assertRefused(byte[] images, byte[] labels, String message) {
    assertThatThrownBy(() -> open(images, labels))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining(message)
        .hasMessageMatching("[^\n]*");
  }

  @Test
  void readsRawFiles() {
    ImageSet set = open(IMAGES, LABELS);
    assertThat(set.size()).isEqualTo(2);
    assertThat(set.classes()).isEqualTo(10);
    assertThat(set.name()).isEqualTo("images");
    assertThat(set.shape()).isEqualTo(new FeatureShape(1, 1, 3));
    assertThat(set.batch(2).labels()).containsExactly(9, 4);
    assertThat(set.batch(1, 1).pixels()).containsExactly(253 / 255f, 254 / 255f, 1f);
    assertThat(set.sha256()).isEqualTo(Samples.sha256(IMAGES, LABELS));
  }

  @Test
  void tellsGzipByItsContent() {
    byte[] packed = Samples.gzip(IMAGES);
    ImageSet set = open(packed, LABELS);
    assertThat(set.batch(0, 1).pixels()).containsExactly(0f, 1 / 255f, 2 / 255f);
    assertThat(set.sha256()).isEqualTo(Samples.sha256(packed, LABELS));
  }

  @Test
  void refusesAWrongMagic() {
    assertRefused(
        Samples.idx(0x0d03, new int[] {2, 1, 3}, new byte[24]),
        LABELS,
        "images is not an idx3 file of unsigned bytes: it starts with 0x00000d03 where 0x00000803"
            + " is needed");
    assertRefused(LABELS, IMAGES, "are the image and label files swapped?");
    assertRefused(bytes(0, 0), LABELS, "it holds only 2 bytes");
    assertRefused(new byte[0], LABELS, "it holds only 0 bytes");
    assertRefused(
        bytes(0, 0, 8, 3, 0, 0), LABELS, "ends inside its header: it holds 6 bytes of 16");
  }

  @Test
  void refusesCountsThatDiffer() {
    assertRefused(IMAGES, Samples.idxLabels(3, bytes(1, 2, 3)), "holds 2 images but ");
    assertRefused(IMAGES, Samples.idxLabels(3, bytes(1, 2, 3)), " 3 labels; give files");
  }

  @Test
  void refusesWrongLengths() {
    assertRefused(
        Arrays.copyOf(IMAGES, 21), LABELS, "has 21 bytes where its header [2, 1, 3] needs 22");
    assertRefused(
        Arrays.copyOf(IMAGES, 23), LABELS, "has 23 bytes where its header [2, 1, 3] needs 22");
    assertRefused(
        Samples.gzip(Arrays.copyOf(IMAGES, 21)), LABELS, "unpacks to only 5 values where");
    assertRefused(Samples.gzip(Arrays.copyOf(IMAGES, 23)), LABELS, "unpacks to more values where");
  }

  @Test
  void refusesAbsurdSizesBeforeAnythingIsAllocated() {
    assertRefused(
        Samples.idxImages(Integer.MAX_VALUE, 4096, 4096),
        LABELS,
        "states the sizes [2147483647, 4096, 4096]");
    assertRefused(Samples.idxImages(2, 0, 3), LABELS, "states the sizes [2, 0, 3]");
    assertRefused(Samples.idxImages(-1, 1, 3), LABELS, "states the sizes [-1, 1, 3]");
    assertRefused(Samples.idxImages(1, 1, 5000), LABELS, "a side at most 4096");
    assertRefused(
        Samples.gzip(Samples.idxImages(100, 1000, 1000)),
        LABELS,
        "gzip bytes, which cannot hold the 100000016 bytes");
  }

  @Test
  void refusesDamagedGzip() {
    byte[] noise = new byte[3000];
    new java.util.Random(7).nextBytes(noise);
    byte[] packed = Samples.gzip(Samples.idxImages(1000, 1, 3, noise));
    byte[] labels = Samples.idxLabels(1000, new byte[1000]);
    assertRefused(
        Arrays.copyOf(packed, packed.length - 12), labels, "gzip data are damaged or cut off");
    assertRefused(Arrays.copyOf(packed, 5), labels, "gzip data are damaged or cut off");
    packed[1500] ^= 1;
    assertRefused(packed, labels, "images: its gzip data are damaged or cut off");
  }

  @Test
  void refusesABombOfEmptyGzipMembers() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] empty = Samples.gzip(new byte[0]);
    for (int i = 0; i < 100_000; i++) {
      out.writeBytes(empty);
    }
    assertRefused(out.toByteArray(), LABELS, "too many empty gzip members");
  }

  @Test
  void refusesABombBehindAModestHeader() {
    byte[] bomb = new byte[50_000_000];
    System.arraycopy(IMAGES, 0, bomb, 0, IMAGES.length);
    byte[] packed = Samples.gzip(bomb);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertRefused(packed, LABELS, "unpacks to more values where");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
  }

  @Test
  void refusesALabelOutOfRange() {
    assertRefused(
        IMAGES, Samples.idxLabels(2, bytes(3, 255)), "labels has the label 255, must be 0 to 9");
    assertRefused(IMAGES, Samples.idxLabels(2, bytes(3, 255)), "record 1 of ");
  }

  @Test
  void refusesAMissingFile() {
    Path labels = file("labels", LABELS);
    assertThatThrownBy(() -> ImageSets.mnist(directory.resolve("none"), labels))
        .isInstanceOf(FileAccessException.class)
        .hasMessage(
            "cannot read "
                + directory.resolve("none")
                + ": no such file or directory; check the path");
  }
}
