package io.github.resnetensembles.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
