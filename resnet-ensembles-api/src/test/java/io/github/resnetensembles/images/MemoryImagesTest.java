package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MemoryImagesTest {
  private static final FeatureShape SHAPE = new FeatureShape(1, 1, 2);

  private static ImageSet five() {
    byte[] pixels = {0, 1, 2, 3, 4, 5, 6, 7, (byte) 254, (byte) 255};
    return ImageSets.of(SHAPE, pixels, new int[] {0, 1, 2, 1, 0}, 3);
  }

  private static byte[] header(String type, int images, int classes, int... labels) {
    String text = "resnet-ensembles images v1\n" + type + " 1x1x2 " + images + " " + classes + "\n";
    ByteBuffer buffer = ByteBuffer.allocate(text.length() + 4 * labels.length);
    buffer.put(text.getBytes(StandardCharsets.US_ASCII));
    for (int label : labels) {
      buffer.putInt(label);
    }
    return buffer.array();
  }

  @Test
  void givesBytesAsFloats() {
    ImageBatch batch = five().batch(3, 2);
    assertThat(batch.pixels()).containsExactly(6 / 255f, 7 / 255f, 254 / 255f, 1f);
    assertThat(batch.labels()).containsExactly(1, 0);
    assertThat(batch.shape()).isEqualTo(SHAPE);
    assertThat(batch.firstRecord()).isEqualTo(3);
    assertThat(five().name()).isEqualTo("images in memory");
    assertThat(five().classes()).isEqualTo(3);
  }

  @Test
  void givesFloatsAsTheyAre() {
    float[] pixels = {0.1f, -0f, 3f, Float.MIN_VALUE};
    ImageSet set = ImageSets.of(SHAPE, pixels, new int[] {1, 0}, 2);
    assertThat(set.batch(2).pixels()).containsExactly(0.1f, -0f, 3f, Float.MIN_VALUE);
    assertThat(set.batch(1, 1).pixels()).containsExactly(3f, Float.MIN_VALUE);
    assertThat(set.batch(2).labels()).containsExactly(1, 0);
  }

  @Test
  void hashesTheDocumentedBytes() {
    byte[] pixels = {0, 1, 2, 3, 4, 5, 6, 7, (byte) 254, (byte) 255};
    assertThat(five().sha256())
        .isEqualTo(Samples.sha256(header("uint8", 5, 3, 0, 1, 2, 1, 0), pixels));
    ImageSet floats = ImageSets.of(SHAPE, new float[] {0.5f, 2f}, new int[] {1}, 2);
    byte[] bits = ByteBuffer.allocate(8).putFloat(0.5f).putFloat(2f).array();
    assertThat(floats.sha256()).isEqualTo(Samples.sha256(header("float32", 1, 2, 1), bits));
  }

  @Test
  void copiesItsArrays() {
    byte[] pixels = {1, 2};
    int[] labels = {1};
    ImageSet set = ImageSets.of(SHAPE, pixels, labels, 2);
    String hash = set.sha256();
    pixels[0] = 9;
    labels[0] = 0;
    assertThat(set.batch(1).pixels()).containsExactly(1 / 255f, 2 / 255f);
    assertThat(set.batch(1).labels()).containsExactly(1);
    assertThat(set.sha256()).isEqualTo(hash);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> ImageSets.of(SHAPE, new byte[5], new int[3], 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("3 labels of images of shape (1, 1, 2) need 6 pixel values, got 5");
    assertThatThrownBy(() -> ImageSets.of(SHAPE, new float[7], new int[3], 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("3 labels of images of shape (1, 1, 2) need 6 pixel values, got 7");
    assertThatThrownBy(() -> ImageSets.of(SHAPE, new byte[4], new int[] {0, 2}, 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("image 1 has the label 2, must be 0 to 1");
    assertThatThrownBy(() -> ImageSets.of(SHAPE, new float[4], new int[] {-1, 0}, 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("image 0 has the label -1, must be 0 to 1");
    assertThatThrownBy(() -> ImageSets.of(SHAPE, new byte[2], new int[1], 1))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("images need at least 2 classes, got 1");
    assertThatThrownBy(() -> ImageSets.of(SHAPE, new byte[0], new int[0], 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("an image set needs at least one image, got no labels");
    FeatureShape huge = new FeatureShape(1, 46_340, 46_340);
    assertThatThrownBy(() -> ImageSets.of(huge, new byte[0], new int[4], 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("need 8589582400 pixel values, got 0");
  }

  @Test
  void refusesFloatsThatAreNotFinite() {
    assertThatThrownBy(
            () -> ImageSets.of(SHAPE, new float[] {0, 1, 1, Float.NaN}, new int[] {0, 1}, 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("pixels must be finite, image 1 has NaN at value 1");
    assertThatThrownBy(
            () -> ImageSets.of(SHAPE, new float[] {Float.NEGATIVE_INFINITY, 1}, new int[] {0}, 2))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessage("pixels must be finite, image 0 has -Infinity at value 0");
  }

  @Test
  void rangesStayTheSameDataSet() {
    ImageSet range = five().range(1, 4).range(1, 2);
    assertThat(range.size()).isEqualTo(2);
    assertThat(range.offset()).isEqualTo(2);
    assertThat(range.sha256()).isEqualTo(five().sha256());
    ImageBatch batch = range.batch(1, 1);
    assertThat(batch.labels()).containsExactly(1);
    assertThat(batch.pixels()).containsExactly(6 / 255f, 7 / 255f);
    assertThat(batch.firstRecord()).isEqualTo(3);
    assertThat(range).hasToString("images in memory [2, 4)");
  }

  @Test
  void limits() {
    ImageSet set = five();
    assertThat(set.limit(5)).isSameAs(set);
    assertThat(set.limit(9)).isSameAs(set);
    assertThat(set.limit(2).size()).isEqualTo(2);
    assertThatThrownBy(() -> set.limit(0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("the number of images must be at least 1, got 0");
  }

  @Test
  void refusesIndicesOutside() {
    ImageSet set = five().range(2, 3);
    assertThatThrownBy(() -> set.batch(1, 3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("3 images from index 1 are not in this set of 3 images");
    assertThatThrownBy(() -> set.batch(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> set.batch(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> set.batch(1, Integer.MAX_VALUE))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> set.range(3, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> set.subset(3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("index 3 is not in this set of 3 images (0 to 2)");
  }

  @Test
  void subsetsAreDataSetsOfTheirOwn() {
    ImageSet subset = five().range(1, 4).subset(3, 0, 1);
    assertThat(subset.size()).isEqualTo(3);
    assertThat(subset.offset()).isZero();
    assertThat(subset.name()).isEqualTo("images in memory (subset of 3)");
    ImageBatch batch = subset.batch(3);
    assertThat(batch.labels()).containsExactly(0, 1, 2);
    assertThat(batch.pixels())
        .containsExactly(254 / 255f, 1f, 2 / 255f, 3 / 255f, 4 / 255f, 5 / 255f);
    assertThat(batch.firstRecord()).isZero();
    assertThat(subset.batch(1, 1).labels()).containsExactly(1);

    byte[] text =
        ("resnet-ensembles subset v1\n" + five().sha256() + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] records = {0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2};
    assertThat(subset.sha256()).isEqualTo(Samples.sha256(text, records));
    assertThat(five().subset(4, 1, 2).sha256()).isEqualTo(subset.sha256());
    assertThat(subset.subset(1).batch(1).labels()).containsExactly(1);
  }

  @Test
  void refusesBadSubsets() {
    assertThatThrownBy(() -> five().subset())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a subset needs at least one index, got none");
    assertThatThrownBy(() -> five().subset(1, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a subset takes each image at most once, index 1 occurs twice");
  }
}
