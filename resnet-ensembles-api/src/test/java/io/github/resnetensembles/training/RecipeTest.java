package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.lesion.Exclusion;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.spi.Optimizer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipeTest {
  static Stream<TrainingRecipe> recipes() {
    return Stream.of(
        TrainingRecipe.paper(),
        TrainingRecipe.stochasticDepthPaper(),
        TrainingRecipe.quick(),
        TrainingRecipe.cifarFast(),
        TrainingRecipe.transformer(),
        TrainingRecipe.paper().toBuilder()
            .optimizer(new Optimizer.AdamW(0.5, 0.25, 0.1, 0))
            .build(),
        TrainingRecipe.paper().toBuilder()
            .learningRate(LearningRate.cosine(0.3).withWarmUp(2.5))
            .optimizer(Optimizer.sgd(0.5, 1e-4))
            .clipNorm(2)
            .labelSmoothing(0.1)
            .lengths(new TrainedLengths(5, 17))
            .wiring(TrainingWiring.exactly(23).withAlways(Exclusion.of(1, 19, 37)))
            .droppedBlocks(TrainingRecipe.DroppedBlocks.REST)
            .seed(Long.MIN_VALUE)
            .build());
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void goesThroughJson(TrainingRecipe recipe) {
    assertThat(TrainingRecipe.fromJson(recipe.toJson())).isEqualTo(recipe);
    assertThat(recipe.toBuilder().build()).isEqualTo(recipe);
  }

  /** Recipes were written before there was another optimizer. */
  @Test
  void whatNamesNoOptimizerIsSgd() {
    String json = TrainingRecipe.quick().toJson();
    assertThat(json)
        .contains("\"momentum\":0.9,\"nesterov\":true,\"weightDecay\":1.0E-4")
        .doesNotContain("optimizer");
    String named = json.replace("\"momentum\"", "\"optimizer\":\"sgd\",\"momentum\"");
    assertThat(TrainingRecipe.fromJson(named)).isEqualTo(TrainingRecipe.quick());
    assertThat(TrainingRecipe.transformer().toJson())
        .contains(
            "\"optimizer\":\"adamw\",\"beta1\":0.9,\"beta2\":0.999,\"epsilon\":1.0E-8,\"weightDecay\":0.05")
        .doesNotContain("momentum\":0.9");
    assertThatThrownBy(() -> TrainingRecipe.fromJson(named.replace("\"sgd\"", "\"adam\"")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("optimizer must be one of adamw, sgd, got 'adam'");
    String without = TrainingRecipe.transformer().toJson().replace("\"beta2\":0.999,", "");
    assertThatThrownBy(() -> TrainingRecipe.fromJson(without))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("has no field 'beta2'");
  }

  @Test
  void networksWithLayerNormAreUsuallyTrainedWithAdamW() {
    for (String name : new String[] {"vit-ti-16-224", "convnext-atto"}) {
      Architecture network = Architecture.of(name);
      assertThat(TrainingRecipe.usual(network)).as(name).isEqualTo(TrainingRecipe.transformer());
      assertThat(TrainingSettings.of(network).recipe())
          .as(name)
          .isEqualTo(TrainingRecipe.transformer());
    }
    for (String name : new String[] {"resnet-20", "vgg-16", "efficientnet-b0"}) {
      assertThat(TrainingRecipe.usual(Architecture.of(name)))
          .as(name)
          .isEqualTo(TrainingRecipe.quick());
    }
  }

  @Test
  void damagedJsonSaysWhere() {
    String json = TrainingRecipe.paper().toJson();
    assertThatThrownBy(
            () -> TrainingRecipe.fromJson(json.replace("\"piecewise\"", "\"staircase\"")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("learningRate.kind");
    assertThatThrownBy(
            () -> TrainingRecipe.fromJson(json.replace("\"epochs\":164", "\"epochs\":0")))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("epochs must be 1 to");
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    TrainingRecipe.Builder builder = TrainingRecipe.paper().toBuilder();
    assertThatThrownBy(() -> builder.optimizer(Optimizer.sgd(1, 0)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("momentum must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> Optimizer.sgd(0.9, -1e-4))
        .hasMessageContaining("weight decay must be finite and at least 0, got -1.0E-4");
    assertThatThrownBy(() -> new Optimizer.AdamW(1, 0.9, 1e-8, 0))
        .hasMessageContaining("beta1 must be in [0, 1), got 1.0");
    assertThatThrownBy(() -> new Optimizer.AdamW(0.9, Double.NaN, 1e-8, 0))
        .hasMessageContaining("beta2 must be in [0, 1), got NaN");
    assertThatThrownBy(() -> new Optimizer.AdamW(0.9, 0.9, 0, 0))
        .hasMessageContaining("epsilon must be positive and finite, got 0.0");
    assertThatThrownBy(() -> builder.batchSize(1)).hasMessageContaining("2 to 65536, got 1");
    assertThatThrownBy(() -> builder.clipNorm(0)).hasMessageContaining("positive");
    assertThatThrownBy(() -> LearningRate.constant(-1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> TrainingWiring.stochasticDepth(0)).hasMessageContaining("(0, 1]");
  }

  @Test
  void thePapersRecipe() {
    TrainingRecipe paper = TrainingRecipe.paper();
    assertThat(paper.epochs()).isEqualTo(164);
    assertThat(paper.batchSize()).isEqualTo(128);
    assertThat(paper.optimizer()).isEqualTo(Optimizer.nesterov(0.9, 1e-4));
    int[] epochs = {1, 80, 81, 121, 122, 164};
    double[] rates = {0.1, 0.1, 0.01, 0.01, 0.001, 0.001};
    for (int i = 0; i < epochs.length; i++) {
      long first = (epochs[i] - 1) * 391L;
      assertThat(paper.learningRate().at(first, 391, 164)).isEqualTo(rates[i]);
      assertThat(paper.learningRate().at(first + 390, 391, 164)).isEqualTo(rates[i]);
    }
  }

  /** torch.optim.lr_scheduler.CosineAnnealingLR(T_max=10), base rate 0.1. */
  @ParameterizedTest
  @CsvSource({"0, 0.1", "1, 0.0975528258147577", "5, 0.05", "9, 0.002447174185242323"})
  void cosine(int step, double expected) {
    assertThat(LearningRate.cosine(0.1).at(step, 5, 2)).isCloseTo(expected, within(1e-15));
  }

  /** torch.optim.lr_scheduler.OneCycleLR(max_lr=0.1, total_steps=10): the turn is at step 2. */
  @ParameterizedTest
  @CsvSource({"0, 0.004", "1, 0.052", "2, 0.1", "3, 0.09504846320134737", "9, 4.0e-7"})
  void oneCycle(int step, double expected) {
    assertThat(LearningRate.oneCycle(0.1).at(step, 5, 2)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void warmUpRisesLinearly() {
    LearningRate rate = LearningRate.constant(0.1).withWarmUp(0.5);
    assertThat(rate.at(0, 20, 3)).isEqualTo(0.1 * 0.1);
    assertThat(rate.at(4, 20, 3)).isEqualTo(0.1 * 0.5);
    assertThat(rate.at(9, 20, 3)).isEqualTo(0.1);
    assertThat(rate.at(30, 20, 3)).isEqualTo(0.1);
  }

  @Test
  void shortCyclesStayFinite() {
    for (int steps = 1; steps < 8; steps++) {
      for (int step = 0; step < steps; step++) {
        assertThat(LearningRate.oneCycle(0.1).at(step, steps, 1)).isBetween(0.0, 0.1);
      }
    }
  }
}
