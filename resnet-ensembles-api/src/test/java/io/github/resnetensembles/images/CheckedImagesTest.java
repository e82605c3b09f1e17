package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.testkit.TinyNetworks;
import io.github.resnetensembles.training.RecalibrationStudy;
import io.github.resnetensembles.training.Training;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Image sets of the user's own that lie, read by everything that reads images. */
@Timeout(60)
@SuppressWarnings({"NullAway", "CheckReturnValue"}) // Lies are null where nothing may be.
class CheckedImagesTest {
  private static final Architecture TINY = TinyNetworks.all().get(0);
  private static final int CLASSES = TINY.head().classes();
  private static final FeatureShape SHAPE =
      new FeatureShape(TINY.input().channels(), TINY.input().height(), TINY.input().width());
  private static final ImageSet ALL = all();
  private static final ImageSet HONEST = ALL.range(4, 12);

  private static ImageSet all() {
    Random random = new Random(3);
    byte[] pixels = new byte[20 * SHAPE.size()];
    random.nextBytes(pixels);
    int[] labels = random.ints(20, 0, CLASSES).toArray();
    return ImageSets.of(SHAPE, pixels, labels, CLASSES);
  }

  /** Passes everything on. */
  private static class Own implements ImageSet {
    @Override
    public String name() {
      return "my images";
    }

    @Override
    public int size() {
      return HONEST.size();
    }

    @Override
    public int offset() {
      return HONEST.offset();
    }

    @Override
    public int classes() {
      return HONEST.classes();
    }

    @Override
    public FeatureShape shape() {
      return HONEST.shape();
    }

    @Override
    public String sha256() {
      return HONEST.sha256();
    }

    @Override
    public ImageBatch batch(int from, int count) {
      return HONEST.batch(from, count);
    }

    @Override
    public ImageSet range(int from, int count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ImageSet subset(int... indices) {
      throw new UnsupportedOperationException();
    }
  }

  /** A batch of the user's own. */
  @SuppressWarnings("ArrayRecordComponent") // It is a lie among others.
  private record OwnBatch(
      int size,
      FeatureShape shape,
      float @Nullable [] pixels,
      int @Nullable [] labels,
      int firstRecord)
      implements ImageBatch {}

  private static OwnBatch own(ImageBatch b) {
    return new OwnBatch(b.size(), b.shape(), b.pixels(), b.labels(), b.firstRecord());
  }

  /** Lies about batches. */
  private static ImageSet lying(UnaryOperator<OwnBatch> lie) {
    return new Own() {
      @Override
      public ImageBatch batch(int from, int count) {
        return lie.apply(own(HONEST.batch(from, count)));
      }
    };
  }

  private static float[] with(float[] pixels, float last) {
    pixels[pixels.length - 1] = last;
    return pixels;
  }

  private static int[] with(int[] labels, int last) {
    labels[labels.length - 1] = last;
    return labels;
  }

  /** What a set lies about, and what the message says. */
  private static Map<String, Map.Entry<ImageSet, String>> lies() {
    Map<String, Map.Entry<ImageSet, String>> lies = new LinkedHashMap<>();
    lies.put(
        "more images",
        Map.entry(
            new Own() {
              @Override
              public ImageBatch batch(int from, int count) {
                return ALL.batch(4 + from, count + 1);
              }
            },
            " asked"));
    lies.put(
        "fewer images",
        Map.entry(
            lying(
                b ->
                    new OwnBatch(
                        b.size() - 1, b.shape(), new float[0], new int[0], b.firstRecord())),
            "my images gives "));
    lies.put(
        "longer pixels",
        Map.entry(
            lying(
                b ->
                    new OwnBatch(
                        b.size(),
                        b.shape(),
                        new float[b.pixels().length + 1],
                        b.labels(),
                        b.firstRecord())),
            " pixel values of "));
    lies.put(
        "no pixels",
        Map.entry(
            lying(b -> new OwnBatch(b.size(), b.shape(), null, b.labels(), b.firstRecord())),
            "my images gives null as pixel values of "));
    lies.put(
        "no labels",
        Map.entry(
            lying(b -> new OwnBatch(b.size(), b.shape(), b.pixels(), null, b.firstRecord())),
            "my images gives null as labels of "));
    lies.put(
        "more labels",
        Map.entry(
            lying(
                b ->
                    new OwnBatch(
                        b.size(), b.shape(), b.pixels(), new int[b.size() + 1], b.firstRecord())),
            " labels of "));
    for (int label : new int[] {-1, CLASSES, Integer.MAX_VALUE}) {
      lies.put(
          "label " + label,
          Map.entry(
              lying(
                  b ->
                      new OwnBatch(
                          b.size(),
                          b.shape(),
                          b.pixels(),
                          with(b.labels(), label),
                          b.firstRecord())),
              " the label " + label + "; labels are 0 to " + (CLASSES - 1)));
    }
    for (float pixel : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      lies.put(
          "pixel " + pixel,
          Map.entry(
              lying(
                  b ->
                      new OwnBatch(
                          b.size(),
                          b.shape(),
                          with(b.pixels(), pixel),
                          b.labels(),
                          b.firstRecord())),
              "my images gives the pixel value " + pixel + " in record "));
    }
    lies.put(
        "wrong record",
        Map.entry(
            lying(
                b ->
                    new OwnBatch(b.size(), b.shape(), b.pixels(), b.labels(), b.firstRecord() - 4)),
            ", are asked"));
    lies.put(
        "another shape",
        Map.entry(
            lying(
                b ->
                    new OwnBatch(
                        b.size(),
                        new FeatureShape(1, 1, SHAPE.size()),
                        b.pixels(),
                        b.labels(),
                        b.firstRecord())),
            "of the shape (1, 1, "));
    lies.put(
        "null",
        Map.entry(
            new Own() {
              @Override
              public @Nullable ImageBatch batch(int from, int count) {
                return null;
              }
            },
            "my images gives null where "));
    AtomicInteger grown = new AtomicInteger();
    lies.put(
        "a size that grows",
        Map.entry(
            new Own() {
              @Override
              public int size() {
                return Math.min(10 + grown.getAndIncrement(), 1_000_000);
              }
            },
            "; an image set does not change while it is read"));
    lies.put(
        "no hash",
        Map.entry(
            new Own() {
              @Override
              public @Nullable String sha256() {
                return null;
              }
            },
            "my images says that its images have the shape"));
    lies.put(
        "no image",
        Map.entry(
            new Own() {
              @Override
              public int size() {
                return 0;
              }
            },
            "my images says that it has 0 images"));
    return lies;
  }

