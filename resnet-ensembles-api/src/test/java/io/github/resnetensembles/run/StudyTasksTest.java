package io.github.resnetensembles.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.InvalidLesionException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.RunOptions;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.images.RecordRange;
import io.github.resnetensembles.images.ReferenceSet;
import io.github.resnetensembles.lesion.Lesion;
import io.github.resnetensembles.lesion.LesionPlan;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.lesion.LesionStudy;
import io.github.resnetensembles.model.ResidualModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudyTasksTest {
  private static final ImageSet IMAGES = TinyStudies.images();

  private static List<LesionReport> results(StudyTasks<LesionReport> study) {
    List<LesionReport> results = new ArrayList<>();
    study.tasks().forEach(task -> results.add(task.run(ProgressListener.none())));
    Collections.shuffle(results, new Random(3));
    return results;
  }

  static JsonObject comparable(LesionReport report) {
    JsonObject json = JsonParser.parseString(report.toJson()).getAsJsonObject();
    json.remove("provenance");
    return json;
  }

  /** From one task for all to one for each row and batch. */
  @ParameterizedTest
  @ValueSource(longs = {1, 10, 25, 60, 100, 1_000_000})
  void allTasksTogetherAreTheStudy(long maxCost) {
    try (ResidualModel model = TinyStudies.model()) {
      LesionStudy study = TinyStudies.study(model);
      LesionReport whole = study.run(IMAGES);
      StudyTasks<LesionReport> tasks = StudyTasks.cut(study, IMAGES, maxCost);

      List<LesionReport> results = results(tasks);
      LesionReport merged = tasks.merge(results);

      assertThat(comparable(merged).toString()).isEqualTo(comparable(whole).toString());
      assertThat(merged.complete()).isTrue();
      assertThat(tasks.wholeCost()).isEqualTo(whole.cost().blockEvaluations());
      assertThat(
              results.stream()
                  .flatMap(result -> result.provenance().runs().stream())
                  .mapToLong(run -> run.blockEvaluations())
                  .sum())
          .isEqualTo(tasks.cost());
      Set<String> keys = new HashSet<>();
      tasks.tasks().forEach(task -> keys.add(task.key()));
      assertThat(keys).hasSize(tasks.tasks().size());
      assertThat(tasks.tasks()).allMatch(task -> task.study().equals(tasks.key()));
    }
  }

  @Test
  void recordsAreCutFirstAndCostNothing() {
    try (ResidualModel model = TinyStudies.model()) {
      LesionStudy study = TinyStudies.study(model);
      long batch = study.cost(IMAGES.range(0, 4)).blockEvaluations();

      StudyTasks<LesionReport> tasks = StudyTasks.cut(study, IMAGES, 2 * batch + 1);

      assertThat(tasks.tasks()).hasSize(4);
      assertThat(tasks.tasks()).allMatch(task -> task.cost() <= 2 * batch);
      assertThat(tasks.overhead()).isZero();
    }
  }

  @Test
  void rowsAreCutWhereABatchIsTooMuch() {
    try (ResidualModel model = TinyStudies.model()) {
      LesionStudy study = TinyStudies.study(model);
      long batch = study.cost(IMAGES.range(0, 4)).blockEvaluations();

      StudyTasks<LesionReport> tasks = StudyTasks.cut(study, IMAGES, batch - 1);

      assertThat(tasks.tasks().size()).isGreaterThan(8);
      assertThat(tasks.tasks()).allMatch(task -> task.cost() < batch);
      assertThat(tasks.overhead()).isPositive();
    }
  }

  @Test
  void someTasksAreNotTheStudyAndItSaysWhatIsMissing() {
    try (ResidualModel model = TinyStudies.model()) {
      StudyTasks<LesionReport> tasks = StudyTasks.cut(TinyStudies.study(model), IMAGES, 50);
      List<LesionReport> some = results(tasks);
      some.remove(0);

      LesionReport merged = tasks.merge(some);

      assertThat(merged.complete()).isFalse();
      assertThat(merged.missing()).isNotEmpty();
      assertThat(some).noneMatch(LesionReport::complete);
    }
  }

  @Test
  void keysTellStudiesApart() {
    Set<String> keys = new HashSet<>();
    try (ResidualModel model = TinyStudies.model();
        ResidualModel other = TinyStudies.model(6)) {
      LesionStudy study = TinyStudies.study(model);
      keys.add(StudyTasks.cut(study, IMAGES, 100).key());
      keys.add(StudyTasks.cut(TinyStudies.study(other), IMAGES, 100).key());
      keys.add(StudyTasks.cut(study.seed(1), IMAGES, 100).key());
      keys.add(StudyTasks.cut(study, IMAGES.range(0, 29), 100).key());
      keys.add(StudyTasks.cut(study, IMAGES.subset(0, 1, 2), 100).key());
      keys.add(
          StudyTasks.cut(study.options(RunOptions.defaults().withBatchSize(5)), IMAGES, 100).key());
      keys.add(StudyTasks.cut(study.metric("one", (logits, label) -> 1), IMAGES, 100).key());
      keys.add(
          StudyTasks.cut(TinyStudies.study(model.withLesion(Lesion.delete(1))), IMAGES, 100).key());

      assertThat(keys).hasSize(8);
      assertThat(keys).allMatch(key -> key.matches("[0-9a-f]{64}"));
      assertThat(keys).contains(StudyTasks.cut(TinyStudies.study(model), IMAGES, 7).key());
    }
  }

  /** Means and donors come from the whole set, whatever a task looks at. */
  @ParameterizedTest
  @ValueSource(longs = {20, 200, 1_000_000})
  void replacedBranchesAreTheSameInPieces(long maxCost) {
    try (ResidualModel model = TinyStudies.model()) {
      LesionStudy study =
          model
              .lesions()
              .plan(
                  LesionPlan.of(
                      Lesion.mean(ReferenceSet.of(IMAGES), 1),
                      Lesion.resample(ReferenceSet.of(IMAGES), 7, 2),
                      Lesion.delete(3)))
              .options(RunOptions.defaults().withBatchSize(4));
      LesionReport whole = study.run(IMAGES);

      StudyTasks<LesionReport> tasks = StudyTasks.cut(study, IMAGES, maxCost);

      assertThat(comparable(tasks.merge(results(tasks))).toString())
          .isEqualTo(comparable(whole).toString());
    }
  }

  /** A share of a plan is cut like a plan, and stays a share. */
  @Test
  void aShardMayBeCut() {
    try (ResidualModel model = TinyStudies.model()) {
      LesionStudy shard = TinyStudies.study(model).shard(2, 3);
      LesionReport whole = shard.run(IMAGES);
      LesionReport merged =
          StudyTasks.cut(shard, IMAGES, 30).merge(results(StudyTasks.cut(shard, IMAGES, 30)));
      assertThat(comparable(merged).toString()).isEqualTo(comparable(whole).toString());
      assertThat(merged.complete()).isTrue();
      assertThat(merged.plan().orElseThrow().shard()).contains("2/3");
    }
  }

  @Test
  void whatCannotBeCutIsRefused() {
    try (ResidualModel model = TinyStudies.model()) {
      LesionStudy study = TinyStudies.study(model);
      assertThatThrownBy(() -> StudyTasks.cut(study, IMAGES, 0))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("at least 1 block evaluation, got 0");
      assertThatThrownBy(() -> StudyTasks.cut(study.records(new RecordRange(0, 8)), IMAGES, 100))
          .isInstanceOf(InvalidLesionException.class)
          .hasMessageContaining("[0, 8) already");
    }
  }
}
