package io.github.resnetensembles.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Precision;
import io.github.resnetensembles.internal.io.JsonNode;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.network.BlockSpec;
import io.github.resnetensembles.network.HeadSpec;
import io.github.resnetensembles.network.InputSpec;
import io.github.resnetensembles.network.Layer;
import io.github.resnetensembles.network.ParameterSpec;
import io.github.resnetensembles.network.StemSpec;
import io.github.resnetensembles.spi.Optimizer;
import io.github.resnetensembles.spi.OptimizerState;
import io.github.resnetensembles.spi.ParameterUpdate;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.weights.NamedTensor;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Twelve steps of torch.optim.AdamW in float64: golden/adamw.py wrote golden/adamw.json. */
class AdamWGoldenTest {
  private static final int IMAGES = 4;
  private static final double TOLERANCE = 1e-11;

  @Test
  void twelveStepsAreThoseOfPyTorch() throws IOException {
    JsonNode golden = golden();
    Architecture network = transformer();
    TrainingOptions options =
        new TrainingOptions(
            ModelOptions.defaults().withPrecision(Precision.FLOAT64), BatchNormMode.TRAIN, 0.1);
    float[] pixels = new float[IMAGES * network.input().paddedShape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = ((i * 37) % 64 - 32) / 32f;
    }
    TrainingRecipe recipe = TrainingRecipe.transformer();
    try (TrainingNetwork trained = new ReferenceBackend().training(weights(network), options)) {
      Map<String, double[]> start = trained.tensors();
      for (int step = 0; step < 12; step++) {
        TrainingStep.Outcome outcome =
            TrainingStep.run(
                trained,
                new TrainingBatches.Batch(pixels, new int[] {0, 1, 2, 1}),
                WiringDraws.draw(TrainingWiring.allBlocks(), network, 0, step, IMAGES),
                new double[0][],
                recipe);
        assertThat(outcome.loss())
            .as("loss of step %d", step + 1)
            .isCloseTo(golden.get("losses").list().get(step).number(), within(TOLERANCE));
        trained.apply(
            new ParameterUpdate(
                new Optimizer.AdamW(0.8, 0.95, 1e-4, 0.1), step < 6 ? 0.01 : 0.002, 0.5, Set.of()));
      }
      OptimizerState state = trained.optimizerState();
      assertThat(state.updates()).containsExactly(12L, 12L, 12L);
      JsonNode after = golden.get("after");
      assertThat(after.names()).isEqualTo(start.keySet());
      trained
          .tensors()
          .forEach(
              (name, values) -> {
                JsonNode expected = after.get(name);
                double[] change = values.clone();
                double[] before = Objects.requireNonNull(start.get(name));
                Arrays.setAll(change, i -> change[i] - before[i]);
                double[] m = Objects.requireNonNull(state.momenta().get(name));
                double[] v = Objects.requireNonNull(state.squares().get(name));
                close(name, Arrays.stream(values).sum(), expected.get("sum"));
                close("change of " + name, norm(change), expected.get("changeNorm"));
                close("moment of " + name, norm(m), expected.get("moment"));
                close("square of " + name, Arrays.stream(v).sum(), expected.get("square"));
              });
    }
  }

  private static void close(String what, double value, JsonNode expected) {
    assertThat(value).as(what).isCloseTo(expected.number(), within(TOLERANCE));
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  private static Architecture transformer() {
    return Architecture.builder("adamw-golden")
        .input(new InputSpec(3, 4, 4, 0, nCopies(0.5), nCopies(0.5)))
        .stem(
            new StemSpec(
                List.of(
                    new Layer.Convolution("patches", 4, 2, 2, 0, 1, 1, true),
                    new Layer.Tokens(),
                    new Layer.ClassToken("class"),
                    new Layer.PositionEmbedding("position"))))
        .blocks(
            List.of(
                block(
                    new Layer.LayerNorm("norm", 1e-6),
                    new Layer.SelfAttention("attention", 2, true)),
                block(
                    new Layer.LayerNorm("norm", 1e-6),
                    new Layer.Convolution("fc1", 6, 1, 1, 0, 1, 1, true),
                    new Layer.ActivationFunction(Layer.Function.GELU),
                    new Layer.Convolution("fc2", 4, 1, 1, 0, 1, 1, true),
                    new Layer.LayerScale("scale"))))
        .head(
            new HeadSpec(
                List.of(
                    new Layer.LayerNorm("norm", 1e-6),
                    new Layer.TokenSelection(0, 1),
                    new Layer.Flatten(),
                    new Layer.Linear("linear", 3)),
                3))
        .build();
  }

  private static List<Double> nCopies(double value) {
    return Collections.nCopies(3, value);
  }

  private static BlockSpec block(Layer... branch) {
    return new BlockSpec.Layered(List.of(), List.of(branch), List.of(), List.of(), false, 1);
  }

  private static Weights weights(Architecture network) {
    List<NamedTensor> tensors = new ArrayList<>();
    for (ParameterSpec parameter : network.parameters()) {
      double[] values = new double[Math.toIntExact(parameter.count())];
      double offset = parameter.role() == ParameterSpec.Role.NORM_WEIGHT ? 1 : 0;
      int number = tensors.size();
      Arrays.setAll(values, i -> 0.3 * Math.sin(1 + 7 * number + 0.9 * i) + offset);
      tensors.add(NamedTensor.of(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(network, tensors, false, "a formula");
  }

  private static JsonNode golden() throws IOException {
    try (InputStream in = AdamWGoldenTest.class.getResourceAsStream("/golden/adamw.json")) {
      return JsonNode.parse(
          new String(Objects.requireNonNull(in).readAllBytes(), UTF_8), "adamw.json");
    }
  }
}
