package io.github.resnetensembles.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resnetensembles.InvalidInputException;
import io.github.resnetensembles.MergeException;
import io.github.resnetensembles.ProgressListener;
import io.github.resnetensembles.images.ImageSet;
import io.github.resnetensembles.lesion.LesionReport;
import io.github.resnetensembles.model.ResidualModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreTest {
  private static final ImageSet IMAGES = TinyStudies.images();

  @TempDir Path folder;

  private ResidualModel model;
  private StudyTasks<LesionReport> study;

  @BeforeEach
  void cut() {
    model = TinyStudies.model();
    study = StudyTasks.cut(TinyStudies.study(model), IMAGES, 60);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private ResultStore store() {
    return ResultStore.open(folder);
  }

  private static LesionReport run(StudyTask<LesionReport> task) {
    return task.run(ProgressListener.none());
  }

  private Path fileOf(StudyTask<?> task) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("results"))) {
      return files.filter(file -> file.toString().contains(task.key())).findAny().orElseThrow();
    }
  }

  @Test
  void givesBackWhatItKeeps() {
    StudyTask<LesionReport> task = study.tasks().get(1);
    LesionReport result = run(task);

    store().put(task, result);

    assertThat(store().has(task)).isTrue();
    assertThat(store().find(task)).contains(result);
    assertThat(store().missing(study)).hasSize(study.tasks().size() - 1).doesNotContain(task);
    assertThat(store().find(study.tasks().get(0))).isEmpty();
  }

  @Test
  void runsOnlyWhatIsMissing() {
    LesionReport whole = TinyStudies.study(model).run(IMAGES);
    for (StudyTask<LesionReport> task : study.tasks().subList(0, 3)) {
      store().put(task, run(task));
    }
    List<Long> done = new java.util.ArrayList<>();

    LesionReport result =
        study.run(StudyExecutor.here(), store(), progress -> done.add(progress.done()));

    assertThat(StudyTasksTest.comparable(result)).isEqualTo(StudyTasksTest.comparable(whole));
    long there = study.tasks().subList(0, 3).stream().mapToLong(StudyTask::cost).sum();
    assertThat(done.get(0)).isEqualTo(there);
    assertThat(done).isSorted().endsWith(study.cost());
    assertThat(store().missing(study)).isEmpty();
  }

  /** Cut short, overwritten, emptied, extended: all of it is as if the file were not there. */
  @Test
  void whatIsDamagedIsComputedAgain() throws IOException {
    StudyTask<LesionReport> task = study.tasks().get(0);
    LesionReport result = run(task);
    store().put(task, result);
    Path file = fileOf(task);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] damaged;
      switch (i % 4) {
        case 0 -> damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
        case 1 -> {
          damaged = whole.clone();
          damaged[10 + random.nextInt(whole.length - 10)] ^= (byte) (1 + random.nextInt(255));
        }
        case 2 -> damaged = Arrays.copyOfRange(whole, 1 + random.nextInt(20), whole.length);
        default -> {
          damaged = new byte[random.nextInt(100)];
          random.nextBytes(damaged);
        }
      }
      Files.write(file, damaged);
      assertThat(store().find(task))
          .as("damage " + i)
          .isIn(java.util.Optional.empty(), java.util.Optional.of(result));
      if (i % 4 != 1) {
        assertThat(file).doesNotExist();
      }
    }
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    assertThat(study.run(StudyExecutor.here(), store(), ProgressListener.none()).complete())
        .isTrue();
  }

  @Test
  void refusesFoldersOfSomethingElse() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    assertThatThrownBy(this::store)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("holds something else");
    assertThat(folder).isDirectoryContaining(path -> path.endsWith("notes.txt"));
  }

  @Test
  void aTaskIsClaimedOnce() {
    StudyTask<LesionReport> task = study.tasks().get(0);
    try (ResultStore.Claim claim = store().claim(task).orElseThrow()) {
      assertThat(claim.taken()).isEqualTo(1);
      assertThat(store().claim(task)).isEmpty();
      assertThat(store().claim(study.tasks().get(1))).isPresent();
    }
    assertThat(store().claim(task)).isPresent();
  }

  @Test
  void nothingToMergeIsRefused() {
    assertThatThrownBy(() -> store().merge(study))
        .isInstanceOf(MergeException.class)
        .hasMessageContaining("no result");
  }
}