  private static ReferenceBackend backend() {
    return new ReferenceBackend();
  }

  private static void with(Consumer<ResidualModel> use) {
    try (ResidualModel model = ResidualModel.open(backend(), new RandomWeights(TINY, 5))) {
      use.accept(model);
    }
  }

  /** Everything that reads images. */
  private static Map<String, Consumer<ImageSet>> readers() {
    RunOptions options = RunOptions.defaults().withBatchSize(5);
    Map<String, Consumer<ImageSet>> readers = new LinkedHashMap<>();
    readers.put("evaluate", images -> with(model -> model.evaluate(images, options)));
    readers.put(
        "study",
        images -> with(model -> model.lesions().deleteEachBlock().options(options).run(images)));
    readers.put(
        "ensemble",
        images ->
            with(
                model -> model.lesions().deleteEachBlock().options(options).runAsEnsemble(images)));
    readers.put(
        "mean",
        images ->
            with(
                model ->
                    model
                        .lesions()
                        .lesions(Lesion.mean(ReferenceSet.of(HONEST), 1))
                        .reference(images)
                        .run(HONEST.range(0, 2))));
    readers.put(
        "donors",
        images ->
            with(
                model ->
                    model
                        .lesions()
                        .lesions(Lesion.resample(ReferenceSet.of(HONEST), 7, 1))
                        .reference(images)
                        .run(HONEST.range(0, 2))));
    readers.put(
        "gradients", images -> with(model -> model.gradients().options(options).run(images)));
    readers.put("training", images -> Training.of(TINY).backend(backend()).run(images, HONEST));
    readers.put(
        "test of training", images -> Training.of(TINY).backend(backend()).run(HONEST, images));
    readers.put(
        "calibration",
        images ->
            RecalibrationStudy.of(new RandomWeights(TINY, 5))
                .backend(backend())
                .calibration(images)
                .batchSize(5)
                .run(HONEST));
    return readers;
  }

  static Stream<Arguments> everyLieAndReader() {
    return lies().entrySet().stream()
        .flatMap(
            lie ->
                readers().entrySet().stream()
                    .map(
                        reader ->
                            Arguments.of(
                                lie.getKey(),
                                reader.getKey(),
                                lie.getValue().getKey(),
                                lie.getValue().getValue(),
                                reader.getValue())));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("everyLieAndReader")
  void lyingSetsAreRefused(
      String lie, String reader, ImageSet images, String message, Consumer<ImageSet> read) {
    assertThatThrownBy(() -> read.accept(images))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("my images");
  }

  @Test
  void namesOfSetsThatLieAreRefused() {
    Own nameless =
        new Own() {
          @Override
          public int size() {
            return -1;
          }
        };
    assertThatThrownBy(() -> RecordRange.of(nameless)).isInstanceOf(InvalidImagesException.class);
    assertThatThrownBy(() -> ReferenceSet.of(nameless)).isInstanceOf(InvalidImagesException.class);
  }

  @Test
  void honestSetsOfTheUsersGiveTheSameResults() {
    RunOptions options = RunOptions.defaults().withBatchSize(5);
    with(
        model ->
            assertThat(model.evaluate(lying(b -> b), options).row())
                .isEqualTo(model.evaluate(HONEST, options).row()));
  }

  @Test
  void batchesOfTheUsersAreChecked() {
    OwnBatch batch = own(HONEST.batch(3));
    OwnBatch nan =
        new OwnBatch(3, SHAPE, with(batch.pixels().clone(), Float.NaN), batch.labels(), 4);
    OwnBatch labelled = new OwnBatch(3, SHAPE, batch.pixels(), new int[] {0, 1, CLASSES}, 4);
    with(
        model -> {
          assertThat(model.logits(labelled)).isEqualTo(model.logits(HONEST.batch(3)));
          assertThatThrownBy(() -> model.logits(nan))
              .isInstanceOf(InvalidImagesException.class)
              .hasMessageStartingWith("the batch gives the pixel value NaN in record 6, value ");
          assertThatThrownBy(() -> model.gradients().run(labelled))
              .isInstanceOf(InvalidImagesException.class)
              .hasMessage(
                  "the batch gives record 6 the label "
                      + CLASSES
                      + "; labels are 0 to "
                      + (CLASSES - 1));
        });
  }

  @Test
  void batchesKeepTheirArraysToThemselves() {
    ImageBatch batch = HONEST.batch(3);
    float first = batch.pixels()[0];
    int label = batch.labels()[0];
    batch.pixels()[0] = 9;
    batch.labels()[0] = CLASSES;
    assertThat(batch.pixels()[0]).isEqualTo(first);
    assertThat(batch.labels()[0]).isEqualTo(label);
  }
}
