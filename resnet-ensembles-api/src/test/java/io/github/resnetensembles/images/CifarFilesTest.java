package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CifarFilesTest {
  @TempDir Path directory;

  @CanIgnoreReturnValue
  private Path file(String name, byte[] bytes) {
    return Samples.write(directory.resolve(name), bytes);
  }

  @Test
  void readsBatchesAcrossFiles() {
    byte[] first = Samples.cifar(CifarFormat.CIFAR_10, 3, 9);
    byte[] second = Samples.cifar(CifarFormat.CIFAR_10, 0, 7, 1);
    ImageSet set = ImageSets.cifar10(file("a.bin", first), file("b.bin", second));

    assertThat(set.size()).isEqualTo(5);
    assertThat(set.classes()).isEqualTo(10);
    assertThat(set.shape()).isEqualTo(new FeatureShape(3, 32, 32));
    assertThat(set.name()).isEqualTo("a.bin and 1 more");
    assertThat(set.offset()).isZero();
    assertThat(set.sha256()).isEqualTo(Samples.sha256(first, second));

    ImageBatch batch = set.batch(1, 3);
    assertThat(batch.size()).isEqualTo(3);
    assertThat(batch.firstRecord()).isEqualTo(1);
    assertThat(batch.labels()).containsExactly(9, 0, 7);
    assertThat(batch.pixels()).hasSize(3 * 3072);
    for (int p = 0; p < 3072; p++) {
      assertThat(batch.pixels()[p]).isEqualTo(((1 + p) & 0xff) / 255f);
      assertThat(batch.pixels()[3072 + p]).isEqualTo((p & 0xff) / 255f);
    }
  }

  @Test
  void readsManyRecordsInOneBatch() {
    int[] labels = IntStream.range(0, 200).map(i -> i % 10).toArray();
    ImageSet set = ImageSets.cifar10(file("a.bin", Samples.cifar(CifarFormat.CIFAR_10, labels)));
    ImageBatch batch = set.batch(200);
    assertThat(batch.labels()).isEqualTo(labels);
    for (int r = 0; r < 200; r++) {
      assertThat(batch.pixels()[r * 3072 + 5]).isEqualTo(((r + 5) & 0xff) / 255f);
    }
  }

  @Test
  void readsTheFineLabelsOfCifar100() {
    byte[] bytes = Samples.cifar(CifarFormat.CIFAR_100, 99, 0, 42);
    ImageSet set = ImageSets.cifar100(file("test.bin", bytes));
    assertThat(set.size()).isEqualTo(3);
    assertThat(set.classes()).isEqualTo(100);
    ImageBatch batch = set.batch(1, 2);
    assertThat(batch.labels()).containsExactly(0, 42);
    assertThat(batch.pixels()[0]).isEqualTo(1 / 255f);
    assertThat(set.sha256()).isEqualTo(Samples.sha256(bytes));
  }

  @Test
  void everyByteIsScaledExactly() {
    ImageSet set = ImageSets.cifar10(file("a.bin", Samples.cifar(CifarFormat.CIFAR_10, 0)));
    float[] pixels = set.batch(1).pixels();
    for (int x = 0; x < 256; x++) {
      assertThat(pixels[x]).isEqualTo((x & 0xff) / 255f);
    }
  }

  @Test
  void refusesBadSizes() {
    Path odd = file("odd.bin", new byte[3074]);
    assertThatThrownBy(() -> ImageSets.cifar10(odd))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage(
            odd
                + " is not a CIFAR-10 binary file: its size of 3074 bytes is not a whole, positive"
                + " number of records of 3073 bytes");
    Path empty = file("empty.bin", new byte[0]);
    assertThatThrownBy(() -> ImageSets.cifar100(empty))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("its size of 0 bytes")
        .hasMessageContaining("3074 bytes");
  }

  @Test
  void refusesMissingFilesDirectoriesAndNone() {
    Path missing = directory.resolve("missing.bin");
    assertThatThrownBy(() -> ImageSets.cifar10(missing))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot read " + missing + ": no such file or directory; check the path");
    assertThatThrownBy(() -> ImageSets.cifar10(directory))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot read " + directory + ": it is a directory; name the file in it");
    assertThatThrownBy(() -> ImageSets.cifar10())
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("no CIFAR-10 file was given, at least one is needed");
  }

  @Test
  void aBadLabelIsFoundWhenItsRecordIsRead() {
    Path first = file("a.bin", Samples.cifar(CifarFormat.CIFAR_10, 1, 2));
    Path second = file("b.bin", Samples.cifar(CifarFormat.CIFAR_10, 3, 10, 4));
    ImageSet set = ImageSets.cifar10(first, second);
    assertThat(set.batch(0, 3).labels()).containsExactly(1, 2, 3);
    assertThat(set.batch(4, 1).labels()).containsExactly(4);
    assertThatThrownBy(() -> set.batch(5))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage(
            "record 1 of "
                + second
                + " has the label 10, must be 0 to 9; the file is damaged or not CIFAR-10");
  }

  @Test
  void badLabelsOfCifar100AreNamed() {
    byte[] bytes = Samples.cifar(CifarFormat.CIFAR_100, 5, 6);
    bytes[3074] = 20;
    bytes[1] = (byte) 200;
    ImageSet set = ImageSets.cifar100(file("test.bin", bytes));
    assertThatThrownBy(() -> set.batch(0, 1))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("record 0 of ")
        .hasMessageContaining("has the label 200, must be 0 to 99");
    assertThatThrownBy(() -> set.batch(1, 1))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("record 1 of ")
        .hasMessageContaining("has the coarse label 20, must be 0 to 19");
  }

  /** When they are opened, not after hours of work on others. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no POSIX permissions there")
  void refusesWhatMayNotBeRead() throws IOException {
    Path file = file("test_batch.bin", Samples.cifar(CifarFormat.CIFAR_10, 1, 2));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-wx------"));
    assumeFalse(Files.isReadable(file), "the superuser may read everything");
    String denied = "cannot read " + file + ": access denied; allow the user who runs this";
    for (Path path : List.of(file, directory)) {
      assertThatThrownBy(() -> ImageSets.open(path, ImageSets.Split.TEST))
          .isInstanceOf(FileAccessException.class)
          .hasMessageStartingWith(denied);
    }
    assertThatThrownBy(() -> ImageSets.cifar10(file))
        .isInstanceOf(FileAccessException.class)
        .hasMessageStartingWith(denied);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rw-------"));
    try {
      assertThatThrownBy(() -> ImageSets.open(directory, ImageSets.Split.TEST))
          .isInstanceOf(FileAccessException.class)
          .hasMessageStartingWith(denied);
    } finally {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void refusesDevices() {
    assertThatThrownBy(() -> ImageSets.cifar10(Path.of("/dev/zero")))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot read /dev/zero: it is not a regular file; copy what it gives into one");
  }

  @Test
  void noticesAFileThatShrinksOrVanishes() throws IOException {
    Path file = file("a.bin", Samples.cifar(CifarFormat.CIFAR_10, 1, 2));
    ImageSet set = ImageSets.cifar10(file);
    file("a.bin", Samples.cifar(CifarFormat.CIFAR_10, 1));
    assertThatThrownBy(() -> set.batch(0, 1))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage(
            file + " changed while in use: it had 6146 bytes and now has 3073; open it again");
    assertThatThrownBy(set::sha256).isInstanceOf(InvalidImagesException.class);
    Files.delete(file);
    assertThatThrownBy(() -> set.batch(0, 1))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot read " + file + ": no such file or directory; check the path");
    assertThatThrownBy(set::sha256).isInstanceOf(FileAccessException.class);
    assertThat(set.dataset()).as("two images are of no known set").isEmpty();
    file("a.bin", Samples.cifar(CifarFormat.CIFAR_10, 1, 2));
    assertThat(set.batch(2).labels()).containsExactly(1, 2);
  }

  @Test
  void aPendingInterruptIsKeptAndHarmsNothing() {
    ImageSet set = ImageSets.cifar10(file("a.bin", Samples.cifar(CifarFormat.CIFAR_10, 1, 2)));
    Thread.currentThread().interrupt();
    ImageBatch batch = set.batch(2);
    boolean interrupted = Thread.interrupted();
    assertThat(batch.labels()).containsExactly(1, 2);
    assertThat(interrupted).isTrue();
  }
}
