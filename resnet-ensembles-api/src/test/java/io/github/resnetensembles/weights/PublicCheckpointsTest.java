package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.network.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("data")
class PublicCheckpointsTest {
  private static Path folder = Path.of("");

  @BeforeAll
  static void findData() {
    String data = System.getenv("RESNET_ENSEMBLES_DATA");
    Assumptions.assumeTrue(data != null, "RESNET_ENSEMBLES_DATA is not set");
    folder = Path.of(Objects.requireNonNull(data), "weights");
    assertThat(folder).isDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "resnet20-12fca82f.th, resnet-20, 269722, 12fca82f",
    "resnet56-4bfd9763.th, resnet-56, 853018, 4bfd9763",
    "preresnet20.pth, preresnet-20, 269754, bf434bfa"
  })
  void residualNetworksAreInferred(String file, String name, long parameters, String sha256) {
    Weights weights = Weights.of(folder.resolve(file));
    assertThat(weights.architecture()).isEqualTo(Architecture.of(name));
    assertThat(weights.architecture().name()).isEqualTo(name);
    assertThat(weights.architecture().parameterCount()).isEqualTo(parameters);
    assertThat(weights.fileSha256().orElseThrow()).startsWith(sha256);
    assertThat(weights.source()).isEqualTo(file);
  }

  @ParameterizedTest
  @CsvSource({"am_plainnet20.pt, plain-20, 269722", "am_plainnet56.pt, plain-56, 853018"})
  void plainNetworksNeedRenameRules(String file, String name, long parameters) throws IOException {
    RenameRules rules =
        RenameRules.parse(Files.readAllLines(Path.of("..", "docs", "rename-a-martyn.txt")));
    Weights weights = Weights.from(folder.resolve(file)).rename(rules).plain(true).load();
    assertThat(weights.architecture()).isEqualTo(Architecture.of(name));
    assertThat(weights.architecture().name()).isEqualTo(name);
    assertThat(weights.architecture().parameterCount()).isEqualTo(parameters);
  }

  /** What PyTorch prints for the same entries. */
  @Test
  void valuesAreThoseOfPyTorch() {
    Weights weights = Weights.of(folder.resolve("resnet20-12fca82f.th"));
    assertThat(Objects.requireNonNull(weights.tensors().get("blocks.3.conv2.weight")).floats())
        .startsWith(0.042515658f, 0.39771757f, 0.09692074f);
  }
}
