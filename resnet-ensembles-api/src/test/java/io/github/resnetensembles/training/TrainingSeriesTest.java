package io.github.resnetensembles.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidJsonException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.result.MergeOption;
import io.github.resnetensembles.result.Provenance;
import io.github.resnetensembles.statistics.Estimate;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingSeriesTest {
  private static final TrainingRecipe RECIPE = TrainingRecipe.quick();
  private static final Architecture NETWORK = Architecture.resnet(8);

  private static TrainingHistory training(TrainingRecipe recipe, int wrong, String device) {
    Provenance.Run run =
        Provenance.Run.builder().device(device).seconds(10.0 + recipe.seed()).build();
    return new TrainingHistory(
        recipe,
        List.of(EpochRecord.builder(1, 7).total(100).wrong(wrong).build()),
        "training images",
        "a".repeat(64),
        Provenance.builder(
                String.valueOf(recipe.seed()).repeat(64).substring(0, 64),
                NETWORK,
                "b".repeat(64),
                "test images")
            .trained(true)
            .runs(List.of(run))
            .build());
  }

  private static TrainingHistory training(long seed, int wrong) {
    return training(RECIPE.toBuilder().seed(seed).build(), wrong, "cpu");
  }

  private static TrainingSeries one(long seed, int wrong) {
    return new TrainingSeries(List.of(seed), List.of(training(seed, wrong)));
  }

  /** Student's t with two degrees of freedom at 95 % is 4.30265; the standard error 1/sqrt(3) %. */
  @Test
  void theErrorIsAMeanOverSeeds() {
    Estimate error =
        TrainingSeries.merge(List.of(one(3, 12), one(1, 10), one(2, 11))).errorRate().orElseThrow();

    assertThat(error.value()).isCloseTo(0.11, within(1e-12));
    assertThat(error.interval().low()).isCloseTo(0.11 - 0.0430265 / Math.sqrt(3), within(1e-7));
    assertThat(error.interval().high()).isCloseTo(0.11 + 0.0430265 / Math.sqrt(3), within(1e-7));
    assertThat(one(1, 10).errorRate()).isEmpty();
    assertThat(TrainingSeries.merge(List.of(one(3, 12), one(1, 12))).errorRate().orElseThrow())
        .satisfies(same -> assertThat(same.interval().width()).isZero());
  }

  @Test
  void mergingIsAUnion() {
    TrainingSeries two =
        new TrainingSeries(List.of(1L, 2L, 5L), List.of(training(1, 10), training(5, 14)));
    TrainingSeries merged = TrainingSeries.merge(List.of(one(3, 12), two, one(5, 14), two));

    assertThat(merged)
        .isEqualTo(TrainingSeries.merge(List.of(two, one(3, 12))))
        .isEqualTo(
            new TrainingSeries(
                List.of(1L, 2L, 3L, 5L),
                List.of(training(1, 10), training(3, 12), training(5, 14))));
    assertThat(two.missing()).containsExactly("seed 2");
    assertThat(merged.complete()).isFalse();
    assertThat(TrainingSeries.merge(List.of(merged, one(2, 9))).complete()).isTrue();
    assertThat(merged.provenance().runs()).hasSize(3);
    assertThat(merged.provenance().weightsSha256()).isEqualTo("1".repeat(64));
    assertThat(merged.provenance().mixed()).isFalse();
    assertThat(merged.toCsv().lines())
        .hasSize(4)
        .first()
        .asString()
        .startsWith("seed,weightsSha256,epoch,steps,learningRate,");
  }

  @Test
  void trainingsOfDifferentMachinesAreMixedOnRequest() {
    TrainingSeries gpu =
        new TrainingSeries(
            List.of(2L), List.of(training(RECIPE.toBuilder().seed(2).build(), 11, "cuda:0")));

    assertThatThrownBy(() -> TrainingSeries.merge(List.of(one(1, 10), gpu)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("kind of device");
    assertThat(
            TrainingSeries.merge(List.of(one(1, 10), gpu), MergeOption.MIXED).provenance().mixed())
        .isTrue();
  }

  @Test
  void trainingsThatDoNotBelongTogetherAreRefused() {
    assertThatThrownBy(() -> TrainingSeries.merge(List.of()))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("nothing to merge");
    assertThatThrownBy(() -> TrainingSeries.merge(List.of(one(1, 10), one(1, 11))))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("the trainings with the seed 1 disagree");
    TrainingHistory longer = training(RECIPE.toBuilder().epochs(9).seed(2).build(), 1, "cpu");
    assertThatThrownBy(() -> new TrainingSeries(List.of(1L, 2L), List.of(training(1, 10), longer)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("recipe");
    TrainingHistory other = training(2, 10);
    TrainingHistory otherImages =
        new TrainingHistory(
            other.recipe(), other.epochs(), "other", "c".repeat(64), other.provenance());
    assertThatThrownBy(
            () -> new TrainingSeries(List.of(1L, 2L), List.of(training(1, 10), otherImages)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("training images");
    TrainingHistory otherTest =
        new TrainingHistory(
            other.recipe(),
            other.epochs(),
            other.trainingSet(),
            other.trainingSha256(),
            other.provenance().toBuilder().dataSha256("d".repeat(64)).build());
    assertThatThrownBy(
            () -> new TrainingSeries(List.of(1L, 2L), List.of(training(1, 10), otherTest)))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("data");
    assertThatThrownBy(() -> new TrainingSeries(List.of(1L), List.of(training(2, 10))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("there are trainings with the seeds [2], but only [1] were asked for");
    assertThatThrownBy(
            () -> new TrainingSeries(List.of(1L, 2L), List.of(training(2, 10), training(1, 10))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("the seeds of a series of trainings ascend, got 1 after 2");
    String twice = one(1, 10).toJson().replace("\"seeds\":[1]", "\"seeds\":[1,1]");
    assertThatThrownBy(() -> TrainingSeries.fromJson(twice))
        .isInstanceOf(InvalidJsonException.class)
        .hasMessageContaining("got 1 after 1");
  }
}
