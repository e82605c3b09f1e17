package io.github.resnetensembles.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.FileAccessException;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.Progress;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.network.Architecture;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.training.Training;
import io.github.resnetensembles.training.TrainingHistory;
import io.github.resnetensembles.training.TrainingListener;
import io.github.resnetensembles.training.TrainingRecipe;
import io.github.resnetensembles.training.TrainingResult;
import io.github.resnetensembles.training.TrainingSeries;
import io.github.resnetensembles.training.TrainingWiring;
import io.github.resnetensembles.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTasksTest {
  private static final Architecture NETWORK = TinyStudies.NETWORK;
  private static final ImageSet ALL = TinyStudies.images();
  private static final ImageSet IMAGES = ALL.range(0, 18);
  private static final ImageSet TEST_IMAGES = ALL.range(18, 12);

  /** Three epochs of three steps, the wirings of which are drawn. */
  private static final TrainingRecipe RECIPE =
      TrainingRecipe.quick().toBuilder()
          .epochs(3)
          .batchSize(7)
          .wiring(TrainingWiring.stochasticDepth(0.5))
          .build();

  @TempDir Path folder;

  /** Remembers what it was told, and ends the training or interrupts it at a step. */
  private static final class Steps implements TrainingListener {
    private final List<Long> steps = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final Runnable atFive;

    Steps(Runnable atFive) {
      this.atFive = atFive;
    }

    @Override
    public void onStep(Step step) {
      steps.add(step.step());
      if (step.step() == 5) {
        atFive.run();
      }
    }

    @Override
    public void onNotice(String message) {
      notices.add(message);
    }
  }

  private static Training training() {
    return Training.of(NETWORK)
        .recipe(RECIPE)
        .backend(new ReferenceBackend())
        .options(ModelOptions.defaults().withThreads(1));
  }

  private StudyTasks<TrainingSeries> study(Training training, long... seeds) {
    return StudyTasks.trainings(training, IMAGES, TEST_IMAGES, folder.resolve("networks"), seeds);
  }

  private ResultStore store() {
    return ResultStore.open(folder.resolve("store"));
  }

  private TrainingSeries run(StudyTasks<TrainingSeries> study) {
    return study.run(StudyExecutor.here(), store(), ProgressListener.none());
  }

  private Path weights(StudyTask<TrainingSeries> task) {
    return folder.resolve("networks").resolve(task.key()).resolve("weights.safetensors");
  }

  /** As if nothing had been cut, killed or kept. */
  private static TrainingResult undisturbed(long seed) {
    return training().recipe(RECIPE.toBuilder().seed(seed).build()).run(IMAGES, TEST_IMAGES);
  }

  private static void assertSame(TrainingHistory training, TrainingResult whole) {
    assertThat(training)
        .usingRecursiveComparison()
        .ignoringFields("provenance.runs")
        .isEqualTo(whole.history());
    assertThat(training.provenance().weightsSha256()).isEqualTo(whole.weights().sha256());
  }

  @Test
  void eachSeedIsTheTrainingOnItsOwn() {
    StudyTasks<TrainingSeries> study = study(training(), 4, -1, 2);

    TrainingSeries series = run(study);

    assertThat(series.seeds()).containsExactly(-1L, 2L, 4L);
    assertThat(series.complete()).isTrue();
    assertThat(series.trainings()).hasSize(3);
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      TrainingResult whole = undisturbed(series.seeds().get(i));
      assertSame(series.trainings().get(i), whole);
      assertThat(Weights.of(weights(study.tasks().get(i))).sha256())
          .isEqualTo(whole.weights().sha256());
      sum += whole.last().errorRate();
    }
    assertThat(series.errorRate().orElseThrow().value()).isCloseTo(sum / 3, within(1e-12));
    assertThat(series.provenance().runs()).hasSize(3);
    assertThat(TrainingSeries.fromJson(series.toJson())).isEqualTo(series);
  }

  /** Nothing is written at the fifth step: all that is there is from the end of the epoch. */
  @Test
  void killedInTheMiddleItGoesOnToTheSameBits() {
    Steps killed =
        new Steps(
            () -> {
              throw new UnsupportedOperationException("killed");
            });
    StudyTask<TrainingSeries> task = study(training().listener(killed), 7).tasks().get(0);
    assertThatThrownBy(() -> task.run(ProgressListener.none())).hasMessage("killed");
    assertThat(killed.steps).containsExactly(1L, 2L, 3L, 4L, 5L);

    Steps again = new Steps(() -> {});
    TrainingSeries series = run(study(training().listener(again), 7));

    assertThat(again.steps).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(again.notices).singleElement().asString().startsWith("resuming after step 3 from");
    assertSame(series.trainings().get(0), undisturbed(7));
    assertThat(Weights.of(weights(task)).sha256()).isEqualTo(undisturbed(7).weights().sha256());
    assertThat(series.errorRate()).isEmpty();
  }

  @Test
  void interruptedItKeepsTheStepsThatWereMade() {
    Steps stopped = new Steps(Thread.currentThread()::interrupt);
    assertThatThrownBy(() -> run(study(training().listener(stopped), 7, 8)))
        .isInstanceOf(RunInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();

    Steps again = new Steps(() -> {});
    TrainingSeries series = run(study(training().listener(again), 7, 8));

    assertThat(again.steps).startsWith(6L, 7L, 8L, 9L, 1L).hasSize(4 + 9);
    assertSame(series.trainings().get(0), undisturbed(7));
    assertSame(series.trainings().get(1), undisturbed(8));
  }

  @Test
  void killedBeforeItsResultWasKeptATrainingIsNotMadeAgain() {
    StudyTask<TrainingSeries> task = study(training(), 7).tasks().get(0);
    TrainingSeries once = task.run(ProgressListener.none());
    Steps again = new Steps(() -> {});

    TrainingSeries series = run(study(training().listener(again), 7));

    assertThat(again.steps).isEmpty();
    assertThat(series.trainings().get(0).epochs()).isEqualTo(once.trainings().get(0).epochs());
    assertSame(series.trainings().get(0), undisturbed(7));
  }

  @Test
  void aSeriesGrows() {
    TrainingSeries first = run(study(training(), 1, 3));
    Steps more = new Steps(() -> {});

    TrainingSeries series = run(study(training().listener(more), 1, 2, 3));

    assertThat(more.steps).hasSize(9);
    assertThat(series.seeds()).containsExactly(1L, 2L, 3L);
    assertThat(series.trainings().get(0)).isEqualTo(first.trainings().get(0));
    assertThat(series.trainings().get(2)).isEqualTo(first.trainings().get(1));
    assertSame(series.trainings().get(1), undisturbed(2));
  }

  @Test
  void someTrainingsSayWhichAreMissing() {
    TrainingSeries unused = run(study(training(), 2));

    TrainingSeries some = store().merge(study(training(), 1, 2, 3));

    assertThat(some.complete()).isFalse();
    assertThat(some.missing()).containsExactly("seed 1", "seed 3");
    assertThat(some.trainings()).hasSize(1);
  }

  @Test
  void progressAndCostAreToldInBlockEvaluations() {
    StudyTasks<TrainingSeries> study =
        study(
            training().recipe(RECIPE.toBuilder().wiring(TrainingWiring.allBlocks()).build()), 1, 2);
    long each = Math.round(3 * (StudyTasks.TRAINING * 3 * 18 + 3 * 12));
    assertThat(study.tasks()).extracting(StudyTask::cost).containsExactly(each, each);
    assertThat(study.wholeCost()).isEqualTo(2 * each);
    List<Progress> told = new ArrayList<>();

    TrainingSeries unused = study.run(StudyExecutor.here(), store(), told::add);

    assertThat(told).extracting(Progress::done).isSorted();
    assertThat(told).extracting(Progress::total).containsOnly(2 * each);
    assertThat(told.get(told.size() - 1).done()).isEqualTo(2 * each);
    assertThat(told).hasSizeGreaterThan(2 * 9);
    // Stochastic depth trains the blocks with the probabilities 5/6, 4/6 and 3/6.
    assertThat(study(training(), 1).wholeCost())
        .isEqualTo(Math.round(3 * (StudyTasks.TRAINING * 2 * 18 + 3 * 12)));
  }

  private static String key(Training training, ImageSet images, ImageSet test, long seed) {
    return StudyTasks.trainings(training, images, test, Path.of("unused"), seed)
        .tasks()
        .get(0)
        .key();
  }

  @Test
  void keysTellTrainingsApart() {
    Training training = training();
    Set<String> keys = new HashSet<>();
    keys.add(key(training, IMAGES, TEST_IMAGES, 1));
    keys.add(key(training, IMAGES, TEST_IMAGES, 2));
    keys.add(key(training, IMAGES.range(0, 17), TEST_IMAGES, 1));
    keys.add(key(training, TEST_IMAGES, TEST_IMAGES, 1));
    keys.add(key(training, IMAGES, TEST_IMAGES.range(0, 11), 1));
    keys.add(key(training, IMAGES, IMAGES, 1));
    keys.add(key(training.recipe(RECIPE.toBuilder().epochs(4).build()), IMAGES, TEST_IMAGES, 1));
    for (long start : new long[] {5, 6}) {
      Training further =
          Training.of(new RandomWeights(NETWORK, start))
              .recipe(RECIPE)
              .backend(new ReferenceBackend());
      keys.add(key(further, IMAGES, TEST_IMAGES, 1));
    }
    Training other =
        Training.of(NETWORK.toBuilder().name("other").build())
            .recipe(RECIPE)
            .backend(new ReferenceBackend());
    keys.add(key(other, IMAGES, TEST_IMAGES, 1));
    assertThat(keys).hasSize(10);

    keys.add(study(training.recipe(RECIPE.toBuilder().seed(9).build()), 3, 1).tasks().get(0).key());
    keys.add(key(training.listener(new Steps(() -> {})), IMAGES, TEST_IMAGES, 1));
    assertThat(keys).hasSize(10);
    assertThat(study(training, 1, 2).key()).isEqualTo(study(training, 3).key());
  }

  @Test
  void whatCannotBeTrainedIsRefused() throws IOException {
    assertThatThrownBy(() -> study(training()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("there is nothing to train: give at least one seed");
    assertThatThrownBy(() -> study(training(), 1, 2, 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the seed 1 was given twice");
    ImageSet wide = ImageSets.of(new FeatureShape(3, 8, 9), new byte[432], new int[2], 3);
    assertThatThrownBy(() -> key(training(), wide, TEST_IMAGES, 1))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("have the shape");
    assertThatThrownBy(() -> key(training(), IMAGES, wide, 1))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("have the shape");
    assertThatThrownBy(() -> key(training(), IMAGES.limit(1), TEST_IMAGES, 1))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("training needs at least 2 images");
    TrainingRecipe tooMany =
        RECIPE.toBuilder().wiring(TrainingWiring.exactly(NETWORK.size() + 1)).build();
    assertThatThrownBy(() -> key(training().recipe(tooMany), IMAGES, TEST_IMAGES, 1))
        .isInstanceOf(InvalidInputException.class);

    Files.writeString(folder.resolve("networks"), "a file");
    assertThatThrownBy(() -> run(study(training(), 1))).isInstanceOf(FileAccessException.class);
  }
}
