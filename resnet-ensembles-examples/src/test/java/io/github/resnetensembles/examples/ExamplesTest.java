package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.Backends;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples run; the lesion study needs the default backend. */
class ExamplesTest {
  @Test
  void lesionStudy() {
    String out = said(LesionStudyExample::run);

    assertThat(out.lines().limit(9))
        .hasSize(9)
        .allMatch(line -> line.matches("delete\\{\\d}: \\d+ of 100 wrong"));
    assertThat(out.lines().skip(9).findFirst().orElseThrow()).contains("lesion", "wrong", "total");
  }

  @Test
  void paths() {
    assertThat(said(PathsExample::run).lines())
        .startsWith("18014398509481984")
        .contains("0.75", "{52,53,54}", "70278")
        .satisfies(
            lines -> {
              assertThat(Double.parseDouble(lines.get(1))).isCloseTo(0.98017, within(5e-6));
              assertThat(Double.parseDouble(lines.get(2))).isCloseTo(0.0045367, within(5e-8));
              assertThat(Double.parseDouble(lines.get(3))).isCloseTo(0.0055, within(5e-5));
            })
        .hasSize(9);
  }

  @Test
  void gradients() {
    assertThat(said(GradientsExample::run).lines())
        .hasSize(5)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).matches("\\d to \\d");
              assertThat(Double.parseDouble(lines.get(1))).isBetween(0.0, 1.0);
              assertThat(Double.parseDouble(lines.get(2))).isBetween(0.0, 1e-3);
              assertThat(Double.parseDouble(lines.get(4))).isPositive();
            });
  }

  @Test
  void training(@TempDir Path folder) {
    assertThat(said(out -> TrainingExample.run(out, folder, 128)).lines())
        .hasSize(4)
        .anyMatch(line -> line.matches("error 0\\.\\d+"))
        .anyMatch(line -> line.matches("delete\\{3}: \\d+ wrong"));
    assertThat(folder).isNotEmptyDirectory();
  }

  @Test
  void shapley() {
    assertThat(said(ShapleyExample::run).lines())
        .hasSize(11)
        .anyMatch(line -> line.matches("block 9 is worth -?[0-9.E-]+"))
        .anyMatch(line -> line.startsWith("errors correlate: "));
  }

  @Test
  void ownNetwork() {
    assertThat(said(OwnNetworkExample::run).lines())
        .hasSize(2)
        .allMatch(line -> line.matches("delete\\{[12]}: \\d+ of 50 wrong"));
  }

  @Test
  void ownBackend() {
    assertThat(said(OwnBackendExample::run).lines())
        .hasSize(2)
        .satisfiesExactly(
            line -> assertThat(line).matches("reference: \\d+ of 20 wrong, loss .*"),
            line -> assertThat(line).matches("quantised: \\d+ of 20 wrong, loss .*"));
  }

  @Test
  void ownBackendIsFoundOnceItIsPluggedIn(@TempDir Path folder) throws IOException {
    assertThat(Backends.names()).containsExactly("djl", "reference");
    try (PluggedIn plugged = PluggedIn.of(QuantisingBackend.class, folder)) {
      assertThat(plugged).isNotNull();
      assertThat(Backends.names()).containsExactly("djl", "quantised", "reference");
      assertThat(Backends.load("quantised")).isInstanceOf(QuantisingBackend.class);
    }
  }

  private static String said(Consumer<PrintStream> example) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    example.accept(new PrintStream(out, true, UTF_8));
    return out.toString(UTF_8);
  }
}
