package io.github.resnetensembles.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of 20,000 files no more stays in memory than of a few: names and labels. */
@Tag("slow")
final class ManyImagesTest {
  private static final Path PICTURES = Path.of("src/test/resources/images");
  private static final int IMAGES = 20_000;

  /** All files decoded and cut to 32x32 are 61 MB, and even undecoded they are more than this. */
  private static final String HEAP = "-Xmx40m";

  /** For each image: a buffer is larger, and results take some bits. */
  private static final int KEPT_BYTES = 150;

  private static final int BYTES_ON_THE_WAY = 900;

  @TempDir private Path folder;

  private void writeFiles() throws IOException {
    List<byte[]> pictures =
        List.of(
            Files.readAllBytes(PICTURES.resolve("jpeg-420.jpg")),
            Files.readAllBytes(PICTURES.resolve("png-rgb.png")));
    for (byte[] picture : pictures) {
      assertThat(ImageIO.read(new ByteArrayInputStream(picture)).getWidth()).isLessThan(200);
      assertThat(picture.length).isGreaterThan(2000);
    }
    for (int i = 0; i < IMAGES; i++) {
      Path file =
          folder.resolve("class%s/picture%s.%s".formatted(i % 10, i, i % 2 == 0 ? "jpg" : "png"));
      if (i < 10) {
        Files.createDirectories(file.getParent());
      }
      Files.write(file, pictures.get(i % 2));
    }
  }

  @Test
  void memoryIsFlat() throws IOException, InterruptedException {
    writeFiles();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:ActiveProcessorCount=2",
                "-cp",
                System.getProperty("java.class.path"),
                ManyImagesProgram.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    long[] used =
        Arrays.stream(said.split("\\s+"))
            .filter(word -> !word.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    assertThat(used).as(said).hasSizeGreaterThan(10);
    long before = used[0];
    long after = used[used.length - 1];
    assertThat(after - before).as(said).isLessThan((long) KEPT_BYTES * IMAGES);
    // What is read ahead and what is evaluated is in use on the way.
    long most = Arrays.stream(used).max().orElseThrow();
    assertThat(most - before).as(said).isLessThan((long) BYTES_ON_THE_WAY * IMAGES);
  }
}
