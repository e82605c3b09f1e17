package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidImagesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of pictures: classes, labels, order, identity, and reading ahead. */
final class FolderImagesTest {
  private static final Path PICTURES = Path.of("src/test/resources/images");
  private static final FolderOptions SMALL =
      FolderOptions.builder().resize(OptionalInt.of(24)).crop(16).build();

  @TempDir private Path folder;

  private void put(String picture, String as) throws IOException {
    Path file = folder.resolve(as);
    Files.createDirectories(file.getParent());
    Files.copy(PICTURES.resolve(picture), file);
  }

  private static float[] pixels(String picture) throws IOException {
    byte[] bytes =
        new Preprocessing(OptionalInt.of(24), 16, Interpolation.BILINEAR, 3)
            .apply(ImageDecoder.decode(Files.readAllBytes(PICTURES.resolve(picture))));
    float[] floats = new float[bytes.length];
    Scaling.toFloats(bytes, 0, floats, 0, bytes.length);
    return floats;
  }

  private void putThreeClasses() throws IOException {
    put("png-rgb.png", "cat/b.png");
    put("jpeg-420.jpg", "cat/a.JPG");
    put("png-grey.png", "ant/deep/x.png");
    put("png-rgba.png", "Bee/x.png");
    Files.writeString(folder.resolve("cat/notes.txt"), "no image");
    Files.writeString(folder.resolve("cat/.hidden.png"), "no image");
    Files.createDirectory(folder.resolve(".hidden"));
  }

  @Test
  void classesAreFoldersInTheOrderOfTheirNames() throws IOException {
    putThreeClasses();

    ImageSet images = ImageSets.folder(folder, SMALL);
    ImageBatch batch = images.batch(4);

    assertThat(images.classes()).isEqualTo(3);
    assertThat(images.name()).isEqualTo(folder.getFileName().toString());
    assertThat(batch.labels()).containsExactly(0, 1, 2, 2);
    float[] all = batch.pixels();
    int size = 3 * 16 * 16;
    assertThat(Arrays.copyOfRange(all, 0, size)).containsExactly(pixels("png-rgba.png"));
    assertThat(Arrays.copyOfRange(all, size, 2 * size)).containsExactly(pixels("png-grey.png"));
    assertThat(Arrays.copyOfRange(all, 2 * size, 3 * size)).containsExactly(pixels("jpeg-420.jpg"));
    assertThat(Arrays.copyOfRange(all, 3 * size, 4 * size)).containsExactly(pixels("png-rgb.png"));
  }

  @Test
  void classFileNumbersFoldersOfASubset() throws IOException {
    putThreeClasses();
    Path classes = folder.resolve("classes.txt");
    Files.writeString(classes, "cat tabby cat\ndog\nBee honey bee\nant\n");

    ImageSet images = ImageSets.folder(folder, SMALL.toBuilder().classes(classes).build());

    assertThat(images.classes()).isEqualTo(4);
    assertThat(images.batch(4).labels()).containsExactly(2, 3, 0, 0);
  }

  @Test
  void labelFileNamesImagesOrIsInTheirOrder() throws IOException {
    put("png-rgb.png", "b.png");
    put("jpeg-420.jpg", "a.jpg");
    Path labels = folder.resolve("labels.txt");
    FolderOptions.Builder options = SMALL.toBuilder().labels(labels);

    Files.writeString(labels, "b.png 4\na.jpg 2\n");
    ImageSet named = ImageSets.folder(folder, options.build());
    assertThat(named.classes()).isEqualTo(5);
    assertThat(named.batch(2).labels()).containsExactly(2, 4);

    Files.writeString(labels, "2\n4\n");
    ImageSet inOrder = ImageSets.folder(folder, options.build());
    assertThat(inOrder.batch(2).labels()).containsExactly(2, 4);
    assertThat(inOrder.sha256()).isEqualTo(named.sha256());

    Path classes = folder.resolve("classes.txt");
    Files.writeString(classes, "great white shark\ncrane\ntench\n");
    Files.writeString(labels, "a.jpg, great white shark\nb.png, tench\n");
    ImageSet byClass = ImageSets.folder(folder, options.classes(classes).build());
    assertThat(byClass.batch(2).labels()).containsExactly(0, 2);
  }

  @Test
  void identityIsPathsLabelsSizesAndPreprocessing() throws IOException {
    putThreeClasses();
    String before = ImageSets.folder(folder, SMALL).sha256();

    assertThat(ImageSets.folder(folder, SMALL).sha256()).isEqualTo(before);
    assertThat(ImageSets.folder(folder, SMALL.toBuilder().skipDamaged(true).build()).sha256())
        .isEqualTo(before);
    assertThat(ImageSets.folder(folder, SMALL.toBuilder().crop(15).build()).sha256())
        .isNotEqualTo(before);
    assertThat(
            ImageSets.folder(folder, SMALL.toBuilder().interpolation(Interpolation.BICUBIC).build())
                .sha256())
        .isNotEqualTo(before);
    Files.move(folder.resolve("cat/b.png"), folder.resolve("cat/c.png"));
    assertThat(ImageSets.folder(folder, SMALL).sha256()).isNotEqualTo(before);
  }

  @Test
  void batchesAreTheSameInAnyOrderAndFromManyThreads() throws IOException {
    for (int i = 0; i < 40; i++) {
      put(i % 2 == 0 ? "png-rgb.png" : "jpeg-420.jpg", (i % 4) + "/" + i + ".png");
    }
    ImageSet images = ImageSets.folder(folder, SMALL);
    float[] all = images.batch(40).pixels();
    int size = 3 * 16 * 16;

    IntStream.range(0, 80)
        .parallel()
        .forEach(
            i -> {
              int from = i * 7 % 37;
              assertThat(images.batch(from, 3).pixels())
                  .containsExactly(Arrays.copyOfRange(all, from * size, (from + 3) * size));
            });
    ImageSet shuffled = ImageSets.shuffled(images, 5);
    assertThat(shuffled.batch(40).labels()).isNotEqualTo(images.batch(40).labels());
    assertThat(shuffled.batch(40).labels()).containsExactlyInAnyOrder(images.batch(40).labels());
    assertThat(ImageSets.shuffled(images, 5).batch(7, 9).pixels())
        .containsExactly(shuffled.batch(7, 9).pixels());
  }

  @Test
  void damagedImagesEndTheRunOrAreSkipped() throws IOException {
    putThreeClasses();
    Path damaged = folder.resolve("ant/deep/x.png");
    Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 300));

    assertThatThrownBy(() -> ImageSets.folder(folder, SMALL).batch(4))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContainingAll("x.png (record 1) is damaged: it ends too early", "skip");

    ImageBatch skipping =
        ImageSets.folder(folder, SMALL.toBuilder().skipDamaged(true).build()).batch(4);
    assertThat(skipping.labels()).containsExactly(0, ImageBatch.SKIPPED, 2, 2);
  }
}
