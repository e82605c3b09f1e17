package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.network.BatchNormMode;
import io.github.resnetensembles.spi.Activation;
import io.github.resnetensembles.spi.Cotangents;
import io.github.resnetensembles.spi.TrainingNetwork;
import io.github.resnetensembles.spi.TrainingNetwork.HeadPass;
import io.github.resnetensembles.spi.TrainingNetwork.StemPass;
import io.github.resnetensembles.spi.TrainingNetwork.StepPass;
import io.github.resnetensembles.spi.TrainingOptions;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.testkit.TinyNetworks;
import io.github.resnetensembles.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gradient of chosen path lengths, against a walk over every path by itself. */
class TrainedLengthsTest {
  private static final int IMAGES = 4;

  @ParameterizedTest
  @CsvSource({"0, 4", "1, 2", "0, 0", "2, 3", "3, 100", "4, 4"})
  void gradientIsTheSumOverThePathsOfTheseLengths(int from, int to) {
    for (Architecture architecture : TinyNetworks.all()) {
      Weights weights = new RandomWeights(architecture, 3);
      TrainedLengths lengths = new TrainedLengths(from, to);
      try (TrainingNetwork network = open(weights);
          TrainingNetwork walked = open(weights)) {
        TrainingBatches.Batch batch = batch(architecture);
        TrainingRecipe recipe = TrainingRecipe.paper().toBuilder().lengths(lengths).build();
        List<TrainedBlock> wiring =
            WiringDraws.draw(TrainingWiring.allBlocks(), architecture, 0, 0, IMAGES);
        TrainingStep.Outcome outcome =
            TrainingStep.run(network, batch, wiring, new double[0][], recipe);
        assertThat(outcome.loss()).isPositive();
        walkEveryPath(walked, batch, wiring, lengths);
        Map<String, double[]> expected = walked.gradients();
        network
            .gradients()
            .forEach(
                (name, values) ->
                    assertThat(values)
                        .as("%s of %s", name, architecture.name())
                        .containsExactly(Objects.requireNonNull(expected.get(name)), within(1e-9)));
      }
    }
  }

  private static TrainingNetwork open(Weights weights) {
    return new ReferenceBackend()
        .training(weights, new TrainingOptions(ModelOptions.defaults(), BatchNormMode.TRAIN, 0.1));
  }

  private static TrainingBatches.Batch batch(Architecture architecture) {
    Random random = new Random(8);
    float[] pixels = new float[IMAGES * architecture.input().paddedShape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    int[] labels = new int[IMAGES];
    for (int n = 0; n < IMAGES; n++) {
      labels[n] = random.nextInt(architecture.head().classes());
    }
    return new TrainingBatches.Batch(pixels, labels);
  }

  private static void walkEveryPath(
      TrainingNetwork network,
      TrainingBatches.Batch batch,
      List<TrainedBlock> wiring,
      TrainedLengths lengths) {
    List<StepPass> passes = new ArrayList<>();
    try (StemPass stem = network.stem(batch.pixels(), IMAGES)) {
      Activation y = stem.output();
      for (TrainedBlock block : wiring) {
        passes.add(network.step(block.number(), block.skipGains(), block.branchGains(), y));
        y = passes.get(passes.size() - 1).output();
      }
      try (HeadPass head = network.head(y, batch.labels(), 0)) {
        walk(stem, passes, passes.size(), head.backward(), 0, lengths);
      }
    }
  }

  /** One cotangent at the output of a block, which came over so many branches. */
  private static void walk(
      StemPass stem,
      List<StepPass> passes,
      int block,
      Activation cotangent,
      int branches,
      TrainedLengths lengths) {
    if (block == 0) {
      if (lengths.contains(branches)) {
        stem.backward(cotangent);
      }
      return;
    }
    StepPass pass = passes.get(block - 1);
    Cotangents skip = Cotangents.ofSkip(cotangent, 1);
    Cotangents branch = Cotangents.ofBranch(cotangent, 1);
    if (lengths.contains(branches)) {
      pass.addParameterGradient(skip);
    }
    if (lengths.contains(branches + 1)) {
      pass.addParameterGradient(branch);
    }
    List<Activation> next = pass.pullBack(List.of(skip, branch));
    walk(stem, passes, block - 1, next.get(0), branches, lengths);
    walk(stem, passes, block - 1, next.get(1), branches + 1, lengths);
  }
}
