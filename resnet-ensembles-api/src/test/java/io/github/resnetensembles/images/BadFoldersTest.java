package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders and files that are not what they should be. */
final class BadFoldersTest {
  private static final Path PICTURES = Path.of("src/test/resources/images");
  private static final FolderOptions SMALL =
      FolderOptions.builder().resize(OptionalInt.of(24)).crop(16).build();

  @TempDir private Path folder;

  private static byte[] picture(String name) throws IOException {
    return Files.readAllBytes(PICTURES.resolve(name));
  }

  private void put(String as, byte[] bytes) throws IOException {
    Path file = folder.resolve(as);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private void putGood(String... names) throws IOException {
    for (String name : names) {
      put(name, picture("png-rgb.png"));
    }
  }

  private static byte[] cut(String name, int end) throws IOException {
    return Arrays.copyOf(picture(name), end);
  }

  private static byte[] changed(String name, int at, int value) throws IOException {
    byte[] bytes = picture(name);
    bytes[at < 0 ? bytes.length + at : at] = (byte) value;
    return bytes;
  }

  /** A grey PNG file of zeros, of any size. */
  private static byte[] png(int width, int height, int rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) 8);
    chunk(out, "IHDR", header.array());
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
      for (int y = 0; y < rows; y++) {
        deflater.write(new byte[width + 1]);
      }
    }
    chunk(out, "IDAT", data.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
    CRC32 crc = new CRC32();
    crc.update(type.getBytes(ISO_8859_1));
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(type.getBytes(ISO_8859_1));
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  static Stream<Arguments> damaged() throws IOException {
    byte[] jpeg = picture("jpeg-420.jpg");
    int scan = jpeg.length - 300;
    byte[] arithmetic = jpeg.clone();
    for (int i = 0; i + 1 < arithmetic.length; i++) {
      if ((arithmetic[i] & 0xff) == 0xff && (arithmetic[i + 1] & 0xff) == 0xc0) {
        arithmetic[i + 1] = (byte) 0xc3;
        break;
      }
    }
    return Stream.of(
        Arguments.of("0 bytes", new byte[0], "it is empty"),
        Arguments.of("no picture", "hello, world".getBytes(ISO_8859_1), "neither JPEG nor PNG"),
        Arguments.of(
            "HTML", "<html><body>404</body></html>".getBytes(ISO_8859_1), "neither JPEG nor PNG"),
        Arguments.of(
            "gzip", new byte[] {0x1f, (byte) 0x8b, 8, 0, 0}, "compressed by gzip: unpack it"),
        Arguments.of("JPEG, cut in its header", cut("jpeg-420.jpg", 100), "ends too early"),
        Arguments.of("JPEG, cut in its pixels", cut("jpeg-420.jpg", scan), "Truncated File"),
        Arguments.of("JPEG of 2 bytes", cut("jpeg-420.jpg", 2), "ends too early"),
        Arguments.of("progressive JPEG, cut", cut("jpeg-progressive.jpg", 900), "Truncated File"),
        Arguments.of("JPEG of a lossless process", arithmetic, ""),
        Arguments.of("PNG, cut in its pixels", cut("png-rgb.png", 2000), "ends too early"),
        Arguments.of("PNG of 8 bytes", cut("png-rgb.png", 8), "ends too early"),
        Arguments.of(
            "PNG, its last chunk cut off",
            cut("png-rgb.png", -12 + picture("png-rgb.png").length),
            "ends too early"),
        Arguments.of("PNG, a pixel changed", changed("png-rgb.png", 1000, 77), "checksum"),
        Arguments.of("PNG, rows missing", png(40, 40, 3), ""),
        Arguments.of("PNG of 0 rows", png(40, 0, 0), "40 x 0 pixels"),
        Arguments.of(
            "PNG, 20,000 pixels wide and high", png(20_000, 20_000, 1), "decompression bomb"),
        Arguments.of("PNG, 2 billion pixels wide", png(2_000_000_000, 1, 0), "decompression bomb"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damaged")
  void damagedFilesAreNamedWithTheWayToSkipThem(String what, byte[] bytes, String reason)
      throws IOException {
    putGood("a/1.png", "b/2.png");
    put("b/bad.jpg", bytes);

    assertThatThrownBy(() -> ImageSets.folder(folder, SMALL).batch(3))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageMatching(".*bad\\.jpg \\(record 2\\) is damaged: [^\\n]*")
        .hasMessageContainingAll(reason, "--skip-damaged");
    assertThat(
            ImageSets.folder(folder, SMALL.toBuilder().skipDamaged(true).build()).batch(3).labels())
        .as(what)
        .containsExactly(0, 1, ImageBatch.SKIPPED);
  }

  @Test
  void imagesOfOnePixelAndOf20000PixelsAreImages() throws IOException {
    put("a/one.png", png(1, 1, 1));
    put("b/wide.png", png(20_000, 3, 3));
    put("b/high.png", png(2, 20_000, 20_000));
    BufferedImage wide = new BufferedImage(20_000, 10, BufferedImage.TYPE_INT_RGB);
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    assertThat(ImageIO.write(wide, "jpeg", jpeg)).isTrue();
    put("b/wide.jpg", jpeg.toByteArray());

    ImageBatch batch = ImageSets.folder(folder, SMALL).batch(4);

    assertThat(batch.labels()).containsExactly(0, 1, 1, 1);
    assertThat(batch.pixels()).containsOnly(0f);
  }

  private void refused(FolderOptions options, String... parts) {
    assertThatThrownBy(() -> ImageSets.folder(folder, options))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void foldersWithoutImagesAreRefused() throws IOException {
    refused(SMALL, "holds no images");
    put("readme.txt", new byte[3]);
    refused(SMALL, "holds no images");
    putGood("loose.png");
    refused(SMALL, "it has no class folders: give their labels");
    Files.delete(folder.resolve("loose.png"));
    putGood("a/1.png");
    refused(SMALL, "holds one class");
    Files.createDirectory(folder.resolve("empty"));
    refused(SMALL, "empty holds no images", "remove the folder");
  }

  @Test
  void missingFoldersAreRefused() {
    assertThatThrownBy(() -> ImageSets.folder(folder.resolve("none"), SMALL))
        .isInstanceOf(FileAccessException.class)
        .hasMessageContaining("no such file or directory");
  }

  @Test
  void picturesOfOtherFormatsAreRefused() throws IOException {
    putGood("a/1.png", "b/2.png");
    put("b/3.webp", new byte[3]);

    refused(SMALL, "3.webp is no JPEG or PNG file", "convert it");
  }

  @Test
  void splitsAreNotClasses() throws IOException {
    putGood("train/a/1.png", "val/a/2.png");

    refused(SMALL, "train, val", "name the folder of one of them");
  }

  @Test
  void labelsThatDoNotFitAreRefused() throws IOException {
    putGood("1.png", "2.png");
    Path labels = folder.resolve("labels.txt");
    FolderOptions options = SMALL.toBuilder().labels(labels).build();

    Files.writeString(labels, "");
    refused(options, "labels.txt is empty");
    Files.writeString(labels, "0\n1\n1\n");
    refused(options, "has 3 labels, but there are 2 images");
    Files.writeString(labels, "1.png 0\n");
    refused(options, "no label for the image 2.png");
    Files.writeString(labels, "1.png 0\n2.png 1\n3.png 1\n");
    refused(options, "names 3.png, which is no image");
    Files.writeString(labels, "1.png 0\n1.png 1\n");
    refused(options, "line 2", "names 1.png again");
    Files.writeString(labels, "1.png 0\n2.png dog\n");
    refused(options, "the label 'dog'", "--classes FILE");
    Files.writeString(labels, "0\n\n1\n");
    refused(options, "line 2", "is empty");
    Files.write(labels, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    refused(options, "is no text in UTF-8");
    Files.writeString(labels, "1\n2\n");
    refused(options.toBuilder().classCount(2).build(), "1 to 2", "development kit");
    Files.writeString(labels, "0\n9\n");
    refused(options.toBuilder().classCount(9).build(), "the label 9", "are 0 to 8");
  }

  @Test
  void classesThatDoNotFitAreRefused() throws IOException {
    putGood("a/1.png", "b/2.png");
    Path classes = folder.resolve("classes.txt");
    FolderOptions options = SMALL.toBuilder().classes(classes).build();

    refused(SMALL.toBuilder().classCount(1000).build(), "has 2 class folders", "1000", "--classes");
    Files.writeString(classes, "a\n");
    refused(options, "has one line");
    Files.writeString(classes, "a\nc\n");
    refused(options, "the class folder b", "does not name");
    Files.writeString(classes, "a\nb\nb\n");
    refused(options, "several classes with the name 'b'");
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    refused(SMALL.toBuilder().crop(25).build(), "a square of 25 pixels cannot be cut");
    assertThatThrownBy(() -> SMALL.toBuilder().crop(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("crop must lie in [1, 4096], got 0");
    assertThatThrownBy(() -> SMALL.toBuilder().channels(4).build())
        .hasMessageContaining("1 or 3 channels, got 4");
    assertThatThrownBy(() -> FolderOptions.of(new FeatureShape(3, 32, 64)))
        .hasMessageContaining("cut to squares");
  }
}
