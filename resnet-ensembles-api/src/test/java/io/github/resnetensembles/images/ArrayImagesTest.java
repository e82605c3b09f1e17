package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NumPy's arrays, alone and in archives, and images that a function gives. */
final class ArrayImagesTest {
  private static final FeatureShape TINY = new FeatureShape(3, 1, 2);

  @TempDir private Path folder;

  /** As {@code numpy.save} writes it. */
  private static byte[] npy(String type, String shape, int... values) {
    String header =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, shape);
    header += " ".repeat(64 - (header.length() + 11) % 64) + "\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("\u0093NUMPY\1\0".getBytes(ISO_8859_1));
    out.write(header.length());
    out.write(header.length() >> 8);
    out.writeBytes(header.getBytes(ISO_8859_1));
    int width = type.charAt(type.length() - 1) - '0';
    for (int value : values) {
      for (int b = 0; b < width; b++) {
        out.write((int) ((long) value >> (8 * b)));
      }
    }
    return out.toByteArray();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private Path archive(Map<String, byte[]> entries) throws IOException {
    Path file = folder.resolve("a.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
        zip.write(entry.getValue());
      }
    }
    return file;
  }

  private static float[] of(int... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = values[i] / 255f;
    }
    return floats;
  }

  @Test
  void channelsAreWhereTheShapeSays() throws IOException {
    Path labels = file("l.npy", npy("<i8", "1,", 4));

    ImageSet last =
        ImageSets.arrays(
            file("x.npy", npy("|u1", "1, 2, 2, 3", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255)),
            labels);
    assertThat(last.shape()).isEqualTo(new FeatureShape(3, 2, 2));
    assertThat(last.classes()).isEqualTo(5);
    assertThat(last.batch(1).labels()).containsExactly(4);
    assertThat(last.batch(1).pixels()).containsExactly(of(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 255));

    ImageSet first =
        ImageSets.arrays(
            file("z.npy", npy("|u1", "1, 3, 2, 2", 1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 255)),
            labels);
    assertThat(first.sha256()).isEqualTo(last.sha256());

    ImageSet grey = ImageSets.arrays(file("y.npy", npy("|u1", "1, 2, 2", 1, 2, 3, 4)), labels);
    assertThat(grey.shape()).isEqualTo(new FeatureShape(1, 2, 2));
    assertThat(grey.batch(1).pixels()).containsExactly(of(1, 2, 3, 4));
  }

  @Test
  void archivesHaveSplitsAsMedMnistDoes() throws IOException {
    Path file =
        archive(
            Map.of(
                "train_images", npy("|u1", "1, 1, 2", 9, 8),
                "train_labels", npy("|u1", "1, 1", 6),
                "test_images", npy("|u1", "2, 1, 2", 1, 2, 3, 4),
                "test_labels", npy("|u1", "2, 1", 1, 0)));

    ImageSet test = ImageSets.open(file, ImageSets.Split.TEST);

    assertThat(test.classes()).isEqualTo(7);
    assertThat(test.batch(2).labels()).containsExactly(1, 0);
    assertThat(ImageSets.open(file, ImageSets.Split.TRAIN).batch(1).pixels())
        .containsExactly(of(9, 8));
  }

  @Test
  void arraysWithoutLabels() throws IOException {
    byte[] two = npy("|u1", "2, 1, 2", 1, 2, 3, 4);
    Path single = file("x.npy", two);
    Path plain = archive(Map.of("images", two));

    ImageSet images = ImageSets.unlabelledArrays(single, ImageSets.Split.TEST, 9);
    assertThat(images.hasLabels()).isFalse();
    assertThat(images.classes()).isEqualTo(9);
    assertThat(images.batch(2).pixels()).containsExactly(of(1, 2, 3, 4));
    assertThat(images.batch(2).labels()).containsOnly(ImageBatch.UNLABELLED);
    assertThat(ImageSets.unlabelledArrays(plain, ImageSets.Split.TEST, 9).sha256())
        .isEqualTo(images.sha256());
    Path splits =
        archive(
            Map.of(
                "train_images", npy("|u1", "1, 1, 2", 9, 8),
                "test_images", two,
                "test_labels", npy("|u1", "2, 1", 1, 0)));
    assertThat(ImageSets.unlabelledArrays(splits, ImageSets.Split.TRAIN, 9).batch(1).pixels())
        .containsExactly(of(9, 8));
    assertThat(ImageSets.unlabelledArrays(splits, ImageSets.Split.TEST, 9).hasLabels()).isFalse();
    assertThat(ImageSets.open(splits, ImageSets.Split.TEST).hasLabels()).isTrue();

    assertThatThrownBy(() -> ImageSets.unlabelledArrays(single, ImageSets.Split.TEST, 1))
        .hasMessageContaining("at least 2 classes");
    Path flat = file("flat.npy", npy("|u1", "4,", 1, 2, 3, 4));
    assertThatThrownBy(() -> ImageSets.unlabelledArrays(flat, ImageSets.Split.TEST, 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("give images as (N, H, W)");
    Path none = file("none.npy", npy("|u1", "0, 1, 2"));
    assertThatThrownBy(() -> ImageSets.unlabelledArrays(none, ImageSets.Split.TEST, 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("give at least one image");
    Path other = archive(Map.of("x", two));
    assertThatThrownBy(() -> ImageSets.unlabelledArrays(other, ImageSets.Split.TEST, 2))
        .hasMessageContaining("no array 'test_images', but [x.npy]");
  }

  private void refused(byte[] images, byte[] labels, String message) throws IOException {
    Path x = file("x.npy", images);
    Path y = file("y.npy", labels);
    assertThatThrownBy(() -> ImageSets.arrays(x, y))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining(message);
  }

  @Test
  void arraysThatAreNoImagesAreRefused() throws IOException {
    byte[] good = npy("|u1", "2, 1, 2", 1, 2, 3, 4);
    byte[] labels = npy("<i4", "2,", 0, 1);

    refused(new byte[0], labels, "is no NumPy array");
    refused(npy("<f4", "2, 1, 2", 1, 2, 3, 4), labels, "has the type '<f4'");
    refused(npy("<i4", "2, 1, 2", 1, 2, 3, 4), labels, "images are uint8");
    refused(npy("|u1", "2, 1, 3", 1, 2, 3, 4), labels, "4 bytes of values where its shape");
    refused(npy("|u1", "2, 1, 1", 1, 2, 3, 4), labels, "more bytes of values");
    refused(npy("|u1", "4,", 1, 2, 3, 4), labels, "give images as (N, H, W)");
    refused(npy("|u1", "1, 1, 4, 1", 1, 2, 3, 4), npy("<i4", "1,", 0), "where the 1 or 3 channels");
    refused(npy("|u1", "99999, 99999, 99999"), labels, "has more than");
    refused(good, npy("<i4", "3,", 0, 1, 1), "3 labels");
    refused(good, npy("<i4", "2, 14", new int[28]), "one class for each image");
    refused(good, npy("<i4", "2,", 0, -1), "the label -1");
    Path other = archive(Map.of("x", good));
    assertThatThrownBy(() -> ImageSets.open(other, ImageSets.Split.TEST))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("no array 'test_images', but [x.npy]");
  }

  @Test
  void functionsGiveImagesAndAreChecked() {
    int[] labels = {0, 1, 1, 0};
    ImageSet images =
        ImageSets.of(
            "ramps 1", TINY, labels, 2, record -> new float[] {record, 0, 0, 0, 0, record});

    assertThat(images.batch(1, 2).pixels()).containsExactly(1, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2);
    assertThat(images.batch(1, 2).labels()).containsExactly(1, 1);
    assertThat(images.name()).isEqualTo("ramps 1");
    assertThat(ImageSets.of("ramps 2", TINY, labels, 2, record -> new float[6]).sha256())
        .isNotEqualTo(images.sha256());
    assertThatThrownBy(
            () -> ImageSets.of("short", TINY, labels, 2, record -> new float[5]).batch(2, 1))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("short gives 5 pixel values of record 2")
        .hasMessageContaining("has 6");
    assertThatThrownBy(() -> ImageSets.of("none", TINY, labels, 2, record -> null).batch(1))
        .hasMessageContaining("none gives null as pixel values of record 0");
    float[] infinite = {0, 0, 0, Float.POSITIVE_INFINITY, 0, 0};
    assertThatThrownBy(() -> ImageSets.of("wild", TINY, labels, 2, record -> infinite).batch(1))
        .hasMessageContaining("the pixel value Infinity in record 0, value 3");
    assertThatThrownBy(() -> ImageSets.of(" ", TINY, labels, 2, record -> infinite))
        .hasMessageContaining("no identity");
    assertThatThrownBy(() -> ImageSets.of("x", TINY, labels, 1, record -> infinite))
        .hasMessageContaining("at least 2 classes");
  }
}
