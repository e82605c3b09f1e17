package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resnetensembles.FormatsTest;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.testkit.TinyNetworks;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints keep their bytes, as {@link FormatsTest} says of other files. */
class CheckpointFormatTest {
  @TempDir Path folder;

  @Test
  void textsAndNamesAreThoseOfTheGoldenFile() throws IOException {
    Weights weights = Weights.initialised(TinyNetworks.postActivation(), 1);
    Map<String, double[]> momenta = new LinkedHashMap<>();
    weights.tensors().forEach((name, tensor) -> momenta.put(name, tensor.doubles()));
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("recipe", TrainingRecipe.quick().toJson());
    identity.put("network", "tiny");
    Place place =
        new Place(
            7,
            1.5,
            3,
            12,
            List.of(
                EpochRecord.builder(1, 5)
                    .learningRate(0.1)
                    .trainingLoss(2.25)
                    .trainingErrorRate(0.75)
                    .total(10)
                    .wrong(6)
                    .loss(OptionalDouble.of(1.5))
                    .build()));
    Path file = folder.resolve("checkpoint");
    OptimizerState sgd = new OptimizerState(momenta, Map.of(), List.of());
    new Checkpoint(weights, sgd, place, identity).write(file);
    FormatsTest.check("checkpoint.txt", FormatsTest.header(file));
    Checkpoint read = Checkpoint.read(file);
    assertThat(read.place()).isEqualTo(place);
    assertThat(read.identity()).isEqualTo(identity);
    assertThat(read.optimizer().squares()).isEmpty();
    assertThat(read.optimizer().updates()).isEmpty();

    Map<String, double[]> squares = new LinkedHashMap<>();
    momenta.forEach(
        (name, values) -> squares.put(name, Arrays.stream(values).map(m -> m * m).toArray()));
    OptimizerState adamW = new OptimizerState(momenta, squares, List.of(7L, 7L, 6L, 5L));
    new Checkpoint(weights, adamW, place, identity).write(file);
    FormatsTest.check("checkpoint-adamw.txt", FormatsTest.header(file));
    OptimizerState again = Checkpoint.read(file).optimizer();
    assertThat(again.updates()).isEqualTo(adamW.updates());
    assertThat(again.squares().keySet()).isEqualTo(squares.keySet());
    again.squares().forEach((name, values) -> assertThat(values).isEqualTo(squares.get(name)));
  }

  @Test
  void trainingWritesTheFilesAndTopicsOfTheGoldenFile() throws IOException {
    TrainingRecipe recipe = TrainingTest.RECIPE.toBuilder().epochs(1).build();
    TrainingResult unused =
        Training.of(TinyNetworks.postActivation())
            .recipe(recipe)
            .backend(new ReferenceBackend())
            .out(folder)
            .run(TrainingTest.IMAGES, TrainingTest.TEST_IMAGES);
    try (Stream<Path> files = Files.list(folder)) {
      String names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !name.startsWith("."))
              .sorted()
              .collect(Collectors.joining("\n"));
      String topics =
          Pattern.compile("\"(resnet_ensembles\\.[a-z_.0-9]+)\"")
              .matcher(FormatsTest.header(folder.resolve("best.safetensors")))
              .results()
              .map(match -> match.group(1))
              .collect(Collectors.joining("\n"));
      FormatsTest.check("checkpoint-topics.txt", names + "\n\n" + topics + "\n");
    }
  }
}
