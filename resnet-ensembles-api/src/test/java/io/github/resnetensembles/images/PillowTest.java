package io.github.resnetensembles.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures beside what Pillow 12.3 made of them; {@code pictures.py} beside them made both. */
final class PillowTest {
  private static final Path PICTURES = Path.of("src/test/resources/images");

  /** As in the program: resize (0: not), crop, interpolation, channels. */
  private static Stream<Preprocessing> settings() {
    return Stream.of(
        setting(24, 16, Interpolation.BILINEAR, 3),
        setting(24, 16, Interpolation.BILINEAR, 1),
        setting(24, 17, Interpolation.BICUBIC, 3),
        setting(24, 17, Interpolation.BICUBIC, 1),
        setting(50, 45, Interpolation.BICUBIC, 3),
        setting(20, 32, Interpolation.BILINEAR, 3),
        setting(0, 25, Interpolation.BICUBIC, 3));
  }

  private static Preprocessing setting(
      int resize, int crop, Interpolation interpolation, int channels) {
    return new Preprocessing(
        resize == 0 ? OptionalInt.empty() : OptionalInt.of(resize), crop, interpolation, channels);
  }

  static Stream<String> pictures() throws IOException {
    try (Stream<Path> files = Files.list(PICTURES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".png") || name.endsWith(".jpg"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void pixelsAreThoseOfPillow(String name) throws IOException {
    Raster8 image = ImageDecoder.decode(Files.readAllBytes(PICTURES.resolve(name)));

    try (DataInputStream golden =
        new DataInputStream(
            new GZIPInputStream(Files.newInputStream(PICTURES.resolve(name + ".golden.gz"))))) {
      assertThat(image.width()).isEqualTo(golden.readInt());
      assertThat(image.height()).isEqualTo(golden.readInt());
      byte[] whole = golden.readNBytes(3 * image.width() * image.height());
      assertThat(rgb(image)).as("decoded").isEqualTo(whole);
      for (Preprocessing setting : settings().toList()) {
        byte[] expected = golden.readNBytes(setting.shape().size());
        assertThat(setting.apply(image)).as(setting.toString()).isEqualTo(expected);
      }
      assertThat(golden.read()).isEqualTo(-1);
    }
  }

  private static byte[] rgb(Raster8 image) {
    byte[] rgb = new byte[3 * image.width() * image.height()];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = image.samples()[image.channels() == 1 ? i / 3 : i];
    }
    return rgb;
  }
}
