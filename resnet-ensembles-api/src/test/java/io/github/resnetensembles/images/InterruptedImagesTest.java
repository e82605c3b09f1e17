package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.gradient.GradientsInterruptedException;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.EvaluationInterruptedException;
import io.github.resnetensembles.model.ResidualModel;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Images of which there are many are read and hashed only as long as nobody interrupts. */
@Timeout(60)
class InterruptedImagesTest {
  private static final FeatureShape SHAPE = new FeatureShape(1, 1, 1);

  /** 12 GB to read and to hash: a minute, or half of one. */
  private static final int RECORDS = 4_000_000;

  @TempDir Path folder;

  static Stream<Arguments> sets() {
    int count = 2000;
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> i % 10);
    return Stream.of(
        Arguments.of(
            "files",
            (Function<Path, ImageSet>)
                folder ->
                    ImageSets.cifar10(
                        Samples.write(
                            folder.resolve("a.bin"), Samples.cifar(CifarFormat.CIFAR_10, 1, 2)))),
        Arguments.of(
            "bytes in memory",
            (Function<Path, ImageSet>)
                folder -> ImageSets.of(SHAPE, new byte[count], labels.clone(), 10)),
        Arguments.of(
            "floats in memory",
            (Function<Path, ImageSet>)
                folder -> ImageSets.of(SHAPE, new float[count], labels.clone(), 10)),
        Arguments.of(
            "a subset",
            (Function<Path, ImageSet>)
                folder -> ImageSets.of(SHAPE, new byte[count], labels.clone(), 10).subset(3, 4)),
        Arguments.of(
            "a range",
            (Function<Path, ImageSet>)
                folder -> ImageSets.of(SHAPE, new byte[count], labels.clone(), 10).range(3, 4)));
  }

  @Test
  void unpackingEndsSoon() throws Exception {
    int count = 50_000;
    Path images = folder.resolve("images.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(images))) {
      out.write(ByteBuffer.allocate(16).putInt(0x0803).putInt(count).putInt(64).putInt(64).array());
      byte[] image = new byte[64 * 64];
      for (int i = 0; i < count; i++) {
        out.write(image);
      }
    }
    Path labels =
        Samples.write(folder.resolve("labels"), Samples.idxLabels(count, new byte[count]));
    assertThat(interruptedIn(IdxFile.class, "readAtMost", () -> ImageSets.mnist(images, labels)))
        .isInstanceOf(RunInterruptedException.class)
        .hasMessage("interrupted while an idx file was read");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sets")
  void hashingIsInterrupted(String name, Function<Path, ImageSet> open) {
    ImageSet images = open.apply(folder);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(images::sha256)
          .isInstanceOf(RunInterruptedException.class)
          .hasMessage("interrupted while images were hashed");
    } finally {
      assertThat(Thread.interrupted()).as("the flag").isTrue();
    }
    String hash = images.sha256();
    assertThat(hash).isEqualTo(open.apply(folder).sha256());
    Thread.currentThread().interrupt();
    try {
      assertThat(images.sha256()).as("what is known needs no reading").isEqualTo(hash);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void openingIdxFilesIsInterrupted() {
    Path images = Samples.write(folder.resolve("images"), Samples.idxImages(1, 1, 1, (byte) 3));
    Path labels = Samples.write(folder.resolve("labels"), Samples.idxLabels(1, (byte) 3));
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> ImageSets.mnist(images, labels))
          .isInstanceOf(RunInterruptedException.class)
          .hasMessage("interrupted while an idx file was read");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(ImageSets.mnist(images, labels).batch(1).labels()).containsExactly(3);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows would give the file all its blocks")
  void aLongHashEndsSoon() throws Exception {
    ImageSet images = large();
    assertThat(interruptedWhileHashing(ImageSet::sha256, images))
        .isInstanceOf(RunInterruptedException.class)
        .hasMessage("interrupted while images were hashed");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows would give the file all its blocks")
  void anEvaluationEndsWhileImagesAreHashed() throws Exception {
    ImageSet images = large();
    try (ResidualModel model = model()) {
      assertThat(interruptedWhileHashing(model::evaluate, images))
          .isInstanceOfSatisfying(
              EvaluationInterruptedException.class,
              e -> assertThat(e.partialEvaluation()).isEmpty())
          .hasMessage("interrupted after 0 of " + RECORDS + " images");
      assertThat(model.evaluate(ImageSets.builtIn().limit(2)).total()).isEqualTo(2);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows would give the file all its blocks")
  void gradientsEndWhileImagesAreHashed() throws Exception {
    ImageSet images = large();
    try (ResidualModel model = model()) {
      assertThat(interruptedWhileHashing(set -> model.gradients().run(set), images))
          .isInstanceOf(GradientsInterruptedException.class)
          .message()
          .startsWith("interrupted after 0 of ");
    }
  }

  private static ResidualModel model() {
    return ResidualModel.open(
        new ReferenceBackend(), Weights.initialised(Architecture.of("resnet-8"), 1));
  }

  private ImageSet large() throws IOException {
    Path file = folder.resolve("large.bin");
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength((long) RECORDS * CifarFormat.CIFAR_10.recordLength());
    }
    return ImageSets.cifar10(file);
  }

  private static Throwable interruptedWhileHashing(Function<ImageSet, ?> work, ImageSet images)
      throws InterruptedException {
    return interruptedIn(CifarFiles.class, "hash", () -> work.apply(images));
  }

  /**
   * What ended the work, within seconds of an interrupt while some thread is inside of a method.
   */
  private static Throwable interruptedIn(Class<?> type, String method, Supplier<?> work)
      throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Object unused = work.get();
              } catch (Throwable e) {
                failure.set(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    while (thread.isAlive() && !isIn(type, method)) {
      Thread.sleep(5);
    }
    assertThat(thread.isAlive()).as("the work takes a while").isTrue();
    thread.interrupt();
    thread.join(5000);
    assertThat(thread.isAlive()).as("still at work").isFalse();
    return Objects.requireNonNull(failure.get(), "the work was done to its end");
  }

  private static boolean isIn(Class<?> type, String method) {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(
            element ->
                element.getClassName().equals(type.getName())
                    && element.getMethodName().equals(method));
  }
}
