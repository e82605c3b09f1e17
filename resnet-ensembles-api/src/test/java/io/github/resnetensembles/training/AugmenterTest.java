package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.FeatureShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Augmented images against all windows of the padded image and of its mirror image. */
class AugmenterTest {
  private static final FeatureShape SHAPE = new FeatureShape(2, 3, 4);
  private static final int DRAWS = 2000;

  /** Every pixel has a value of its own, none of them 0. */
  private static float[] image() {
    float[] image = new float[SHAPE.size()];
    for (int i = 0; i < image.length; i++) {
      image[i] = i + 1;
    }
    return image;
  }

  private static List<Float> augmented(Augmentation augmentation, int epoch, int record) {
    float[] batch = new float[SHAPE.size() + 2];
    new Augmenter(augmentation, 7).write(image(), SHAPE, epoch, record, batch, 1);
    assertThat(batch[0]).isZero();
    assertThat(batch[SHAPE.size() + 1]).isZero();
    return IntStream.range(1, SHAPE.size() + 1).mapToObj(i -> batch[i]).toList();
  }

  /** Mirrored first, then surrounded by zeros, then cut out. */
  private static List<Float> window(boolean mirrored, int down, int right) {
    float[] image = image();
    return IntStream.range(0, SHAPE.size())
        .mapToObj(
            i -> {
              int x = i % SHAPE.width() + right;
              int y = i / SHAPE.width() % SHAPE.height() + down;
              int channel = i / SHAPE.width() / SHAPE.height();
              if (x < 0 || x >= SHAPE.width() || y < 0 || y >= SHAPE.height()) {
                return 0f;
              }
              int column = mirrored ? SHAPE.width() - 1 - x : x;
              return image[(channel * SHAPE.height() + y) * SHAPE.width() + column];
            })
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"true, 1", "true, 0", "false, 1", "false, 0"})
  void everyWindowIsAsLikely(boolean flip, int padding) {
    Map<List<Float>, Integer> seen = new HashMap<>();
    for (int record = 0; record < DRAWS; record++) {
      seen.merge(augmented(new Augmentation(flip, padding), 3, record), 1, Integer::sum);
    }
    int kinds = 0;
    int places = (2 * padding + 1) * (2 * padding + 1);
    double expected = (double) DRAWS / places / (flip ? 2 : 1);
    for (boolean mirrored : flip ? new boolean[] {false, true} : new boolean[] {false}) {
      for (int down = -padding; down <= padding; down++) {
        for (int right = -padding; right <= padding; right++) {
          assertThat(seen.getOrDefault(window(mirrored, down, right), 0))
              .as("mirrored %s, %s down, %s right", mirrored, down, right)
              .isBetween(
                  (int) (expected - 5 * Math.sqrt(expected)),
                  (int) Math.ceil(expected + 5 * Math.sqrt(expected)));
          kinds++;
        }
      }
    }
    assertThat(seen).hasSize(kinds);
  }

  @Test
  void whatIsDrawnDependsOnEpochAndRecord() {
    Augmentation augmentation = new Augmentation(true, 4);

    assertThat(augmented(augmentation, 1, 2)).isEqualTo(augmented(augmentation, 1, 2));
    assertThat(IntStream.range(0, 20).mapToObj(epoch -> augmented(augmentation, epoch, 2)))
        .anyMatch(other -> !other.equals(augmented(augmentation, 1, 2)));
  }
}
