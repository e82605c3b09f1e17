package io.github.resnetensembles.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.FeatureShape;
import io.github.resnetensembles.InvalidImagesException;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ModelOptions;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunInterruptedException;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.ImageSets;
import io.github.resnetensembles.internal.reference.ReferenceBackend;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.Recalibration;
import io.github.resnetensembles.testkit.RandomWeights;
import io.github.resnetensembles.training.RecalibrationCost;
import io.github.resnetensembles.training.RecalibrationStudy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecalibrationTasksTest {
  private static final ImageSet ALL = TinyStudies.images();
  private static final ImageSet IMAGES = ALL.range(0, 18);
  private static final ImageSet CALIBRATION = ALL.range(18, 11);
  private static final LesionPlan PLAN = LesionPlan.deleteSubsets().build(TinyStudies.NETWORK);

  @TempDir Path folder;

  private static RecalibrationStudy study(long seed) {
    return RecalibrationStudy.of(new RandomWeights(TinyStudies.NETWORK, seed))
        .backend(new ReferenceBackend())
        .options(ModelOptions.defaults().withThreads(1))
        .options(RunOptions.defaults().withBatchSize(4))
        .calibration(CALIBRATION)
        .batchSize(5)
        .plan(PLAN);
  }

  private static RecalibrationStudy study() {
    return study(5);
  }

  private static List<Recalibration> results(StudyTasks<Recalibration> study) {
    List<Recalibration> results = new ArrayList<>();
    study.tasks().forEach(task -> results.add(task.run(ProgressListener.none())));
    Collections.shuffle(results, new Random(3));
    return results;
  }

  private static String comparable(Recalibration result) {
    JsonObject json = JsonParser.parseString(result.toJson()).getAsJsonObject();
    json.remove("provenance");
    return json.toString();
  }

  /** From one task for all to one for each lesion. */
  @ParameterizedTest
  @ValueSource(longs = {1, 250, 400, 1_000_000})
  void allTasksTogetherAreTheStudy(long maxCost) {
    Recalibration whole = study().run(IMAGES);
    StudyTasks<Recalibration> tasks = StudyTasks.cut(study(), IMAGES, maxCost);

    Recalibration merged = tasks.merge(results(tasks));

    assertThat(comparable(merged)).isEqualTo(comparable(whole));
    assertThat(merged.report().complete()).isTrue();
    assertThat(tasks.tasks()).allMatch(task -> task.study().equals(tasks.key()));
    Set<String> keys = new HashSet<>();
    tasks.tasks().forEach(task -> keys.add(task.key()));
    assertThat(keys).hasSize(tasks.tasks().size());
  }

  /** Of three blocks: 6 branches with shared prefixes, 9 without, 11 images in batches of 5. */
  @Test
  void costsAreCounted() {
    RecalibrationStudy each = study().only(LesionPlan.deleteEach().build(TinyStudies.NETWORK));
    assertThat(each.cost(IMAGES)).isEqualTo(new RecalibrationCost(18 * (6 + 9), 10 * 6));
    StudyTasks<Recalibration> tasks = StudyTasks.cut(each, IMAGES, 1_000_000);
    assertThat(tasks.wholeCost()).isEqualTo(18 * 15 + Math.round(1.3 * 60));
    assertThat(tasks.cost()).isEqualTo(tasks.wholeCost());
    // A lesion of one block has the intact network beside it: 5, 4 and 3 branches shared.
    StudyTasks<Recalibration> single = StudyTasks.cut(each, IMAGES, 1);
    assertThat(single.tasks())
        .extracting(StudyTask::cost)
        .containsExactlyInAnyOrder(18L * (5 + 5) + 65, 18L * (4 + 5) + 52, 18L * (3 + 5) + 39);
  }

  @Test
  void piecesAreAsLargeAsTheyMayBe() {
    long maxCost = 450;
    StudyTasks<Recalibration> tasks = StudyTasks.cut(study(), IMAGES, maxCost);

    assertThat(tasks.tasks()).hasSizeBetween(2, PLAN.rows().size() - 1);
    assertThat(tasks.tasks()).allMatch(task -> task.cost() <= maxCost);
    assertThat(tasks.overhead()).isPositive();
    assertThat(StudyTasks.cut(study(), IMAGES, 1).tasks()).hasSize(PLAN.rows().size());
    assertThat(StudyTasks.cut(study(), IMAGES, tasks.wholeCost()).tasks()).hasSize(1);
    assertThat(StudyTasks.cut(study(), IMAGES, tasks.wholeCost() - 1).tasks()).hasSize(2);
  }

  @Test
  void keysTellStudiesApart() {
    RecalibrationStudy study = study();
    Set<String> keys = new HashSet<>();
    keys.add(StudyTasks.cut(study, IMAGES, 100).key());
    keys.add(StudyTasks.cut(study(6), IMAGES, 100).key());
    keys.add(StudyTasks.cut(study.only(PLAN.shard(1, 2)), IMAGES, 100).key());
    keys.add(StudyTasks.cut(study, IMAGES.range(0, 17), 100).key());
    keys.add(StudyTasks.cut(study.calibration(ALL.range(17, 11)), IMAGES, 100).key());
    keys.add(StudyTasks.cut(study.calibration(IMAGES), IMAGES, 100).key());
    keys.add(StudyTasks.cut(study.batchSize(4), IMAGES, 100).key());
    keys.add(
        StudyTasks.cut(study.options(RunOptions.defaults().withBatchSize(5)), IMAGES, 100).key());
    assertThat(keys).hasSize(8);

    keys.add(StudyTasks.cut(study(), IMAGES, 7).key());
    assertThat(keys).hasSize(8);
    assertThat(StudyTasks.cut(study, IMAGES, 1_000_000).tasks().get(0).key())
        .isNotEqualTo(StudyTasks.cut(study.batchSize(4), IMAGES, 1_000_000).tasks().get(0).key());
  }

  @Test
  void aShareOfAPlanStaysOne() {
    RecalibrationStudy shard = study().only(PLAN.shard(2, 3));
    Recalibration whole = shard.run(IMAGES);
    StudyTasks<Recalibration> tasks = StudyTasks.cut(shard, IMAGES, 1);

    Recalibration merged = tasks.merge(results(tasks));

    assertThat(comparable(merged)).isEqualTo(comparable(whole));
    assertThat(merged.report().plan().orElseThrow().shard()).contains("2/3");
  }

  @Test
  void someTasksAreNotTheStudyAndItSaysWhatIsMissing() {
    StudyTasks<Recalibration> tasks = StudyTasks.cut(study(), IMAGES, 250);
    List<Recalibration> some = results(tasks);
    some.remove(0);

    Recalibration merged = tasks.merge(some);

    assertThat(merged.report().complete()).isFalse();
    assertThat(merged.report().missing()).isNotEmpty();
    assertThat(some).noneMatch(result -> result.report().complete());
  }

  @Test
  void interruptedItGoesOnWithWhatIsMissing() {
    StudyTasks<Recalibration> tasks = StudyTasks.cut(study(), IMAGES, 250);
    ResultStore store = ResultStore.open(folder);
    assertThatThrownBy(
            () ->
                tasks.run(
                    StudyExecutor.here(),
                    store,
                    progress -> {
                      if (progress.images() == 2) {
                        Thread.currentThread().interrupt();
                      }
                    }))
        .isInstanceOf(RunInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(store.missing(tasks)).hasSize(tasks.tasks().size() - 2);

    AtomicInteger run = new AtomicInteger();
    Recalibration merged =
        StudyTasks.cut(study(), IMAGES, 250)
            .run(
                StudyExecutor.here(),
                ResultStore.open(folder),
                progress -> run.set(progress.images()));

    assertThat(run).hasValue(tasks.tasks().size());
    assertThat(comparable(merged)).isEqualTo(comparable(study().run(IMAGES)));
    assertThat(merged.provenance().runs()).hasSize(tasks.tasks().size());
  }

  @Test
  void whatCannotBeCutIsRefused() {
    assertThatThrownBy(() -> StudyTasks.cut(study(), IMAGES, 0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("at least 1 block evaluation, got 0");
    assertThatThrownBy(
            () ->
                StudyTasks.cut(
                    RecalibrationStudy.of(new RandomWeights(TinyStudies.NETWORK, 5)), IMAGES, 9))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("set calibration(images) first");
    assertThatThrownBy(() -> StudyTasks.cut(study().lesions(Lesion.duplicate(3)), IMAGES, 9))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessageContaining("runs block 3 more than once");
    assertThatThrownBy(() -> StudyTasks.cut(study().only(PLAN.part(List.of())), IMAGES, 9))
        .isInstanceOf(InvalidLesionException.class)
        .hasMessage("the plan is empty: it needs at least one lesion");
    assertThatThrownBy(() -> StudyTasks.cut(study().calibration(ALL.limit(1)), IMAGES, 9))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("at least 2 images");
    ImageSet wide = ImageSets.of(new FeatureShape(3, 8, 9), new byte[432], new int[2], 3);
    assertThatThrownBy(() -> StudyTasks.cut(study(), wide, 9))
        .isInstanceOf(InvalidImagesException.class)
        .hasMessageContaining("have the shape");
  }
}
