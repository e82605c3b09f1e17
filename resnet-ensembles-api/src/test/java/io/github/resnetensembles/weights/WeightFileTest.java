package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidWeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFileTest {
  private static final Weights WEIGHTS = WeightFiles.TINY_WEIGHTS;

  @TempDir private Path folder;

  private static WeightFile content() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 12; i > 0; i--) {
      texts.put("key " + i, "text " + i);
    }
    return new WeightFile(
        WEIGHTS,
        texts,
        Map.of("momentum.x", NamedTensor.of("momentum.x", List.of(2), new double[] {1e-9, -3})));
  }

  @Test
  void comesBack() {
    Path file = folder.resolve("file");
    content().write(file);
    WeightFile read = WeightFile.read(file);
    assertThat(read.texts()).isEqualTo(content().texts());
    assertThat(List.copyOf(read.texts().keySet()))
        .as("in order")
        .isEqualTo(List.copyOf(content().texts().keySet()));
    assertThat(read.tensors()).containsOnlyKeys("momentum.x");
    assertThat(List.copyOf(read.tensors().values()).get(0).doubles()).containsExactly(1e-9, -3);
    assertThat(read.weights().tensors().keySet()).isEqualTo(WEIGHTS.tensors().keySet());
    assertThat(Weights.of(file).sha256()).isEqualTo(read.weights().sha256());
    assertThat(Weights.of(file).fileSha256()).isEqualTo(read.weights().fileSha256()).isPresent();
    assertThat(read.weights().sha256()).isEqualTo(WEIGHTS.sha256());
    assertThat(WEIGHTS.fileSha256()).isEmpty();
  }

  @Test
  void damageAndPlainWeightsAreRefused() throws IOException {
    Path file = folder.resolve("file");
    content().write(file);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> WeightFile.read(file))
        .isInstanceOf(InvalidWeightsException.class)
        .hasMessageEndingWith("its content does not match its checksum");
    WEIGHTS.save(file);
    assertThatThrownBy(() -> WeightFile.read(file)).isInstanceOf(InvalidWeightsException.class);
  }

  @Test
  void keysOfTheFormatAreRefused() {
    WeightFile file =
        new WeightFile(WEIGHTS, Map.of("resnet_ensembles.trained", "false"), Map.of());
    assertThatThrownBy(() -> file.write(folder.resolve("file")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'resnet_ensembles.trained'");
  }
}
