package io.github.resnetensembles.images;

import static io.github.resnetensembles.images.ImageSets.Split.TEST;
import static io.github.resnetensembles.images.ImageSets.Split.TRAIN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RecognitionTest {
  private static final byte[] IMAGES = Samples.idxImages(2, 1, 1, (byte) 7, (byte) 8);
  private static final byte[] LABELS = Samples.idxLabels(2, (byte) 1, (byte) 2);

  @TempDir Path root;
  private Path directory;

  @BeforeEach
  void nameTheDirectory() throws java.io.IOException {
    directory = java.nio.file.Files.createDirectory(root.resolve("pictures"));
  }

  @CanIgnoreReturnValue
  private Path file(String name, byte[] bytes) {
    return Samples.write(directory.resolve(name), bytes);
  }

  private void assertRefused(Path path, String... parts) {
    assertThatThrownBy(() -> ImageSets.open(path, TEST))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContainingAll(parts)
        .hasMessageMatching("[^\n]*");
  }

  @Test
  void tellsCifar10AndCifar100ByTheirSize() {
    ImageSet ten = ImageSets.open(file("x", Samples.cifar(CifarFormat.CIFAR_10, 1, 2, 3)), TEST);
    assertThat(ten.classes()).isEqualTo(10);
    assertThat(ten.name()).isEqualTo("x");
    assertThat(ten.batch(3).labels()).containsExactly(1, 2, 3);
    ImageSet hundred =
        ImageSets.open(file("y", Samples.cifar(CifarFormat.CIFAR_100, 1, 99, 3)), TEST);
    assertThat(hundred.classes()).isEqualTo(100);
    assertThat(hundred.batch(3).labels()).containsExactly(1, 99, 3);
  }

  @Test
  void tellsThemApartByTheirLabelsWhenTheSizeFitsBoth() {
    int[] labels = new int[3074];
    java.util.Arrays.fill(labels, 9);
    ImageSet ten = ImageSets.open(file("x", Samples.cifar(CifarFormat.CIFAR_10, labels)), TEST);
    assertThat(ten.size()).isEqualTo(3074);
    assertThat(ten.classes()).isEqualTo(10);
    int[] fewer = new int[3073];
    java.util.Arrays.fill(fewer, 98);
    ImageSet hundred = ImageSets.open(file("x", Samples.cifar(CifarFormat.CIFAR_100, fewer)), TEST);
    assertThat(hundred.size()).isEqualTo(3073);
    assertThat(hundred.classes()).isEqualTo(100);
  }

  @Test
  void tellsThemApartByNameWhenNothingElseDoes() {
    byte[] black = new byte[3073 * 3074];
    assertThat(ImageSets.open(file("data_batch_1.bin", black), TEST).classes()).isEqualTo(10);
    assertThat(ImageSets.open(file("cifar10.bin", black), TEST).classes()).isEqualTo(10);
    assertThat(ImageSets.open(file("cifar-100-test.bin", black), TEST).classes()).isEqualTo(100);
    assertThat(ImageSets.open(file("train.bin", black), TEST).classes()).isEqualTo(100);
    assertRefused(file("x", black), "x (9446402 bytes) could be CIFAR-10 or CIFAR-100; open it");
  }

  @Test
  void oneDamagedLabelDoesNotHideTheFormat() {
    Path file = file("x", Samples.cifar(CifarFormat.CIFAR_10, 1, 2, 77));
    assertThat(ImageSets.open(file, TEST).size()).isEqualTo(3);
  }

  @Test
  void refusesTheRightSizeWithWrongLabels() {
    assertRefused(
        file("x", Samples.cifar(CifarFormat.CIFAR_10, 3, 88, 77)),
        "x has the size of CIFAR-10 records but not their labels: record 1 has the label 88, must"
            + " be 0 to 9");
  }

  @Test
  void listsWhatItLookedForInAFile() {
    assertRefused(
        file("notes.txt", new byte[100]),
        "notes.txt (100 bytes) is not known: looked for records of 3073 bytes (CIFAR-10) or 3074"
            + " bytes (CIFAR-100), and for the header of an idx file");
    assertRefused(file("empty", new byte[0]), "empty (0 bytes) is not known");
    assertRefused(file("other.gz", Samples.gzip(new byte[100])), "is not known");
  }

  @Test
  void whatCannotBeReadIsNoMatterOfTheFormat() {
    Path none = directory.resolve("none");
    assertThatThrownBy(() -> ImageSets.open(none, TEST))
        .isInstanceOf(FileAccessException.class)
        .hasMessage("cannot read " + none + ": no such file or directory; check the path");
  }

  /** Such a file is regular, and no byte of it can be read. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aDeviceThatFailsIsNoMatterOfTheFormat() {
    assertThatThrownBy(() -> ImageSets.open(Path.of("/proc/self/mem"), TEST))
        .isInstanceOf(FileAccessException.class)
        .hasMessage(
            "cannot read /proc/self/mem: Input/output error; check the path, and the disk or network"
                + " that it lies on");
  }

  @Test
  void findsTheOtherIdxFile() {
    Path images = file("t10k-images-idx3-ubyte", IMAGES);
    assertRefused(
        images, "t10k-images-idx3-ubyte needs its labels: looked for t10k-labels-idx1-ubyte[.gz]");
    Path labels = file("t10k-labels-idx1-ubyte.gz", Samples.gzip(LABELS));
    assertThat(ImageSets.open(images, TEST).batch(2).labels()).containsExactly(1, 2);
    assertThat(ImageSets.open(images, TEST).sha256())
        .isEqualTo(Samples.sha256(IMAGES, Samples.gzip(LABELS)));
    assertThat(ImageSets.open(labels, TEST).batch(2).pixels()).containsExactly(7 / 255f, 8 / 255f);
    assertThat(ImageSets.open(labels, TEST).name()).isEqualTo("t10k-labels-idx1-ubyte.gz");
  }

  @Test
  void refusesAnIdxFileWithoutACustomaryName() {
    assertRefused(
        file("digits", IMAGES),
        "digits is an idx file of images, but its name does not tell that of its labels",
        "ImageSets.mnist(images, labels)");
    assertRefused(file("train-images-idx3-ubyte", LABELS), "is an idx file of labels, but");
  }

  @Test
  void opensDirectoriesOfCifar10InNumericalOrder() {
    byte[] tenth = Samples.cifar(CifarFormat.CIFAR_10, 0);
    byte[] second = Samples.cifar(CifarFormat.CIFAR_10, 2, 3);
    byte[] test = Samples.cifar(CifarFormat.CIFAR_10, 5);
    file("data_batch_10.bin", tenth);
    file("data_batch_2.bin", second);
    file("data_batch_old.bin", new byte[1]);
    file("test_batch.bin", test);
    ImageSet training = ImageSets.open(directory, TRAIN);
    assertThat(training.batch(3).labels()).containsExactly(2, 3, 0);
    assertThat(training.name()).isEqualTo("pictures");
    assertThat(training.sha256()).isEqualTo(Samples.sha256(second, tenth));
    assertThat(ImageSets.open(directory, TEST).batch(1).labels()).containsExactly(5);
    assertThat(ImageSets.open(directory, TEST).sha256()).isEqualTo(Samples.sha256(test));
  }

  @Test
  void opensDirectoriesOfCifar100AndMnist() {
    file("train.bin", Samples.cifar(CifarFormat.CIFAR_100, 50));
    assertThat(ImageSets.open(directory, TRAIN).batch(1).labels()).containsExactly(50);
    file("t10k-images-idx3-ubyte.gz", Samples.gzip(IMAGES));
    file("t10k-labels-idx1-ubyte", LABELS);
    assertThat(ImageSets.open(directory, TEST).batch(2).labels()).containsExactly(1, 2);
    assertThat(ImageSets.open(directory, TEST).name()).isEqualTo("pictures");
  }

  @Test
  void listsWhatItLookedForInADirectory() {
    assertRefused(
        directory,
        "no test images in " + directory,
        "test_batch.bin (CIFAR-10)",
        "test.bin (CIFAR-100)",
        "t10k-images-idx3-ubyte[.gz] with t10k-labels-idx1-ubyte[.gz] (MNIST)");
    assertThatThrownBy(() -> ImageSets.open(directory, TRAIN))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("no training images in ")
        .hasMessageContaining("data_batch_1.bin and so on (CIFAR-10)");
  }

  @Test
  void refusesADirectoryOfTwoDataSets() {
    file("test_batch.bin", Samples.cifar(CifarFormat.CIFAR_10, 5));
    file("test.bin", Samples.cifar(CifarFormat.CIFAR_100, 5));
    assertRefused(directory, "holds more than one data set (test_batch.bin, test.bin)");
  }

  @Test
  void otherFilesAreNamed() {
    byte[] python = "\u0080\u0002}q\u0001(U\u000bbatch_labelq\u0002".getBytes(ISO_8859_1);
    assertRefused(file("data_batch_1", python), "the file is of CIFAR's Python version: get the");
    assertRefused(directory, "pictures holds CIFAR's Python version; get the binary version");
    byte[] pointer = "version https://git-lfs.github.com/spec/v1\noid".getBytes(ISO_8859_1);
    assertRefused(file("test.bin", pointer), "the file is a Git LFS pointer", "'git lfs pull'");
    byte[] page = new byte[3073];
    byte[] words = "<!doctype html><title>Not found</title>".getBytes(ISO_8859_1);
    java.util.Arrays.fill(page, (byte) ' ');
    System.arraycopy(words, 0, page, 0, words.length);
    assertRefused(file("page.bin", page), "the file is a web page or an error message");
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(ISO_8859_1), 0, tar, 257, 5);
    assertRefused(file("x.tar", tar), "the file is a tar archive: unpack it first");
  }
}
