package io.github.resnetensembles.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.network.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights go back to the program that they came from. */
class SaveAsReadTest {
  @TempDir private Path folder;

  private static NamedTensor tensor(String name, List<Integer> shape, int first) {
    int count = shape.stream().mapToInt(size -> size).reduce(1, (a, b) -> a * b);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = first + i / 1024f;
    }
    return NamedTensor.of(name, shape, values);
  }

  private Path write(Map<String, NamedTensor> tensors) throws IOException {
    Path file = folder.resolve("read.safetensors");
    Files.write(file, WeightFiles.safetensors(tensors));
    return file;
  }

  private Map<String, NamedTensor> written(Weights weights) {
    Path file = folder.resolve("written.safetensors");
    weights.saveAsRead(file);
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    SafetensorsFile.parse(FileContent.read(file).bytes())
        .tensors()
        .forEach(
            (name, entry) -> {
              StoredTensor stored = entry.tensor(name);
              tensors.put(name, stored.decode(name, stored.shape()));
            });
    return tensors;
  }

  private static void assertSame(Map<String, NamedTensor> found, Map<String, NamedTensor> due) {
    assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(due.keySet());
    due.forEach(
        (name, tensor) -> {
          NamedTensor other = Objects.requireNonNull(found.get(name), name);
          assertThat(other.shape()).as(name).isEqualTo(tensor.shape());
          assertThat(other.doubles()).as(name).isEqualTo(tensor.doubles());
        });
  }

  @Test
  void wrappedNames() throws IOException {
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    WeightFiles.torchNamed()
        .forEach(
            (name, tensor) -> {
              String wrapped = "module.backbone." + name;
              tensors.put(wrapped, NamedTensor.of(wrapped, tensor.shape(), tensor.floats()));
            });
    Map<String, NamedTensor> file = new LinkedHashMap<>(tensors);
    file.put(
        "module.backbone.bn1.num_batches_tracked",
        tensor("module.backbone.bn1.num_batches_tracked", List.of(1), 7));

    Weights weights = Weights.from(write(file)).architecture(WeightFiles.TINY).load();

    assertSame(written(weights), tensors);
    assertThat(
            Weights.from(folder.resolve("written.safetensors"))
                .architecture(WeightFiles.TINY)
                .load()
                .sha256())
        .isEqualTo(weights.sha256());
  }

  @Test
  void namesThatRulesChange() throws IOException {
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    WeightFiles.torchNamed()
        .forEach(
            (name, tensor) -> {
              String own = name.replace("conv1", "erste");
              tensors.put(own, NamedTensor.of(own, tensor.shape(), tensor.floats()));
            });

    Weights weights =
        Weights.from(write(tensors))
            .architecture(WeightFiles.TINY)
            .rename(RenameRules.parse(List.of("erste -> conv1")))
            .load();

    assertSame(written(weights), tensors);
  }

  /** What is one tensor here was three there, and a kernel here is a matrix there. */
  @Test
  void partsAndShapes() throws IOException {
    int width = 8;
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    int first = 0;
    for (Map.Entry<String, List<Integer>> entry : vitOfHuggingFace(width).entrySet()) {
      tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), first++));
    }

    Weights weights = Weights.from(write(tensors)).assume("heads", "2").load();

    assertThat(WeightFiles.tensor(weights, "blocks.1.attention.qkv.weight").shape())
        .startsWith(3 * width);
    assertSame(written(weights), tensors);
    assertSame(written(weights.withImageSize(32)), tensors);
  }

  private static Map<String, List<Integer>> vitOfHuggingFace(int width) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    shapes.put("vit.embeddings.cls_token", List.of(1, 1, width));
    shapes.put("vit.embeddings.position_embeddings", List.of(1, 17, width));
    shapes.put("vit.embeddings.patch_embeddings.projection.weight", List.of(width, 3, 8, 8));
    shapes.put("vit.embeddings.patch_embeddings.projection.bias", List.of(width));
    String layer = "vit.encoder.layer.0.";
    for (String part : List.of("query", "key", "value")) {
      shapes.put(layer + "attention.attention." + part + ".weight", List.of(width, width));
      shapes.put(layer + "attention.attention." + part + ".bias", List.of(width));
    }
    shapes.put(layer + "attention.output.dense.weight", List.of(width, width));
    shapes.put(layer + "attention.output.dense.bias", List.of(width));
    shapes.put(layer + "intermediate.dense.weight", List.of(2 * width, width));
    shapes.put(layer + "intermediate.dense.bias", List.of(2 * width));
    shapes.put(layer + "output.dense.weight", List.of(width, 2 * width));
    shapes.put(layer + "output.dense.bias", List.of(width));
    for (String norm : List.of(layer + "layernorm_before", layer + "layernorm_after")) {
      shapes.put(norm + ".weight", List.of(width));
      shapes.put(norm + ".bias", List.of(width));
    }
    shapes.put("vit.layernorm.weight", List.of(width));
    shapes.put("vit.layernorm.bias", List.of(width));
    shapes.put("classifier.weight", List.of(4, width));
    shapes.put("classifier.bias", List.of(4));
    return shapes;
  }

  @Test
  void whatWasTrainedFurtherTakesTheNamesOfWhatItWasTrainedFrom() throws IOException {
    Weights read =
        Weights.from(write(WeightFiles.torchNamed())).architecture(WeightFiles.TINY).load();
    Weights trained = Weights.initialised(WeightFiles.TINY, 77);

    Map<String, NamedTensor> found = written(trained.namedAs(read));

    assertThat(found.keySet())
        .containsExactlyInAnyOrderElementsOf(WeightFiles.torchNamed().keySet());
    assertThat(Objects.requireNonNull(found.get("conv1.weight")).floats())
        .isEqualTo(WeightFiles.tensor(trained, "stem.conv.weight").floats());
    assertThat(trained.namedAs(read).sha256()).isEqualTo(trained.sha256());
    assertThat(written(read.rounded()).keySet()).isEqualTo(found.keySet());
    Weights other = Weights.initialised(Architecture.resnet(8), 1);
    assertThatThrownBy(() -> other.namedAs(read))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("resnet-8 does not have the tensors of");
  }

  @Test
  void withoutAFileTheNamesAreTheLibrarysOwn() {
    Weights weights = Weights.initialised(WeightFiles.TINY, 1);
    assertSame(written(weights), weights.tensors());
    Path own = folder.resolve("own.safetensors");
    weights.save(own);
    assertSame(written(Weights.of(own)), weights.tensors());
    assertThat(Arrays.asList(written(weights).keySet().toArray())).startsWith("stem.conv.weight");
  }
}
