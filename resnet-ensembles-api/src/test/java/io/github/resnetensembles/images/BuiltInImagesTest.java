package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.images.ImageSets.Split;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BuiltInImagesTest {
  // Painted once for all tests.
  private static final ImageSet TRAINING = ImageSets.builtIn(Split.TRAIN);
  private static final ImageSet TESTS = ImageSets.builtIn(Split.TEST);

  private static ImageSet set(Split split) {
    return split == Split.TRAIN ? TRAINING : TESTS;
  }

  /** Version 1 is these bytes for ever: other bytes are a new version. */
  @ParameterizedTest
  @CsvSource({
    "TRAIN, 10000, 6a2fe3b5eaca34583476635e45b8c6781cb916b1e57b70be7587a14d0389fe3a",
    "TEST, 2000, 9e1161440745b4284f8cf689842a4e124a1ceac8c91be83f8a8033d23c8e1834"
  })
  void versionOneIsFixed(Split split, int size, String sha256) {
    ImageSet set = set(split);
    assertThat(set.size()).isEqualTo(size);
    assertThat(set.sha256()).isEqualTo(sha256);
  }

  @ParameterizedTest
  @EnumSource
  void everyTenImagesHoldEachClassOnce(Split split) {
    ImageSet set = set(split);
    int[] labels = set.batch(set.size() - 20, 20).labels();
    assertThat(labels).isEqualTo(IntStream.range(0, 20).map(i -> i % 10).toArray());
    assertThat(set.size() % 10).isZero();
  }

  @Test
  void describesItself() {
    ImageSet set = ImageSets.builtIn();
    assertThat(set.name()).isEqualTo("built-in images v1, test");
    assertThat(ImageSets.builtIn(Split.TRAIN).name()).isEqualTo("built-in images v1, train");
    assertThat(set.shape()).isEqualTo(new FeatureShape(3, 32, 32));
    assertThat(set.classes()).isEqualTo(10);
    assertThat(set.offset()).isZero();
  }

  @Test
  void noImageOccursTwice() {
    Set<String> hashes = new HashSet<>();
    for (Split split : Split.values()) {
      ImageSet set = set(split);
      for (int i = 0; i < set.size(); i++) {
        float[] pixels = set.batch(i, 1).pixels();
        byte[] bytes = new byte[pixels.length];
        for (int p = 0; p < bytes.length; p++) {
          bytes[p] = (byte) Math.round(pixels[p] * 255);
        }
        hashes.add(Samples.sha256(bytes));
      }
    }
    assertThat(hashes).hasSize(12_000);
  }

  @Test
  void anImageDependsOnItsNumberAlone() {
    ImageSet set = ImageSets.builtIn();
    ImageBatch alone = set.batch(1234, 1);
    ImageBatch among = ImageSets.builtIn().range(1200, 100).batch(30, 10);
    assertThat(among.firstRecord()).isEqualTo(1230);
    assertThat(alone.labels()).containsExactly(4);
    for (int p = 0; p < 3072; p++) {
      assertThat(among.pixels()[4 * 3072 + p]).isEqualTo(alone.pixels()[p]);
    }
    assertThat(set.batch(1234, 1).pixels()).isEqualTo(alone.pixels());
  }

  @Test
  void aPixelIsItsByteOver255() {
    byte[] bytes = new BuiltInPainter("test").paint(0);
    float[] pixels = ImageSets.builtIn().batch(1).pixels();
    for (int p = 0; p < bytes.length; p++) {
      assertThat(pixels[p]).isEqualTo((bytes[p] & 0xff) / 255f);
    }
  }

  /** It is written down in the code, and not computed there. */
  @ParameterizedTest
  @EnumSource
  void theHashIsThatOfTheSameImagesInMemory(Split split) {
    ImageSet set = set(split);
    byte[] bytes = new byte[set.size() * 3072];
    BuiltInPainter painter = new BuiltInPainter(split.name().toLowerCase(Locale.ROOT));
    for (int i = 0; i < set.size(); i++) {
      System.arraycopy(painter.paint(i), 0, bytes, i * 3072, 3072);
    }
    int[] labels = set.batch(set.size()).labels();
    assertThat(ImageSets.of(set.shape(), bytes, labels, 10).sha256()).isEqualTo(set.sha256());
  }

  /**
   * Neither brightness nor colour tells a class: means differ by little more than chance allows.
   */
  @Test
  @Tag("slow")
  void meanColoursTellNothing() {
    ImageSet set = TRAINING;
    double[][] sums = new double[10][3];
    for (int from = 0; from < set.size(); from += 1000) {
      ImageBatch batch = set.batch(from, 1000);
      float[] pixels = batch.pixels();
      for (int i = 0; i < 1000; i++) {
        for (int p = 0; p < 3072; p++) {
          sums[batch.labels()[i]][p / 1024] += pixels[i * 3072 + p];
        }
      }
    }
    for (double[] sum : sums) {
      for (double channel : sum) {
        assertThat(channel / 1000 / 1024).isBetween(0.47, 0.52);
      }
    }
  }
}
